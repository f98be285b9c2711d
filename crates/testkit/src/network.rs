//! A network in memory, with the faults of a real one, repeatable from a seed.

mod carry;
mod random;
mod signal;
mod trace;

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep;

use self::signal::Signal;
use crate::wire::{MemoryStream, memory_pair};

pub use random::Random;
pub use trace::Trace;

/// The name of a machine.
pub type Host = &'static str;

/// Machines that can be connected, and what goes wrong between them.
///
/// For a runtime of one thread with the paused clock: there, with the same seed and the same calls,
/// every byte arrives at the same moment each time, as the [`trace`](Self::trace) shows. Clones are the
/// same network.
///
/// Connections behave as TCP does: what is sent arrives in order, later or never; a lost packet is a
/// delay, and a partition is silence, until the connection is given up or reset.
///
/// ```
/// use std::time::Duration;
/// use event_streamer_testkit::Network;
/// use tokio::io::{AsyncReadExt, AsyncWriteExt};
///
/// # async fn example() {
/// let network = Network::new(7);
/// let mut incoming = network.listen("service");
/// network.partition("client", "service");
/// let later = network.clone();
/// tokio::spawn(async move {
///     tokio::time::sleep(Duration::from_secs(60)).await;
///     later.heal("client", "service");
/// });
///
/// let mut ours = network.dial("client", "service").await.unwrap();
/// ours.write_all(b"hello").await.unwrap();
/// drop(ours);
/// let mut theirs = incoming.accept().await.unwrap();
/// let mut said = String::new();
/// theirs.read_to_string(&mut said).await.unwrap();
/// assert_eq!(said, "hello");
/// assert!(network.trace().elapsed() >= Duration::from_secs(60));
/// # }
/// # tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build()
/// #     .unwrap().block_on(example());
/// ```
#[derive(Clone, Debug)]
pub struct Network {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    trace: Trace,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    seed: u64,
    listeners: BTreeMap<Host, mpsc::UnboundedSender<MemoryStream>>,
    paths: BTreeMap<(Host, Host), Path>,
    /// Attempts to connect, by their direction.
    dials: BTreeMap<(Host, Host), u64>,
}

/// What lies between two machines, both ways.
#[derive(Clone, Debug)]
struct Path {
    /// 1 while nothing passes.
    partitioned: Arc<Signal>,
    /// Counts the times that every connection was reset.
    resets: Arc<Signal>,
    /// The longest latency.
    latency: Duration,
}

/// Latencies begin here.
const SHORTEST: Duration = Duration::from_micros(200);

/// The longest latency of a good path.
const USUAL: Duration = Duration::from_millis(5);

