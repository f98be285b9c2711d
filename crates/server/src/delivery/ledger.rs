//! What a connection has been sent of blocks that may still go away.

use std::collections::VecDeque;
use std::sync::Arc;

/// The events above the finalized block, to be listed when a reorg removes them.
///
/// Bounded in bytes: the oldest are forgotten first. A notice then does not list them; the block
/// it rolls back to is what counts.
#[derive(Debug)]
pub(crate) struct Ledger {
    events: VecDeque<SentEvent>,
    bytes: usize,
    max_bytes: usize,
}

/// One event as it was sent.
#[derive(Debug, PartialEq)]
pub(crate) struct SentEvent {
    pub(crate) block_number: u64,
    pub(crate) name: Arc<str>,
    pub(crate) json: Box<[u8]>,
}

impl SentEvent {
    fn cost(&self) -> usize {
        self.json.len() + size_of::<Self>()
    }
}

impl Ledger {
    pub(crate) fn new(max_bytes: usize) -> Self {
        Self {
            events: VecDeque::new(),
            bytes: 0,
            max_bytes,
        }
    }

    pub(crate) fn record(&mut self, block_number: u64, name: &Arc<str>, json: &[u8]) {
        let event = SentEvent {
            block_number,
            name: Arc::clone(name),
            json: json.into(),
        };
        self.bytes += event.cost();
        self.events.push_back(event);
        while self.bytes > self.max_bytes {
            let Some(oldest) = self.events.pop_front() else {
                break;
            };
            self.bytes -= oldest.cost();
        }
    }

    /// Forgets what can no longer be removed.
    pub(crate) fn finalized(&mut self, block: u64) {
        while let Some(event) = self
            .events
            .pop_front_if(|event| event.block_number <= block)
        {
            self.bytes -= event.cost();
        }
    }

    /// Takes out everything above a block, newest first: the order in which to undo it.
    pub(crate) fn roll_back(&mut self, block: u64) -> Vec<SentEvent> {
        let mut removed = Vec::new();
        while let Some(event) = self.events.pop_back_if(|event| event.block_number > block) {
            self.bytes -= event.cost();
            removed.push(event);
        }
        removed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(events: &[SentEvent]) -> Vec<&str> {
        events
            .iter()
            .map(|event| std::str::from_utf8(&event.json).unwrap())
            .collect()
    }

    #[test]
    fn a_reorg_takes_out_the_newest_first() {
        let mut ledger = Ledger::new(10_000);
        let name: Arc<str> = "Transfer".into();
        for block in 1..=5 {
            ledger.record(block, &name, format!("[{block}]").as_bytes());
        }
        ledger.finalized(1);
        assert_eq!(json(&ledger.roll_back(3)), ["[5]", "[4]"]);
        assert_eq!(json(&ledger.roll_back(0)), ["[3]", "[2]"]);
        assert_eq!(ledger.bytes, 0);
    }

    #[test]
    fn the_oldest_make_room() {
        let name: Arc<str> = "Transfer".into();
        let event = SentEvent {
            block_number: 1,
            name: Arc::clone(&name),
            json: b"[0]"[..].into(),
        };
        let mut ledger = Ledger::new(2 * event.cost());
        for block in 1..=3 {
            ledger.record(block, &name, format!("[{block}]").as_bytes());
        }
        assert_eq!(json(&ledger.roll_back(0)), ["[3]", "[2]"]);
    }
}
