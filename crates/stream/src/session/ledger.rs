//! What was delivered and is not yet known to be handled.

use std::collections::VecDeque;

use event_streamer_models::ResumeToken;

use super::acks::AckTarget;
use super::watermark::Watermark;

/// Names one delivery of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryId(u64);

/// What becomes true once a delivery and all before it are handled.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mark {
    /// The position behind it.
    pub(crate) token: Option<ResumeToken>,
    /// How far the handled events reach then.
    pub(crate) end: Option<Watermark>,
    /// What may be acknowledged then.
    pub(crate) ack: Option<AckTarget>,
    /// Events in it.
    pub(crate) events: u64,
    /// How far the handled events reach is no longer known: their branch may be dead.
    pub(crate) forgets: bool,
    /// The position behind it is durable already.
    pub(crate) kept: bool,
}

/// Deliveries in order, each handled or not. They leave at the front, and only when handled, so
/// that what has left is a gapless beginning of the stream.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    entries: VecDeque<Entry>,
    /// The id of the entry at the front.
    first: u64,
    handled: usize,
}

#[derive(Debug)]
struct Entry {
    handled: bool,
    mark: Mark,
}

impl Ledger {
    /// Adds something for the application to handle.
    pub(crate) fn deliver(&mut self, mark: Mark) -> DeliveryId {
        let id = DeliveryId(self.first + self.entries.len() as u64);
        self.entries.push_back(Entry {
            handled: false,
            mark,
        });
        id
    }

    /// Adds something that needs no handling but must not overtake what does.
    pub(crate) fn pass(&mut self, mark: Mark) {
        // Of positions without an acknowledgement only the last one matters: a long silence behind a
        // stuck handler takes no memory.
        if let Some(Entry {
            handled: true,
            mark: last,
        }) = self.entries.back_mut()
            && last.ack.is_none()
            && last.end.is_none()
        {
            *last = Mark {
                events: last.events,
                token: mark.token.or(last.token.take()),
                forgets: last.forgets || mark.forgets,
                ..mark
            };
            return;
        }
        self.entries.push_back(Entry {
            handled: true,
            mark,
        });
        self.handled += 1;
    }

    /// Notes that a delivery is handled. False if it was before, or is not of this ledger.
    pub(crate) fn handle(&mut self, id: DeliveryId) -> bool {
        match self.entry(id) {
            Some(entry) if !entry.handled => {
                entry.handled = true;
                self.handled += 1;
                true
            }
            _ => false,
        }
    }

    /// Whether a delivery is the oldest that is not handled.
    pub(crate) fn is_next(&self, id: DeliveryId) -> bool {
        id.0 == self.first && self.entries.front().is_some_and(|entry| !entry.handled)
    }

    /// Notes that the position behind a delivery is durable; for deliveries that are not handled.
    pub(crate) fn keep(&mut self, id: DeliveryId) {
        if let Some(entry) = self.entry(id).filter(|entry| !entry.handled) {
            entry.mark.kept = true;
        }
    }

    fn entry(&mut self, id: DeliveryId) -> Option<&mut Entry> {
        let index = usize::try_from(id.0.checked_sub(self.first)?).ok()?;
        self.entries.get_mut(index)
    }

    /// Takes the front entry if it is handled.
    pub(crate) fn settle(&mut self) -> Option<Mark> {
        if !self.entries.front()?.handled {
            return None;
        }
        self.first += 1;
        self.handled -= 1;
        self.entries.pop_front().map(|entry| entry.mark)
    }

    /// Forgets everything that has not left. The ids of what is forgotten stay void.
    pub(crate) fn clear(&mut self) {
        self.first += self.entries.len() as u64;
        self.entries.clear();
        self.handled = 0;
    }

    /// Entries that have not left.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Deliveries that are not handled.
    pub(crate) fn unhandled(&self) -> usize {
        self.entries.len() - self.handled
    }
}
