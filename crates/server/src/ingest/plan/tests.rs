use proptest::prelude::*;

use super::*;

/// Reads `0..=last` from a node that answers at most `limit` blocks. Gives the failures.
fn read(planner: &mut RangePlanner, last: u64, limit: u64) -> u64 {
    let (mut from, mut failures) = (0, 0);
    while from <= last {
        let to = planner.range_end(from, last);
        assert!((from..=last).contains(&to));
        let blocks = to - from + 1;
        if blocks > limit {
            planner.failed(blocks, None);
            failures += 1;
        } else {
            planner.succeeded(blocks, true);
            from = to + 1;
        }
    }
    failures
}

#[test]
fn starts_at_the_limit_and_halves() {
    let mut planner = RangePlanner::new(2_000);
    assert_eq!(planner.range_end(100, u64::MAX), 2_099);
    planner.failed(2_000, None);
    assert_eq!(planner.range_end(100, u64::MAX), 1_099);
    assert_eq!(planner.range_end(100, 110), 110);
    assert_eq!(planner.range_end(u64::MAX, u64::MAX), u64::MAX);
}

#[test]
fn single_blocks_are_the_floor() {
    let mut planner = RangePlanner::new(4);
    for blocks in [4, 2, 1, 1, 1] {
        planner.failed(blocks, None);
    }
    assert_eq!(planner.range_end(7, 99), 7);
}

#[test]
fn a_suggestion_is_a_hint_only() {
    // Less than asked: taken, even if it is less than half.
    let mut planner = RangePlanner::new(2_000);
    planner.failed(2_000, Some(5));
    assert_eq!(planner.range_end(1, u64::MAX), 5);
    // Equal to what was asked, more, or nothing at all: not taken.
    for suggestion in [2_000, 100_000, 0] {
        let mut planner = RangePlanner::new(2_000);
        planner.failed(2_000, Some(suggestion));
        assert_eq!(planner.range_end(1, u64::MAX), 1_000);
    }
    // One block less each time: taken once.
    let mut planner = RangePlanner::new(2_000);
    planner.failed(2_000, Some(1_999));
    planner.failed(1_999, Some(1_998));
    assert_eq!(planner.range_end(1, u64::MAX), 999);
}

#[test]
fn a_heavy_answer_does_not_widen() {
    let mut planner = RangePlanner::new(1_000);
    planner.failed(1_000, None);
    for _ in 0..100 {
        planner.succeeded(500, false);
    }
    assert_eq!(planner.range_end(1, u64::MAX), 500);
}

#[test]
fn a_node_that_takes_five_blocks_is_rarely_asked_for_six() {
    let mut planner = RangePlanner::new(2_000);
    assert!(read(&mut planner, 9_999, 5) <= 9 + 40);
}

#[test]
fn widens_again_when_the_trouble_is_over() {
    let mut planner = RangePlanner::new(2_000);
    read(&mut planner, 999, 1);
    let mut blocks = 0;
    for _ in 0..2_200 {
        blocks = planner.range_end(1, u64::MAX);
        planner.succeeded(blocks, true);
    }
    assert_eq!(blocks, 2_000);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever the limits, everything is read, and failures are few beside successes.
    #[test]
    fn failures_stay_few(max in 1..5_000_u64, limit in 1..6_000_u64) {
        let mut planner = RangePlanner::new(max);
        let last = limit.min(max) * 500;
        let failures = read(&mut planner, last, limit);
        prop_assert!(failures <= 13 + 45, "{failures}");
        if limit >= max {
            prop_assert_eq!(failures, 0);
        }
    }

    /// No sequence of answers and suggestions makes a range empty or too wide, and no run of
    /// failures takes long to come down to single blocks.
    #[test]
    fn stays_within_bounds(
        max in 1..100_000_u64,
        acts in proptest::collection::vec((any::<bool>(), any::<bool>(), prop::option::of(any::<u64>())), 0..200),
        stubborn in any::<bool>(),
    ) {
        let mut planner = RangePlanner::new(max);
        for (ok, roomy, suggestion) in acts {
            let blocks = planner.range_end(0, u64::MAX) + 1;
            prop_assert!((1..=max).contains(&blocks));
            if ok {
                planner.succeeded(blocks, roomy);
            } else {
                planner.failed(blocks, suggestion);
            }
        }
        let mut failures = 0;
        loop {
            let blocks = planner.range_end(0, u64::MAX) + 1;
            if blocks == 1 {
                break;
            }
            planner.failed(blocks, stubborn.then_some(blocks - 1));
            failures += 1;
            prop_assert!(failures <= 2 * 18);
        }
    }
}
