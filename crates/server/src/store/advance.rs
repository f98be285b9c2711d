//! How an acknowledged position may move.

use std::cmp::Ordering;

use event_streamer_models::EventId;

use crate::ingest::Cursor;
use crate::subscription::Acknowledged;

/// A wish to move the acknowledged position of a subscription.
///
/// Forward is always allowed. Backward only after a reorg, and only from the very position that
/// the wish was made from: several connections, and several instances of the service, work on one
/// subscription, and none may undo what another has acknowledged on the good branch.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Advance {
    /// The epoch of the position (see `Subscription::epoch`) when its stream began.
    pub(crate) epoch: u64,
    pub(crate) cursor: Cursor,
    /// The last event before `cursor`; `None` leaves the stored one.
    pub(crate) last_event_id: Option<EventId>,
    /// What was acknowledged on the way, in order.
    pub(crate) steps: Vec<AdvanceStep>,
    /// Set when a reorg lies on the way: the stored position that may be replaced by one further
    /// back.
    pub(crate) replaces: Option<Cursor>,
}

/// One acknowledged batch on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AdvanceStep {
    /// The position after the batch.
    pub(crate) end: Cursor,
    pub(crate) events: u64,
    /// Sent after the reorg, so on the new branch.
    pub(crate) after_reorg: bool,
}

impl Advance {
    /// Where the position is after this wish; `None` if it stays as it is.
    pub(crate) fn apply(&self, stored: &Acknowledged) -> Option<Acknowledged> {
        let replaces = self.replaces.is_some() && self.replaces == stored.cursor;
        let ahead = |cursor: &Cursor| {
            stored
                .cursor
                .is_none_or(|stored| cursor.position_cmp(&stored) == Ordering::Greater)
        };
        if !replaces && !ahead(&self.cursor) {
            return None;
        }
        // A batch that the stored position covers was counted when it got there, unless the reorg
        // made a new one of it.
        let counted = |step: &&AdvanceStep| (replaces && step.after_reorg) || ahead(&step.end);
        let events: u64 = self
            .steps
            .iter()
            .filter(counted)
            .map(|step| step.events)
            .sum();
        Some(Acknowledged {
            cursor: Some(self.cursor),
            last_event_id: self
                .last_event_id
                .clone()
                .or_else(|| stored.last_event_id.clone()),
            events_delivered: stored.events_delivered.saturating_add(events),
        })
    }
}

#[cfg(test)]
mod tests {
    use event_streamer_models::{B256, BlockRef};

    use super::*;

    fn at(number: u64, branch: u8) -> Cursor {
        Cursor::after_block(BlockRef {
            number,
            hash: B256([branch; 32]),
        })
    }

    fn stored(cursor: Cursor) -> Acknowledged {
        Acknowledged {
            cursor: Some(cursor),
            last_event_id: Some(EventId::from("1-0x00-0")),
            events_delivered: 10,
        }
    }

    fn step(end: Cursor, events: u64) -> AdvanceStep {
        AdvanceStep {
            end,
            events,
            after_reorg: false,
        }
    }

    fn advance(cursor: Cursor, steps: Vec<AdvanceStep>) -> Advance {
        Advance {
            epoch: 0,
            cursor,
            last_event_id: None,
            steps,
            replaces: None,
        }
    }

    #[test]
    fn the_first_position_is_taken() {
        let after = advance(at(5, 0), vec![step(at(5, 0), 3)]).apply(&Acknowledged::default());
        let after = after.unwrap();
        assert_eq!((after.cursor, after.events_delivered), (Some(at(5, 0)), 3));
    }

    #[test]
    fn the_position_never_moves_back() {
        for cursor in [at(4, 0), at(5, 0), at(5, 1)] {
            let wish = advance(cursor, vec![step(cursor, 3)]);
            assert_eq!(wish.apply(&stored(at(5, 0))), None, "{cursor:?}");
        }
    }

    #[test]
    fn what_another_connection_acknowledged_is_not_counted_again() {
        let steps = vec![step(at(4, 0), 100), step(at(5, 0), 100), step(at(6, 0), 7)];
        let after = advance(at(6, 0), steps).apply(&stored(at(5, 0))).unwrap();
        assert_eq!(after.events_delivered, 17);
    }

    #[test]
    fn after_a_reorg_the_position_the_wish_was_made_from_may_be_left_behind() {
        let mut wish = advance(
            at(3, 1),
            vec![AdvanceStep {
                end: at(3, 1),
                events: 2,
                after_reorg: true,
            }],
        );
        wish.replaces = Some(at(5, 0));
        let after = wish.apply(&stored(at(5, 0))).unwrap();
        assert_eq!((after.cursor, after.events_delivered), (Some(at(3, 1)), 12));
        // Another connection was there first, on whichever branch: not ours to undo.
        assert_eq!(wish.apply(&stored(at(5, 1))), None);
        assert_eq!(wish.apply(&stored(at(6, 0))), None);
    }

    #[test]
    fn a_position_without_new_events_keeps_the_last_event() {
        let after = advance(at(9, 0), Vec::new())
            .apply(&stored(at(5, 0)))
            .unwrap();
        assert_eq!(after.last_event_id, stored(at(5, 0)).last_event_id);
        assert_eq!(after.events_delivered, 10);
    }
}