impl Network {
    /// A network without machines. Everything that is left to chance follows from the seed.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let state = State {
            seed,
            listeners: BTreeMap::new(),
            paths: BTreeMap::new(),
            dials: BTreeMap::new(),
        };
        Self {
            shared: Arc::new(Shared {
                trace: Trace::new(),
                state: Mutex::new(state),
            }),
        }
    }

    /// What happened so far.
    #[must_use]
    pub fn trace(&self) -> &Trace {
        &self.shared.trace
    }

    /// Has a machine take connections, until the listener is dropped or the machine crashes.
    #[must_use]
    pub fn listen(&self, host: Host) -> Incoming {
        let (sender, receiver) = mpsc::unbounded_channel();
        self.state().listeners.insert(host, sender);
        Incoming(receiver)
    }

    /// Opens a connection from one machine to another. While there is no way there is no answer.
    ///
    /// # Errors
    ///
    /// [`ConnectionRefused`](io::ErrorKind::ConnectionRefused) if nobody listens there.
    pub async fn dial(&self, from: Host, to: Host) -> io::Result<MemoryStream> {
        let (number, mut chance) = self.next_dial(from, to);
        let name = format!("{from} -> {to} {number}");
        self.pass(from, to, &mut chance).await;
        let refused = || {
            self.trace().note(format!("{name}: refused"));
            io::Error::from(io::ErrorKind::ConnectionRefused)
        };
        let listener = self
            .state()
            .listeners
            .get(to)
            .cloned()
            .ok_or_else(refused)?;
        let (near, near_end) = memory_pair();
        let (far, far_end) = memory_pair();
        listener.send(far).map_err(|_| refused())?;
        self.trace().note(format!("{name}: connected"));
        let resets = self.path(from, to).resets;
        tokio::spawn(carry::carry(
            self.clone(),
            carry::Connection {
                name,
                from,
                to,
                near: near_end,
                far: far_end,
                resets_before: resets.value(),
                resets,
                chance,
            },
        ));
        Ok(near)
    }

    /// From now on nothing passes between two machines.
    pub fn partition(&self, a: Host, b: Host) {
        self.trace().note(format!("partition of {a} and {b}"));
        self.path(a, b).partitioned.set(1);
    }

    /// What waited passes now, and what comes.
    pub fn heal(&self, a: Host, b: Host) {
        self.trace().note(format!("{a} and {b} reach each other"));
        self.path(a, b).partitioned.set(0);
    }

    /// Resets every connection between two machines. What is on its way is lost.
    pub fn reset(&self, a: Host, b: Host) {
        self.trace().note(format!("resets between {a} and {b}"));
        let resets = self.path(a, b).resets;
        resets.set(resets.value() + 1);
    }

    /// Sets the longest latency between two machines; `None`: the usual few milliseconds.
    pub fn slow(&self, a: Host, b: Host, latency: Option<Duration>) {
        self.trace()
            .note(format!("latency between {a} and {b}: {latency:?}"));
        let latency = latency.unwrap_or(USUAL);
        self.path(a, b);
        if let Some(path) = self.state().paths.get_mut(&pair(a, b)) {
            path.latency = latency;
        }
    }

    /// A machine is gone: nobody listens there, and its connections are reset.
    pub fn crash(&self, host: Host) {
        self.trace().note(format!("crash of {host}"));
        let mut state = self.state();
        state.listeners.remove(host);
        for ((a, b), path) in &state.paths {
            if *a == host || *b == host {
                path.resets.set(path.resets.value() + 1);
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        let state = self.shared.state.lock();
        state.unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, a: Host, b: Host) -> Path {
        let mut state = self.state();
        let path = state.paths.entry(pair(a, b)).or_insert_with(|| Path {
            partitioned: Arc::default(),
            resets: Arc::default(),
            latency: USUAL,
        });
        path.clone()
    }

    /// The number of an attempt to connect, and the chance that is its own: whatever else happens at
    /// the same moment, in whichever order, makes no difference to it.
    fn next_dial(&self, from: Host, to: Host) -> (u64, Random) {
        let mut state = self.state();
        let number = state.dials.entry((from, to)).or_default();
        *number += 1;
        let number = *number;
        let names = from.bytes().chain([0]).chain(to.bytes());
        // FNV-1a: a number for two names.
        let direction = names.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        (
            number,
            Random::new(state.seed ^ direction.wrapping_add(number)),
        )
    }

    /// Waits as long as something takes from one machine to another.
    async fn pass(&self, from: Host, to: Host, chance: &mut Random) {
        let path = self.path(from, to);
        sleep(chance.between(SHORTEST, path.latency)).await;
        path.partitioned
            .wait_until(|partitioned| partitioned == 0)
            .await;
    }
}

fn pair(a: Host, b: Host) -> (Host, Host) {
    if a < b { (a, b) } else { (b, a) }
}

/// The connections that a machine is given.
#[derive(Debug)]
pub struct Incoming(mpsc::UnboundedReceiver<MemoryStream>);

impl Incoming {
    /// The next connection; `None` when the machine has crashed.
    pub async fn accept(&mut self) -> Option<MemoryStream> {
        self.0.recv().await
    }
}

#[cfg(test)]
mod tests;
