use event_streamer_models::{B256, BlockRef};
use proptest::prelude::*;

use super::*;
use crate::subscription::Acknowledged;

fn at(number: u64, branch: u8) -> Cursor {
    Cursor::after_block(BlockRef {
        number,
        hash: B256([branch; 32]),
    })
}

fn batch(end: Cursor, events: u64) -> SentBatch {
    SentBatch {
        start: None,
        first_block: end.block.number,
        end,
        last_event: EventRef {
            block_hash: end.block.hash,
            log_index: 0,
        },
        events,
    }
}

fn tracker() -> AckTracker {
    AckTracker::new(ChainId(1), 0, None, &Acknowledged::default())
}

/// The store's side of the bargain.
fn store(tracker: &mut AckTracker, stored: &mut Acknowledged) {
    if let Some(advance) = tracker.advance() {
        if let Some(moved) = advance.apply(stored) {
            *stored = moved;
        }
        tracker.stored(&advance, stored);
    }
}

#[test]
fn the_position_is_the_end_of_the_longest_run() {
    let mut tracker = tracker();
    for number in 1..=4 {
        tracker.sent(batch(at(number, 0), 10));
    }
    assert_eq!(tracker.acknowledge(2), Ack::New { events: 10 });
    assert_eq!(tracker.acknowledge(4), Ack::New { events: 10 });
    assert_eq!(tracker.acknowledged(), None);
    assert_eq!(tracker.acknowledge(1), Ack::New { events: 10 });
    assert_eq!(tracker.acknowledged(), Some(&at(2, 0)));
    assert_eq!(tracker.acknowledge(3), Ack::New { events: 10 });
    assert_eq!(tracker.acknowledged(), Some(&at(4, 0)));
}

#[test]
fn acknowledging_again_is_harmless_and_the_unknown_is_unknown() {
    let mut tracker = tracker();
    tracker.sent(batch(at(1, 0), 3));
    tracker.sent(batch(at(2, 0), 3));
    assert_eq!(tracker.acknowledge(0), Ack::Unknown);
    assert_eq!(tracker.acknowledge(3), Ack::Unknown);
    assert_eq!(tracker.acknowledge(2), Ack::New { events: 3 });
    assert_eq!(tracker.acknowledge(2), Ack::Repeated);
    assert_eq!(tracker.acknowledge(1), Ack::New { events: 3 });
    assert_eq!(tracker.acknowledge(1), Ack::Repeated);
    assert_eq!(tracker.acknowledge(2), Ack::Repeated);
}

#[test]
fn empty_blocks_count_once_nothing_is_outstanding() {
    let mut tracker = tracker();
    tracker.covered(at(5, 0));
    assert_eq!(tracker.acknowledged(), Some(&at(5, 0)));
    tracker.sent(batch(at(6, 0), 1));
    tracker.covered(at(9, 0));
    assert_eq!(tracker.acknowledged(), Some(&at(5, 0)));
    tracker.acknowledge(1);
    assert_eq!(tracker.acknowledged(), Some(&at(9, 0)));
}

#[test]
fn after_a_reorg_the_position_waits_for_the_new_branch() {
    let mut tracker = tracker();
    let mut stored = Acknowledged::default();
    tracker.sent(batch(at(10, 0), 4));
    tracker.acknowledge(1);
    store(&mut tracker, &mut stored);

    tracker.rolled_back(at(8, 0));
    tracker.covered(at(9, 1));
    assert_eq!(
        tracker.acknowledged(),
        Some(&at(10, 0)),
        "nobody has answered the notice"
    );
    tracker.sent(batch(at(10, 1), 2));
    assert_eq!(tracker.acknowledged(), Some(&at(10, 0)));
    tracker.acknowledge(2);
    store(&mut tracker, &mut stored);
    assert_eq!(stored.cursor, Some(at(10, 1)));
    assert_eq!(stored.events_delivered, 6);
}

