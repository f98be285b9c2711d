//! Being asked to stop: Ctrl-C, or SIGTERM from whoever supervises the process.

use tokio::sync::watch;

use crate::exit::Failure;

/// Turns to "asked" once and stays there.
#[derive(Clone)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Listens from now on. A second signal ends the process at once.
    ///
    /// # Errors
    /// When the operating system does not let signals be listened to.
    pub(crate) fn listen() -> Result<Self, Failure> {
        let (asked, stop) = watch::channel(false);
        let mut signals = Signals::new()
            .map_err(|error| Failure::because("cannot listen for signals", &error))?;
        tokio::spawn(async move {
            signals.next().await;
            let _ = asked.send(true);
            signals.next().await;
            #[allow(
                clippy::exit,
                reason = "asked twice: whatever is hanging must not hold the terminal"
            )]
            std::process::exit(130);
        });
        Ok(Self(stop))
    }

    /// Waits until asked.
    pub(crate) async fn asked(&mut self) {
        // The sender lives as long as the process.
        if self.0.wait_for(|asked| *asked).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Being asked to read the settings again: SIGHUP, where there is such a thing.
pub(crate) struct Hangups(#[cfg(unix)] tokio::signal::unix::Signal);

impl Hangups {
    /// Listens from now on.
    ///
    /// # Errors
    /// When the operating system does not let signals be listened to.
    #[cfg(unix)]
    pub(crate) fn listen() -> Result<Self, Failure> {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::hangup())
            .map(Self)
            .map_err(|error| Failure::because("cannot listen for signals", &error))
    }

    /// As above: never asked.
    ///
    /// # Errors
    /// None.
    #[cfg(not(unix))]
    pub(crate) fn listen() -> Result<Self, Failure> {
        Ok(Self())
    }

    /// Waits until asked. Several signals in a row may be one.
    pub(crate) async fn next(&mut self) {
        #[cfg(unix)]
        if self.0.recv().await.is_some() {
            return;
        }
        std::future::pending::<()>().await;
    }
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
