//! What followers see of the chain: one consistent picture, replaced as a whole.

use std::time::Duration;

use event_streamer_models::{BlockRef, Finality};

use super::ring::HeaderRing;

/// The chain at one moment.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct View {
    /// The canonical headers; never empty.
    pub(crate) ring: HeaderRing,
    pub(crate) head: BlockRef,
    pub(crate) safe: Option<BlockRef>,
    pub(crate) finalized: Option<BlockRef>,
    /// Counts the changes of branch: a position that was good stays good as long as this stays.
    pub(crate) epoch: u64,
}

impl View {
    /// The newest block that may be delivered at this finality, if there is one yet.
    pub(crate) fn newest(&self, finality: &Finality) -> Option<u64> {
        let head = self.head.number;
        match finality {
            Finality::Latest => Some(head),
            Finality::Safe => self.safe.map(|it| it.number.min(head)),
            Finality::Finalized => self.finalized.map(|it| it.number.min(head)),
            Finality::Confirmations(depth) => head.checked_sub(*depth),
        }
    }

    /// The chain's time from a block to the head, in seconds; `None` where it cannot be known.
    ///
    /// Of blocks below the kept headers, as if all were as far apart as those.
    pub(crate) fn seconds_behind(&self, number: u64) -> Option<f64> {
        let (bottom, head) = (self.ring.bottom()?, self.ring.head()?);
        if number >= head.number {
            return Some(0.0);
        }
        let from = self.ring.get(number).unwrap_or(bottom);
        let known = head.timestamp.saturating_sub(from.timestamp);
        if from.number <= number {
            return Some(Duration::from_secs(known).as_secs_f64());
        }
        let blocks = u32::try_from(head.number - from.number)
            .ok()
            .filter(|it| *it > 0)?;
        let spacing = Duration::from_secs(known) / blocks;
        #[expect(clippy::cast_precision_loss, reason = "a number of blocks below 2^53")]
        let behind = (head.number - number) as f64;
        Some(spacing.as_secs_f64() * behind)
    }

    /// Whether no reorg can reach this block any more.
    pub(crate) fn is_final(&self, number: u64) -> bool {
        self.finalized.is_some_and(|it| number <= it.number)
    }

    /// The first block of the part that is read block by block, pinned by hash: what is kept and
    /// not final. Past the head if everything is final.
    pub(crate) fn first_pinned(&self) -> u64 {
        let bottom = self.ring.bottom().map_or(self.head.number, |it| it.number);
        let not_final = self.finalized.map_or(0, |it| it.number.saturating_add(1));
        bottom.max(not_final)
    }
}

/// The blocks a node calls safe and finalized, as they advance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FinalityMarks {
    pub(crate) safe: Option<BlockRef>,
    pub(crate) finalized: Option<BlockRef>,
}

impl FinalityMarks {
    /// Takes what a node reports. An endpoint that lags, or one whose answer is of another branch
    /// than `ring`, does not take a mark back. What is above the head is not believed: marks never
    /// go back, so a single untrue one would stay.
    pub(crate) fn observe(&mut self, ring: &HeaderRing, reported: Self) {
        advance(&mut self.safe, ring, reported.safe);
        advance(&mut self.finalized, ring, reported.finalized);
    }

    /// Forgets the marks that a reorg down to `ancestor` contradicts. Gives the finalized block if
    /// that is one of them: the chain broke its promise.
    ///
    /// `bottom` is the lowest block of which it is known that it is gone, or that the chain does
    /// not reach.
    pub(crate) fn reorg(&mut self, ancestor: Option<u64>, bottom: u64) -> Option<BlockRef> {
        // Without a known ancestor, only what lies below everything that was kept may still stand.
        let good = |it: &BlockRef| match ancestor {
            Some(ancestor) => it.number <= ancestor,
            None => it.number < bottom,
        };
        self.safe = self.safe.filter(good);
        let broken = self.finalized.filter(|it| !good(it));
        self.finalized = self.finalized.filter(good);
        broken
    }
}