#[test]
fn a_position_may_go_back_past_a_reorg() {
    let mut tracker = tracker();
    let mut stored = Acknowledged::default();
    tracker.sent(batch(at(10, 0), 4));
    tracker.acknowledge(1);
    store(&mut tracker, &mut stored);
    tracker.rolled_back(at(7, 0));
    tracker.sent(batch(at(8, 1), 1));
    tracker.acknowledge(2);
    store(&mut tracker, &mut stored);
    assert_eq!(
        (stored.cursor, stored.events_delivered),
        (Some(at(8, 1)), 5)
    );
}

#[test]
fn a_failed_commit_is_made_up_for() {
    let mut tracker = tracker();
    let mut stored = Acknowledged::default();
    tracker.sent(batch(at(1, 0), 4));
    tracker.sent(batch(at(2, 0), 5));
    tracker.acknowledge(1);
    let lost = tracker.advance();
    assert!(lost.is_some());
    // The client repeats itself, since nobody said 200.
    assert_eq!(tracker.acknowledge(1), Ack::Repeated);
    assert_eq!(tracker.advance(), lost);
    tracker.acknowledge(2);
    store(&mut tracker, &mut stored);
    assert_eq!(
        (stored.cursor, stored.events_delivered),
        (Some(at(2, 0)), 9)
    );
    assert_eq!(tracker.advance(), None);
    assert_eq!(tracker.window(), 0);
}

#[test]
fn a_posted_position_acknowledges_what_lies_before_it() {
    let mut tracker = tracker();
    for number in 1..=3 {
        tracker.sent(batch(at(number, 0), 1));
    }
    tracker.covered(at(9, 0));
    tracker.acknowledge_through(&at(2, 0));
    assert_eq!(tracker.acknowledged(), Some(&at(2, 0)));
    // A progress message's token: between what is outstanding and what is covered.
    tracker.acknowledge_through(&at(7, 0));
    assert_eq!(tracker.acknowledged(), Some(&at(9, 0)));
}

#[test]
fn posting_the_position_of_the_notice_answers_it() {
    let mut tracker = tracker();
    let mut stored = Acknowledged::default();
    tracker.sent(batch(at(10, 0), 4));
    tracker.acknowledge(1);
    store(&mut tracker, &mut stored);
    tracker.rolled_back(at(8, 0));
    tracker.acknowledge_through(&at(8, 0));
    store(&mut tracker, &mut stored);
    assert_eq!(stored.cursor, Some(at(8, 0)));
    tracker.covered(at(12, 1));
    assert_eq!(tracker.acknowledged(), Some(&at(12, 1)));
}

#[test]
fn a_late_post_of_the_dead_branch_acknowledges_nothing_of_the_new_one() {
    let mut tracker = tracker();
    tracker.sent(batch(at(9, 0), 1));
    tracker.acknowledge(1);
    tracker.rolled_back(at(7, 0));
    tracker.sent(batch(at(8, 1), 1));
    tracker.acknowledge_through(&at(9, 0));
    assert_eq!(tracker.window(), 2, "one unstored, one outstanding");
    assert_eq!(tracker.acknowledge(2), Ack::New { events: 1 });
}

/// What happens on a connection.
#[derive(Clone, Debug)]
enum Happening {
    Sent {
        blocks: u64,
        events: u64,
    },
    Covered {
        blocks: u64,
    },
    Reorg {
        depth: u64,
    },
    /// Of one of the last batches, or of one that never was.
    Ack {
        back: u64,
    },
    Stored,
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        4 => (1..4_u64, 1..50_u64).prop_map(|(blocks, events)| Happening::Sent { blocks, events }),
        2 => (1..4_u64).prop_map(|blocks| Happening::Covered { blocks }),
        1 => (1..6_u64).prop_map(|depth| Happening::Reorg { depth }),
        5 => (0..8_u64).prop_map(|back| Happening::Ack { back }),
        2 => Just(Happening::Stored),
    ]
}

/// Everything that was sent, kept for ever: the obvious way, which a service cannot afford.
#[derive(Default)]
struct Model {
    history: Vec<Record>,
    batches: u64,
    head: u64,
    branch: u8,
}

