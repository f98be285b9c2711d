//! What a recording does not say, derived from what it does: block hashes and timestamps.
//!
//! The rules are part of the format (`docs/recording-format.md`, "What is derived"): the same
//! recording gives the same chain in every program that follows them.

use event_streamer_models::{B256, Log};

use crate::keccak::keccak256;

const BLOCK_DOMAIN: &[u8] = b"event-streamer-replay/1/block";
const GAP_DOMAIN: &[u8] = b"event-streamer-replay/1/gap";

/// The hash of a recorded block whose own is not known. It commits to the block's logs and, by its
/// parent, to everything recorded below.
pub(super) fn block_hash(
    chain_id: u64,
    number: u64,
    parent: B256,
    timestamp: u64,
    logs: &[Log],
) -> B256 {
    let mut content = Vec::new();
    for log in logs {
        content.extend_from_slice(log.address.as_bytes());
        content.push(u8::try_from(log.topics.len()).unwrap_or(u8::MAX));
        for topic in &log.topics {
            content.extend_from_slice(topic.as_bytes());
        }
        let data = log.data.as_bytes();
        content.extend_from_slice(&(data.len() as u64).to_be_bytes());
        content.extend_from_slice(data);
        content.extend_from_slice(log.transaction_hash.as_bytes());
        content.extend_from_slice(&log.transaction_index.to_be_bytes());
        content.extend_from_slice(&u64::from(log.log_index).to_be_bytes());
    }
    let hash = keccak256(&[
        BLOCK_DOMAIN,
        &chain_id.to_be_bytes(),
        &number.to_be_bytes(),
        parent.as_bytes(),
        &timestamp.to_be_bytes(),
        keccak256(&[&content]).as_bytes(),
    ]);
    numbered(hash, number)
}

/// The hash of a block that is not recorded. `below` is the hash of the last recorded block below
/// it, so that a gap belongs to the branch it lies on; any of millions is one hash away.
pub(super) fn gap_hash(chain_id: u64, number: u64, below: B256) -> B256 {
    let hash = keccak256(&[
        GAP_DOMAIN,
        &chain_id.to_be_bytes(),
        &number.to_be_bytes(),
        below.as_bytes(),
    ]);
    numbered(hash, number)
}

/// The number that a derived hash names. Of any other hash this is noise: the answer counts only
/// if deriving the hash of that block gives the same hash.
pub(super) fn number_in(hash: &B256) -> u64 {
    let mut number = [0; 8];
    number.copy_from_slice(&hash.as_bytes()[24..]);
    u64::from_be_bytes(number)
}

/// A derived hash ends in its block's number: that is how a block of a gap is found by its hash
/// without a table of all of them, and how a reader recognises one.
fn numbered(mut hash: B256, number: u64) -> B256 {
    hash.0[24..].copy_from_slice(&number.to_be_bytes());
    hash
}

/// When each block was made: as recorded, in between and beyond derived.
#[derive(Debug)]
pub(super) struct Timeline {
    /// Recorded (block, time), ascending by block; never empty.
    known: Vec<(u64, u64)>,
}

impl Timeline {
    /// Seconds between blocks where nothing says otherwise: a slot of mainnet.
    const BLOCK_TIME: u64 = 12;
    /// The time of the first block where no time is recorded at all: 2020-09-13T12:26:40Z.
    const START: u64 = 1_600_000_000;

    /// `known` ascends by block number; `first` is the recording's first block.
    pub(super) fn new(mut known: Vec<(u64, u64)>, first: u64) -> Self {
        if known.is_empty() {
            known.push((first, Self::START));
        }
        Self { known }
    }

    /// Unix seconds of a block.
    pub(super) fn at(&self, number: u64) -> u64 {
        let above = self.known.partition_point(|&(known, _)| known <= number);
        let below = above.checked_sub(1).and_then(|index| self.known.get(index));
        match (below, self.known.get(above)) {
            (Some(&(block, time)), _) if block == number => time,
            (Some(&below), Some(&above)) => between(below, above, number),
            (Some(&(block, time)), None) => {
                time.saturating_add((number - block).saturating_mul(Self::BLOCK_TIME))
            }
            (None, Some(&(block, time))) => {
                time.saturating_sub((block - number).saturating_mul(Self::BLOCK_TIME))
            }
            (None, None) => Self::START,
        }
    }
}

/// The straight line through two recorded blocks, rounded down.
fn between(below: (u64, u64), above: (u64, u64), number: u64) -> u64 {
    let blocks = u128::from(above.0 - below.0);
    let passed = u128::from(number - below.0);
    let seconds = u128::from(above.1.saturating_sub(below.1));
    // `passed` is below `blocks`, so that the quotient is below `seconds`, which fits.
    let offset = u64::try_from(passed * seconds / blocks).unwrap_or(u64::MAX);
    below.1.saturating_add(offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_recorded_between_or_beyond() {
        let timeline = Timeline::new(vec![(100, 5_000), (110, 5_020), (111, 5_033)], 100);
        let cases = [
            (100, 5_000),
            (101, 5_002),
            (109, 5_018),
            (110, 5_020),
            (111, 5_033),
            (113, 5_057),
            (99, 4_988),
            (0, 3_800),
            (u64::MAX, u64::MAX),
        ];
        for (block, time) in cases {
            assert_eq!(timeline.at(block), time, "block {block}");
        }
    }

    #[test]
    fn without_any_time_the_first_block_has_a_fixed_one() {
        let timeline = Timeline::new(Vec::new(), 200_000_000);
        assert_eq!(timeline.at(200_000_000), 1_600_000_000);
        assert_eq!(timeline.at(200_000_001), 1_600_000_012);
        assert_eq!(timeline.at(199_999_999), 1_599_999_988);
        assert_eq!(timeline.at(1), 0, "time does not go below 1970");
    }

    #[test]
    fn extreme_times_do_not_overflow() {
        let timeline = Timeline::new(vec![(0, 0), (u64::MAX, u64::MAX)], 0);
        assert_eq!(timeline.at(1), 1);
        assert_eq!(timeline.at(u64::MAX - 1), u64::MAX - 1);
        let backwards = Timeline::new(vec![(0, 50), (10, 40)], 0);
        assert_eq!(
            backwards.at(5),
            50,
            "a clock that went back stands still in between"
        );
    }

    #[test]
    fn derived_hashes_differ_by_all_that_they_commit_to() {
        let parent = B256::from([1; 32]);
        let base = block_hash(1, 7, parent, 50, &[]);
        let others = [
            block_hash(2, 7, parent, 50, &[]),
            block_hash(1, 8, parent, 50, &[]),
            block_hash(1, 7, B256::from([2; 32]), 50, &[]),
            block_hash(1, 7, parent, 51, &[]),
            gap_hash(1, 7, parent),
        ];
        for other in others {
            assert_ne!(base, other);
        }
        assert_eq!(number_in(&base), 7);
        assert_eq!(number_in(&gap_hash(1, u64::MAX, parent)), u64::MAX);
    }
}
