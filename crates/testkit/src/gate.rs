//! A point in time that a test decides: what a sleep would only guess.

use tokio::sync::watch;

/// Closed at first; opened once, for all who wait, for good. Clones are the same gate.
///
/// ```
/// # use event_streamer_testkit::Gate;
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let gate = Gate::new();
/// let waiting = tokio::spawn({ let gate = gate.clone(); async move { gate.wait().await } });
/// assert!(!gate.is_open());
/// gate.open();
/// waiting.await.unwrap();
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Gate {
    state: watch::Sender<bool>,
}

impl Gate {
    /// A closed gate.
    #[must_use]
    pub fn new() -> Self {
        Self {
            state: watch::Sender::new(false),
        }
    }

    /// Opens the gate.
    pub fn open(&self) {
        self.state.send_replace(true);
    }

    /// Whether the gate is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self.state.borrow()
    }

    /// Waits until the gate is open.
    pub async fn wait(&self) {
        let mut state = self.state.subscribe();
        state
            .wait_for(|open| *open)
            .await
            .expect("the gate itself holds the sender");
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self::new()
    }
}