enum Record {
    Batch {
        sequence: u64,
        end: Cursor,
        events: u64,
        acknowledged: bool,
    },
    Covered(Cursor),
    Reorg,
}

impl Model {
    /// The acknowledged position and the number of acknowledged events before it.
    fn acknowledged(&self) -> (Option<Cursor>, u64) {
        let (mut position, mut events, mut unanswered) = (None, 0, false);
        for record in &self.history {
            match record {
                Record::Batch {
                    acknowledged: false,
                    ..
                } => break,
                Record::Batch {
                    end, events: more, ..
                } => {
                    (position, unanswered) = (Some(*end), false);
                    events += more;
                }
                Record::Covered(cursor) if !unanswered => position = Some(*cursor),
                Record::Covered(_) => {}
                Record::Reorg => unanswered = true,
            }
        }
        (position, events)
    }

    fn apply(&mut self, happening: &Happening, tracker: &mut AckTracker) {
        match *happening {
            Happening::Sent { blocks, events } => {
                self.forget_uncounted();
                self.head += blocks;
                let end = at(self.head, self.branch);
                self.batches += 1;
                assert_eq!(tracker.next_sequence(), self.batches);
                tracker.sent(batch(end, events));
                let sequence = self.batches;
                self.history.push(Record::Batch {
                    sequence,
                    end,
                    events,
                    acknowledged: false,
                });
            }
            Happening::Covered { blocks } => {
                self.head += blocks;
                let end = at(self.head, self.branch);
                tracker.covered(end);
                self.history.push(Record::Covered(end));
            }
            Happening::Reorg { depth } => {
                self.forget_uncounted();
                self.head = self.head.saturating_sub(depth);
                tracker.rolled_back(at(self.head, self.branch));
                self.branch += 1;
                self.history.push(Record::Reorg);
            }
            Happening::Ack { back } => {
                self.acknowledge((self.batches + 1).saturating_sub(back), tracker);
            }
            Happening::Stored => {}
        }
    }

    /// Empty blocks count with what lies before them, or not at all once something follows.
    fn forget_uncounted(&mut self) {
        let (position, _) = self.acknowledged();
        while let Some(Record::Covered(cursor)) = self.history.last()
            && position != Some(*cursor)
        {
            self.history.pop();
        }
    }

