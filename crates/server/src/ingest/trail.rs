//! The blocks that a follower came by: dense where it is, sparse where it was long ago.

use event_streamer_models::BlockRef;

/// How many are remembered.
const MAX_LEN: usize = 64;

/// Ascending blocks of one branch, bounded in number. Where it overflows every second of the older
/// half goes, so that something remains of any distance.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trail {
    blocks: Vec<BlockRef>,
}

impl Trail {
    /// The position moved on to this block.
    pub(crate) fn advance(&mut self, block: BlockRef) {
        self.rewind(block.number.saturating_sub(1));
        self.blocks.push(block);
        if self.blocks.len() > MAX_LEN {
            let mut index = 0;
            self.blocks.retain(|_| {
                index += 1;
                index > MAX_LEN / 2 || index % 2 == 1
            });
        }
    }

    /// The position went back to block `number`.
    pub(crate) fn rewind(&mut self, number: u64) {
        while self.blocks.last().is_some_and(|it| it.number > number) {
            self.blocks.pop();
        }
    }

    pub(crate) fn blocks(&self) -> &[BlockRef] {
        &self.blocks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::test_chain::header;

    fn numbers(trail: &Trail) -> Vec<u64> {
        trail.blocks().iter().map(|it| it.number).collect()
    }

    #[test]
    fn remembers_the_near_and_something_of_the_far() {
        let mut trail = Trail::default();
        for number in 0..100_000 {
            trail.advance(header(number, 1, 0).block());
        }
        let numbers = numbers(&trail);
        assert!(numbers.len() <= MAX_LEN);
        assert!(numbers.is_sorted());
        assert_eq!(numbers[0], 0);
        assert_eq!(
            numbers[numbers.len() - 16..],
            Vec::from_iter(99_984..100_000)
        );
        // Nothing is much further from its neighbour than from the end.
        for pair in numbers.windows(2) {
            assert!(pair[1] - pair[0] <= 100_000 - pair[0], "{numbers:?}");
        }
    }

    #[test]
    fn goes_back_with_the_position() {
        let mut trail = Trail::default();
        for number in [3, 7, 8, 12] {
            trail.advance(header(number, 1, 0).block());
        }
        trail.rewind(9);
        assert_eq!(numbers(&trail), [3, 7, 8]);
        trail.advance(header(8, 2, 0).block());
        assert_eq!(numbers(&trail), [3, 7, 8]);
        assert_eq!(trail.blocks()[2].hash, header(8, 2, 0).hash);
        trail.rewind(0);
        assert!(numbers(&trail).is_empty());
    }
}
