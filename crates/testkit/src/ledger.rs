//! What a consumer has seen, held against what it should have seen.

mod difference;
mod record;

pub use difference::Difference;
pub use record::{Place, Record};

use std::collections::HashSet;

/// A consumer's book: events as they were handed over, reorg notices folded in.
///
/// It judges at once what only shows in the order of things (an event twice, a step back), and at
/// the end whether all that was expected came, and nothing else.
///
/// ```
/// use event_streamer_testkit::{Ledger, Record};
///
/// let event = |block, log_index, id: &str| Record::new(id, block, log_index);
/// let mut ledger = Ledger::new();
/// ledger.deliver(event(10, 0, "a"));
/// ledger.deliver(event(11, 3, "b"));
/// // The branch above block 10 dies; another takes its place.
/// ledger.roll_back_to(10);
/// ledger.deliver(event(11, 1, "c"));
///
/// ledger.assert_exactly([event(10, 0, "a"), event(11, 1, "c")]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// In the order of delivery, without what was rolled back and without repeats.
    live: Vec<Record>,
    /// The ids of `live`.
    ids: HashSet<String>,
    /// The place of the last delivery, if the next one has to come after it.
    last: Option<Place>,
    delivered: usize,
    duplicated: Vec<Record>,
    disordered: Vec<(Place, Record)>,
}

impl Ledger {
    /// An empty book.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An event was handed over.
    pub fn deliver(&mut self, record: Record) {
        self.delivered += 1;
        if let Some(last) = self.last.filter(|last| record.place <= *last) {
            self.disordered.push((last, record.clone()));
        }
        self.last = Some(record.place);
        if self.ids.insert(record.event_id.clone()) {
            self.live.push(record);
        } else {
            self.duplicated.push(record);
        }
    }

    /// An event was handed over as the JSON of the wire.
    ///
    /// # Panics
    ///
    /// If it lacks `event_id`, `block_number` or `log_index`.
    pub fn deliver_json(&mut self, event: &serde_json::Value) {
        self.deliver(Record::of_json(event));
    }

    /// A reorg notice came: everything above the block is undone, and order begins anew after it.
    pub fn roll_back_to(&mut self, block_number: u64) {
        let ids = &mut self.ids;
        self.live.retain(|record| {
            let stays = record.place.block_number <= block_number;
            if !stays {
                ids.remove(&record.event_id);
            }
            stays
        });
        self.last = self.live.iter().map(|record| record.place).max();
    }

    /// The consumer began anew (a crash, a restart): events may come again, in order from wherever
    /// it resumed. What it had before stays in the book.
    pub fn restarted(&mut self) {
        self.last = None;
    }

    /// The events that stand, in the order of delivery.
    #[must_use]
    pub fn live(&self) -> &[Record] {
        &self.live
    }

    /// How many events were handed over in all, repeats and undone ones included.
    #[must_use]
    pub fn delivered(&self) -> usize {
        self.delivered
    }

    /// All that differs from the expectation.
    #[must_use]
    pub fn compare(&self, expected: impl IntoIterator<Item = Record>) -> Difference {
        let expected: Vec<Record> = expected.into_iter().collect();
        let wanted: HashSet<&Record> = expected.iter().collect();
        let had: HashSet<&Record> = self.live.iter().collect();
        let unexpected = self.live.iter().filter(|record| !wanted.contains(record));
        Difference {
            unexpected: unexpected.cloned().collect(),
            missing: expected
                .iter()
                .filter(|record| !had.contains(record))
                .cloned()
                .collect(),
            duplicated: self.duplicated.clone(),
            disordered: self.disordered.clone(),
            expected: expected.len(),
            live: self.live.len(),
        }
    }

    /// Asserts that each expected event came once, in order, and nothing else.
    ///
    /// # Panics
    ///
    /// With the difference, if there is one.
    pub fn assert_exactly(&self, expected: impl IntoIterator<Item = Record>) {
        let difference = self.compare(expected);
        assert!(difference.is_none(), "{difference}");
    }

    /// Asserts that each expected event came at least once, in order but for restarts, and nothing
    /// else.
    ///
    /// # Panics
    ///
    /// With the difference, if there is one.
    pub fn assert_at_least_once(&self, expected: impl IntoIterator<Item = Record>) {
        let mut difference = self.compare(expected);
        difference.duplicated.clear();
        assert!(difference.is_none(), "{difference}");
    }
}

#[cfg(test)]
mod tests;
