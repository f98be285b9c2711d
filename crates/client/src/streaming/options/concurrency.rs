//! How many events are handled at a time, and which of them in order.

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use event_streamer_stream::DecodedEvent;

/// The most lanes.
const MAX_LANES: usize = 1_024;

/// How many calls of handlers run at a time. Default: one, everything in the order of the chain.
///
/// With more, the events of each batch are dealt out to so many *lanes* by a key, the contract's
/// address unless another is set: events of one key are handled in order, one at a time, and a handler
/// is given those of its lane. The position still moves only over what is handled without a gap, and a
/// rollback waits for everything before it.
///
/// ```
/// use event_streamer_client::{Concurrency, StreamingOptions};
///
/// // Ordered by the sender of a transfer, eight at a time.
/// let by_sender = Concurrency::lanes(8).with_key(|event| event.field::<String>("from").ok().flatten());
/// let options = StreamingOptions::default().with_concurrency(by_sender);
/// # drop(options);
/// ```
#[derive(Clone)]
pub struct Concurrency {
    lanes: usize,
    key: Arc<dyn Fn(&DecodedEvent) -> u64 + Send + Sync>,
}

impl Concurrency {
    /// So many lanes, 1 to 1,024, by contract.
    #[must_use]
    pub fn lanes(lanes: usize) -> Self {
        Self {
            lanes: lanes.clamp(1, MAX_LANES),
            key: Arc::new(|event| hash(&event.address())),
        }
    }

    /// Sets by what events are kept in order.
    #[must_use]
    pub fn with_key<K: Hash>(
        mut self,
        key: impl Fn(&DecodedEvent) -> K + Send + Sync + 'static,
    ) -> Self {
        self.key = Arc::new(move |event| hash(&key(event)));
        self
    }

    /// How many lanes there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.lanes
    }

    /// The lane of an event.
    pub(crate) fn lane_of(&self, event: &DecodedEvent) -> usize {
        let lanes = self.lanes as u64;
        // Less than the number of lanes.
        ((self.key)(event) % lanes) as usize
    }
}

fn hash(key: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

impl Default for Concurrency {
    fn default() -> Self {
        Self::lanes(1)
    }
}

impl fmt::Debug for Concurrency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Concurrency")
            .field("lanes", &self.lanes)
            .finish_non_exhaustive()
    }
}
