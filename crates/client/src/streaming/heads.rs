//! How far behind the chain the stream is, as far as the service tells.

use std::time::Duration;

use event_streamer_models::Timestamp;
use event_streamer_stream::{Batch, DecodedEvent};

/// What is known of the head and of the way to it.
#[derive(Debug, Default)]
pub(crate) struct Heads {
    /// The head of the chain.
    head: Option<u64>,
    /// The last block that is read to its end, and the head that this was told with.
    read_to: Option<u64>,
    /// The last batch that was handled. Its events are looked into when somebody asks.
    handled: Option<Batch>,
    caught_up: bool,
}

/// How far behind the stream is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lag {
    pub(crate) head_block: Option<u64>,
    pub(crate) blocks: Option<u64>,
    pub(crate) time: Option<Duration>,
}

impl Heads {
    /// The service tells its head, and up to which block everything was sent.
    pub(crate) fn heard(&mut self, head: Option<u64>, read_to: Option<u64>) {
        self.head = head.or(self.head);
        self.read_to = read_to.or(self.read_to);
        if !self.at_head() {
            self.caught_up = false;
        }
    }

    /// A batch is handled; answers the one before.
    pub(crate) fn handled(&mut self, batch: Batch) -> Option<Batch> {
        self.handled.replace(batch)
    }

    /// The head, once, when the stream gets there: everything that was sent is handled.
    pub(crate) fn catch_up(&mut self) -> Option<u64> {
        if self.caught_up || !self.at_head() {
            return None;
        }
        self.caught_up = true;
        self.head
    }

    fn at_head(&self) -> bool {
        self.head.is_some() && self.read_to >= self.head
    }

    /// How far behind it is now; `idle` when everything that was read is handled.
    pub(crate) fn lag(&self, idle: bool, now: Timestamp) -> Lag {
        let last = self.handled.as_ref().and_then(last_event);
        let handled = last.as_ref().and_then(DecodedEvent::block_number);
        let reached = if idle {
            self.read_to.max(handled)
        } else {
            handled
        };
        let blocks = self.head.zip(reached);
        let blocks = blocks.map(|(head, reached)| head.saturating_sub(reached));
        let since = || {
            let time = last?.timestamp()?;
            let millis = now.unix_millis().saturating_sub(time.unix_millis());
            Some(Duration::from_millis(
                u64::try_from(millis).unwrap_or_default(),
            ))
        };
        let time = match blocks {
            Some(0) => Some(Duration::ZERO),
            _ => since(),
        };
        Lag {
            head_block: self.head,
            blocks,
            time,
        }
    }
}

fn last_event(batch: &Batch) -> Option<DecodedEvent> {
    batch.events().into_iter().last()
}