    fn acknowledge(&mut self, wanted: u64, tracker: &mut AckTracker) {
        let outcome = tracker.acknowledge(wanted);
        let found = self.history.iter_mut().find_map(|record| match record {
            Record::Batch {
                sequence,
                acknowledged,
                events,
                ..
            } if *sequence == wanted => Some((acknowledged, *events)),
            _ => None,
        });
        match found {
            None => assert_eq!(outcome, Ack::Unknown),
            Some((true, _)) => assert_eq!(outcome, Ack::Repeated),
            Some((acknowledged, events)) => {
                assert_eq!(outcome, Ack::New { events });
                *acknowledged = true;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// The tracker agrees with the obvious way after every step, and so does the store whenever it
    /// was asked: position, and events counted exactly once.
    #[test]
    fn the_tracker_equals_the_model(happenings in prop::collection::vec(happening(), 0..80)) {
        let mut tracker = tracker();
        let mut model = Model { head: 100, ..Model::default() };
        let mut stored = Acknowledged::default();
        for happening in &happenings {
            model.apply(happening, &mut tracker);
            let (position, events) = model.acknowledged();
            prop_assert_eq!(tracker.acknowledged(), position.as_ref());
            if matches!(happening, Happening::Stored) {
                store(&mut tracker, &mut stored);
                prop_assert_eq!(stored.cursor, position);
                prop_assert_eq!(stored.events_delivered, events);
                prop_assert!(tracker.advance().is_none());
            }
        }
    }
}

/// What another connection delivered up to a start ahead of the stored position may still be in
/// somebody's hands.
#[test]
fn empty_blocks_say_nothing_of_what_lies_before_a_start_ahead() {
    let stored = Acknowledged {
        cursor: Some(at(3, 0)),
        ..Acknowledged::default()
    };
    let ahead = || AckTracker::new(ChainId(1), 0, Some(at(5, 0)), &stored);

    let mut quiet = ahead();
    quiet.covered(at(9, 0));
    assert_eq!(quiet.advance(), None, "nothing was acknowledged");
    quiet.acknowledge_through(&at(5, 0));
    assert_eq!(quiet.acknowledged(), Some(&at(9, 0)), "now it was");

    let mut acknowledging = ahead();
    acknowledging.sent(batch(at(6, 0), 1));
    acknowledging.covered(at(9, 0));
    acknowledging.acknowledge(1);
    assert_eq!(acknowledging.acknowledged(), Some(&at(9, 0)));
}

/// What a consumer may do with a batch, by its sequence number.
#[derive(Clone, Copy, Debug)]
enum Act {
    Send,
    Acknowledge(u64),
    Refuse(u64),
    /// Deals with the first refused batch that waits, by sending or by keeping it.
    Again {
        keep: bool,
    },
    Replay(u64),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => Just(Act::Send),
        3 => (0..12_u64).prop_map(Act::Acknowledge),
        3 => (0..12_u64).prop_map(Act::Refuse),
        2 => any::<bool>().prop_map(|keep| Act::Again { keep }),
        1 => (100..103_u64).prop_map(Act::Replay),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// The position passes a batch only when it, or what was sent in its place, is acknowledged, or
    /// it is kept; and every such batch is passed in the end.
    #[test]
    fn the_position_never_passes_what_is_refused(acts in proptest::collection::vec(act(), 0..60)) {
        let (mut tracker, mut stored) = (tracker(), Acknowledged::default());
        // What each sequence number stands for: a block, or nothing of the chain.
        let mut stands_for: Vec<Option<u64>> = Vec::new();
        let (mut done, mut blocks) = (std::collections::BTreeSet::new(), 0);
        let mut waiting = std::collections::VecDeque::new();
        for act in acts {
            match act {
                Act::Send => {
                    blocks += 1;
                    tracker.sent(batch(at(blocks, 0), 1));
                    stands_for.push(Some(blocks));
                }
                Act::Acknowledge(sequence) => {
                    let ack = tracker.acknowledge(sequence);
                    let slot = usize::try_from(sequence).unwrap().checked_sub(1);
                    let slot = slot.and_then(|it| stands_for.get(it));
                    prop_assert_eq!(ack == Ack::Unknown, slot.is_none());
                    // One that was refused when it came again stands for nothing any more.
                    if let (Ack::New { .. }, Some(Some(block))) = (ack, slot) {
                        done.insert(*block);
                    }
                }
                Act::Refuse(sequence) => {
                    if let Refused::Batch { sequence, again: true, .. } = tracker.refuse(sequence) {
                        waiting.push_back(sequence);
                    }
                }
                Act::Again { keep } => {
                    let Some(first) = waiting.pop_front() else { continue };
                    let block = stands_for[usize::try_from(first).unwrap() - 1].unwrap();
                    match tracker.refused(first) {
                        None => prop_assert!(done.contains(&block)),
                        Some(_) if keep => {
                            tracker.settled_elsewhere(first);
                            done.insert(block);
                        }
                        Some(_) => {
                            tracker.sent_again(Slot::Again(first), at(blocks, 0));
                            stands_for.push(Some(block));
                        }
                    }
                }
                Act::Replay(letter) if blocks > 0 => {
                    tracker.sent_again(Slot::Letter(letter), at(blocks, 0));
                    stands_for.push(None);
                }
                Act::Replay(_) => {}
            }
            store(&mut tracker, &mut stored);
            let run = (1..=blocks).take_while(|block| done.contains(block)).count() as u64;
            let position = tracker.acknowledged().map_or(0, |it| it.block.number);
            prop_assert_eq!(position, run, "{:?}", act);
            prop_assert_eq!(stored.cursor.map_or(0, |it| it.block.number), run);
        }
    }
}
