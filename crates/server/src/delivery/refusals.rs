//! What is to be sent once more on a connection: batches that were refused, and kept ones that are
//! replayed.

use std::sync::Mutex;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use crate::sync::lock;

/// Kept batches that may wait to be replayed on one connection.
const MAX_REPLAYS: usize = 1_000;

/// Something to send again, and when. At most one for each unacknowledged batch.
#[derive(Debug, Default)]
pub(crate) struct Refusals {
    waiting: Mutex<Vec<Due>>,
    changed: Notify,
}

/// One of them.
#[derive(Clone, Debug)]
pub(crate) struct Due {
    pub(crate) at: Instant,
    pub(crate) what: Again,
}

/// What is sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Again {
    /// A batch of this connection.
    Batch {
        sequence: u64,
        refusals: u32,
        /// What the consumer said the last time.
        reason: Option<String>,
        /// It was refused as often as it may be, and is not sent but kept.
        is_dead: bool,
    },
    /// A kept batch.
    Letter(u64),
}

impl Refusals {
    pub(crate) fn push(&self, at: Instant, what: Again) {
        lock(&self.waiting).push(Due { at, what });
        self.changed.notify_one();
    }

    /// The same for a kept batch, at once. False if too many wait.
    pub(crate) fn replay(&self, letter: u64) -> bool {
        let mut waiting = lock(&self.waiting);
        let again = Again::Letter(letter);
        let replays = |it: &&Due| matches!(it.what, Again::Letter(_));
        if waiting.iter().filter(replays).count() >= MAX_REPLAYS {
            return false;
        }
        if !waiting.iter().any(|it| it.what == again) {
            let at = Instant::now();
            waiting.push(Due { at, what: again });
            self.changed.notify_one();
        }
        true
    }

    /// Nothing waits to be sent again.
    pub(crate) fn is_empty(&self) -> bool {
        lock(&self.waiting).is_empty()
    }

    /// Takes out the first one that is due; waits for it. Cancel safe.
    pub(crate) async fn due(&self) -> Again {
        loop {
            let first = {
                let mut waiting = lock(&self.waiting);
                let times = waiting.iter().enumerate();
                let first = times
                    .min_by_key(|(_, it)| it.at)
                    .map(|(index, it)| (index, it.at));
                match first {
                    Some((index, at)) if at <= Instant::now() => {
                        return waiting.remove(index).what;
                    }
                    first => first.map(|(_, at)| at),
                }
            };
            let time = async {
                match first {
                    Some(at) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                () = self.changed.notified() => {}
                () = time => {}
            }
        }
    }
}