fn advance(mark: &mut Option<BlockRef>, ring: &HeaderRing, reported: Option<BlockRef>) {
    let Some(reported) = reported else { return };
    let contradicted = ring
        .get(reported.number)
        .is_some_and(|it| it.hash != reported.hash);
    let is_above = ring.head().is_none_or(|it| it.number < reported.number);
    if !contradicted && !is_above && mark.is_none_or(|it| it.number < reported.number) {
        *mark = Some(reported);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::test_chain::header;

    fn view(head: u8, safe: Option<u8>, finalized: Option<u8>) -> View {
        let mut ring = HeaderRing::default();
        for number in 5..=head {
            assert!(ring.push(header(number.into(), number, number - 1)));
        }
        let block = |number: u8| header(number.into(), number, 0).block();
        View {
            ring,
            head: block(head),
            safe: safe.map(block),
            finalized: finalized.map(block),
            epoch: 0,
        }
    }

    #[test]
    fn events_wait_until_they_are_deep_enough() {
        let it = view(20, Some(15), Some(10));
        assert_eq!(it.newest(&Finality::Latest), Some(20));
        assert_eq!(it.newest(&Finality::Safe), Some(15));
        assert_eq!(it.newest(&Finality::Finalized), Some(10));
        assert_eq!(it.newest(&Finality::Confirmations(0)), Some(20));
        assert_eq!(it.newest(&Finality::Confirmations(12)), Some(8));
        assert_eq!(it.newest(&Finality::Confirmations(21)), None);
        // A node may not know the tags, or its head may lag behind its own finality.
        assert_eq!(view(20, None, None).newest(&Finality::Safe), None);
        assert_eq!(view(20, None, None).newest(&Finality::Finalized), None);
        assert_eq!(
            view(20, None, Some(30)).newest(&Finality::Finalized),
            Some(20)
        );
    }

    #[test]
    fn what_is_kept_and_not_final_is_pinned() {
        assert_eq!(view(20, None, Some(10)).first_pinned(), 11);
        assert_eq!(view(20, None, Some(2)).first_pinned(), 5);
        assert_eq!(view(20, None, None).first_pinned(), 5);
        assert_eq!(view(20, None, Some(20)).first_pinned(), 21);
    }

    #[test]
    fn marks_advance_and_do_not_go_back() {
        let ring = view(20, None, None).ring;
        let block = |number: u8, hash: u8| Some(header(number.into(), hash, 0).block());
        let mut marks = FinalityMarks::default();
        let finalized = |it| FinalityMarks {
            safe: None,
            finalized: it,
        };
        marks.observe(&ring, finalized(block(9, 9)));
        marks.observe(&ring, finalized(block(7, 7)));
        marks.observe(&ring, finalized(None));
        // Of another branch.
        marks.observe(&ring, finalized(block(12, 99)));
        assert_eq!(marks.finalized, block(9, 9));
        marks.observe(&ring, finalized(block(12, 12)));
        assert_eq!(marks.finalized, block(12, 12));
        assert_eq!(marks.safe, None);
        // Above the head there is nothing yet.
        marks.observe(&ring, finalized(block(21, 21)));
        assert_eq!(marks.finalized, block(12, 12));
    }

    #[test]
    fn a_reorg_below_the_finalized_block_is_a_broken_promise() {
        let block = |number: u8| Some(header(number.into(), number, 0).block());
        let marks = FinalityMarks {
            safe: block(12),
            finalized: block(9),
        };

        let mut shallow = marks;
        assert_eq!(shallow.reorg(Some(10), 5), None);
        assert_eq!(
            shallow,
            FinalityMarks {
                safe: None,
                finalized: block(9)
            }
        );

        let mut deep = marks;
        assert_eq!(deep.reorg(Some(8), 5), block(9));
        assert_eq!(deep, FinalityMarks::default());

        let mut unknown = marks;
        assert_eq!(unknown.reorg(None, 10), None);
        assert_eq!(unknown.finalized, block(9));
    }
}
