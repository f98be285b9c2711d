use proptest::prelude::*;

use super::*;
use crate::ingest::test_chain::{BlockTree, header};

/// The only endpoint.
const ALONE: Observer = Observer {
    index: 0,
    voters: 1,
};

/// Observes a head; `parents` says how many parents the node answers before it goes silent.
fn observe(machine: &mut HeadMachine, tree: &BlockTree, tip: usize, parents: u64) -> Applied {
    observe_by(ALONE, machine, tree, tip, parents)
}

fn observe_by(
    observer: Observer,
    machine: &mut HeadMachine,
    tree: &BlockTree,
    tip: usize,
    mut parents: u64,
) -> Applied {
    let mut applied = machine.apply(tree.header(tip), observer);
    while let Applied::NeedParent(block) = applied {
        if parents == 0 {
            machine.abandon();
            return Applied::Stale;
        }
        parents -= 1;
        applied = machine.apply(tree.by_hash(&block.hash), observer);
    }
    applied
}

/// A machine at the top of a chain of `height` blocks above the first one.
fn grown(height: u64, window: u64) -> (HeadMachine, BlockTree, usize) {
    let mut tree = BlockTree::new();
    let mut machine = HeadMachine::new(window);
    let mut tip = 0;
    machine.apply(tree.header(tip), ALONE);
    for _ in 0..height {
        tip = tree.mine(tip);
        assert_eq!(machine.apply(tree.header(tip), ALONE), Applied::Extended);
        machine.trim(None);
    }
    (machine, tree, tip)
}

#[test]
fn skipped_heads_are_walked_to_by_their_parents() {
    let (mut machine, mut tree, tip) = grown(3, 8);
    let top = tree.mine_many(tip, 3);
    let parent = tree.header(top).parent().unwrap();
    assert_eq!(
        machine.apply(tree.header(top), ALONE),
        Applied::NeedParent(parent)
    );
    assert_eq!(observe(&mut machine, &tree, top, 9), Applied::Extended);
    assert_eq!(machine.ring().len(), 7);
}

#[test]
fn a_branch_of_equal_height_is_a_reorg() {
    let (mut machine, mut tree, a) = grown(5, 8);
    let fork = tree.ancestor(a, 1);
    let b = tree.mine(fork);
    let ancestor = Some(tree.header(fork).block());
    assert_eq!(
        observe(&mut machine, &tree, b, 9),
        Applied::Reorg { ancestor, depth: 1 }
    );
    // And back: from A to B to A.
    assert_eq!(
        observe(&mut machine, &tree, a, 9),
        Applied::Reorg { ancestor, depth: 1 }
    );
    assert_eq!(machine.ring().head(), Some(&tree.header(a)));
}

#[test]
fn an_endpoint_that_lags_is_no_reorg() {
    let (mut machine, mut tree, a) = grown(9, 4);
    let before = machine.ring().clone();
    for _ in 0..20 {
        // On our branch, whether it is still kept or not.
        assert_eq!(
            observe(&mut machine, &tree, tree.ancestor(a, 2), 9),
            Applied::Stale
        );
        assert_eq!(
            observe(&mut machine, &tree, tree.ancestor(a, 8), 9),
            Applied::Unproven
        );
    }
    let dead = tree.mine(tree.ancestor(a, 3));
    for _ in 0..20 {
        // On a dead branch, in turn with one that has our head.
        assert_eq!(observe(&mut machine, &tree, dead, 9), Applied::Unproven);
        assert_eq!(observe(&mut machine, &tree, dead, 9), Applied::Unproven);
        assert_eq!(observe(&mut machine, &tree, a, 9), Applied::Stale);
    }
    assert_eq!(machine.ring(), &before);
}

#[test]
fn a_chain_that_got_shorter_is_believed_after_a_while() {
    let (mut machine, mut tree, a) = grown(5, 8);
    let fork = tree.ancestor(a, 3);
    let b = tree.mine(fork);
    for _ in 1..PROOF {
        assert_eq!(observe(&mut machine, &tree, b, 9), Applied::Unproven);
    }
    let ancestor = Some(tree.header(fork).block());
    assert_eq!(
        observe(&mut machine, &tree, b, 9),
        Applied::Reorg { ancestor, depth: 3 }
    );
    assert_eq!(machine.ring().head(), Some(&tree.header(b)));
}

#[test]
fn a_fork_below_the_window_has_no_known_ancestor() {
    let (mut machine, mut tree, a) = grown(9, 4);
    let b = tree.mine_many(tree.ancestor(a, 6), 7);
    assert_eq!(
        observe(&mut machine, &tree, b, 9),
        Applied::Reorg {
            ancestor: None,
            depth: 4
        }
    );
    assert_eq!(machine.ring().head(), Some(&tree.header(b)));
}

#[test]
fn another_first_block_is_a_reorg_without_ancestor() {
    let (mut machine, _, _) = grown(0, 4);
    let other = header(0, 0xEE, 0);
    assert_eq!(
        machine.apply(other, ALONE),
        Applied::Reorg {
            ancestor: None,
            depth: 1
        }
    );
}

#[test]
fn a_leap_is_not_walked_and_believed_after_a_while() {
    let (mut machine, mut tree, a) = grown(2, 4);
    let mut b = tree.mine_many(a, 17);
    for _ in 1..PROOF {
        assert_eq!(machine.apply(tree.header(b), ALONE), Applied::Unproven);
        assert_eq!(machine.ring().head(), Some(&tree.header(a)));
        // The chain goes on meanwhile.
        b = tree.mine(b);
    }
    assert_eq!(machine.apply(tree.header(b), ALONE), Applied::Jumped);
    assert_eq!(machine.ring().len(), 1);
}

#[test]
fn a_leap_with_its_parents_is_believed_at_once() {
    let (machine, mut tree, a) = grown(2, 4);
    let b = tree.mine_many(a, 17);
    let parents = |count| -> Vec<_> {
        let ids = (1..=count).map(|it| tree.ancestor(b, it));
        ids.map(|it| tree.header(it)).collect()
    };
    let leap = |parents| {
        let mut machine = machine.clone();
        let is_proven = machine.leap(tree.header(b), parents);
        assert_eq!(is_proven, machine.ring().head() == Some(&tree.header(b)));
        is_proven
    };
    assert!(leap(parents(LEAP_LINKS as u64)));
    assert!(!leap(parents(LEAP_LINKS as u64 - 1)));
    assert!(!leap(parents(LEAP_LINKS as u64 + 1)[1..].to_vec()));
    // What can be walked to is walked to.
    let mut machine = machine;
    let near = tree.mine_many(a, 5);
    let below = (1..=3).map(|it| tree.header(tree.ancestor(near, it)));
    assert!(!machine.leap(tree.header(near), below.collect()));
}

#[test]
fn one_absurd_head_changes_nothing() {
    let (mut machine, mut tree, mut a) = grown(9, 4);
    let absurd = header(1 << 60, 0xAB, 0xAA);
    for _ in 0..20 {
        assert_eq!(machine.apply(absurd.clone(), ALONE), Applied::Unproven);
        assert_eq!(machine.apply(absurd.clone(), ALONE), Applied::Unproven);
        assert_eq!(observe(&mut machine, &tree, a, 9), Applied::Stale);
        assert_eq!(machine.apply(absurd.clone(), ALONE), Applied::Unproven);
        a = tree.mine(a);
        assert_eq!(observe(&mut machine, &tree, a, 9), Applied::Extended);
    }
}

#[test]
fn what_was_believed_wrongly_is_left_again_without_a_majority() {
    let two = Observer {
        index: 0,
        voters: 2,
    };
    let absurd = header(1 << 60, 0xAB, 0xAA);
    let (machine, tree, a) = grown(9, 4);
    // As the first head ever, and as a leap.
    for mut machine in [HeadMachine::new(4), machine] {
        while machine.ring().head() != Some(&absurd) {
            machine.apply(absurd.clone(), two);
        }
        for _ in 1..PROOF {
            assert_eq!(
                observe_by(two, &mut machine, &tree, a, 9),
                Applied::Unproven
            );
        }
        let left = Applied::Reorg {
            ancestor: None,
            depth: 1,
        };
        assert_eq!(observe_by(two, &mut machine, &tree, a, 9), left);
        assert_eq!(machine.ring().head(), Some(&tree.header(a)));
    }
}

#[test]
fn a_chain_that_began_anew_far_below_is_believed_after_a_while() {
    let (mut machine, _, _) = grown(100, 4);
    let mut other = BlockTree::new();
    let mut tip = other.mine_many(0, 3);
    for _ in 1..PROOF {
        assert_eq!(observe(&mut machine, &other, tip, 9), Applied::Unproven);
        tip = other.mine(tip);
    }
    assert_eq!(
        observe(&mut machine, &other, tip, 9),
        Applied::Reorg {
            ancestor: None,
            depth: 4
        }
    );
    assert_eq!(machine.ring().head(), Some(&other.header(tip)));
}

#[test]
fn a_lower_head_takes_a_majority() {
    let by = |index| Observer { index, voters: 3 };
    let (mut machine, mut tree, a) = grown(50, 4);
    let dead = tree.mine(tree.ancestor(a, 3));
    for lower in [dead, tree.ancestor(a, 40)] {
        let mut machine = machine.clone();
        for _ in 0..20 {
            let applied = observe_by(by(1), &mut machine, &tree, lower, 9);
            assert_eq!(applied, Applied::Unproven);
        }
        let applied = observe_by(by(2), &mut machine, &tree, lower, 9);
        assert!(matches!(applied, Applied::Reorg { .. }), "{applied:?}");
    }
    // One that has our head in between, and it begins from the start.
    for _ in 0..2 {
        observe_by(by(1), &mut machine, &tree, dead, 9);
        observe_by(by(2), &mut machine, &tree, dead, 9);
        assert_eq!(observe_by(by(0), &mut machine, &tree, a, 9), Applied::Stale);
    }
}

#[test]
fn the_ring_reaches_down_to_finality_within_bounds() {
    let (mut machine, tree, _) = grown(100, 8);
    let len = |machine: &HeadMachine| machine.ring().len() as u64;
    assert_eq!(machine.missing(Some(99)), 93..93);
    assert_eq!(machine.missing(Some(90)), 90..93);
    assert_eq!(machine.missing(Some(10)), 69..93);
    assert_eq!(machine.missing(None), 93..93);
    for number in (69..93).rev() {
        assert!(machine.fill(tree.header(number)));
    }
    machine.trim(Some(10));
    assert_eq!(len(&machine), 32);
    machine.trim(Some(90));
    assert_eq!(len(&machine), 11);
    machine.trim(Some(100));
    assert_eq!(len(&machine), 8);
    assert_eq!(machine.missing(Some(1_000)), 93..93);
}

/// One thing that happens.
#[derive(Clone, Debug)]
enum Act {
    /// Some blocks are mined on one of the blocks that exist, and one that exists is observed.
    Observe {
        on: prop::sample::Index,
        blocks: u64,
        seen: prop::sample::Index,
        parents: u64,
        /// Which endpoint saw it.
        by: usize,
    },
    Trim,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let observe = (
        any::<prop::sample::Index>(),
        0..4_u64,
        any::<prop::sample::Index>(),
        0..40_u64,
        0..6_usize,
    )
        .prop_map(|(on, blocks, seen, parents, by)| Act::Observe {
            on,
            blocks,
            seen,
            parents,
            by,
        });
    proptest::collection::vec(prop_oneof![5 => observe, 1 => Just(Act::Trim)], 1..60)
}

/// The most recent third of the tree, so that branches grow and are seen while they matter.
fn recent(tree: &BlockTree, index: &prop::sample::Index) -> usize {
    let from = tree.len() * 2 / 3;
    from + index.index(tree.len() - from)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Over random forks, lags and lost answers, seen by several endpoints, the ring is always the
    /// branch that the rules at the top of this file say, and each change is reported as what it
    /// was.
    #[test]
    fn follows_the_rules(acts in acts(), window in 1..6_u64, voters in 1..4_usize) {
        let mut tree = BlockTree::new();
        let mut machine = HeadMachine::new(window);
        machine.apply(tree.header(0), Observer { index: 0, voters });
        // What was seen in a row: leaps, lower heads, or heads below the window, and by whom.
        let mut challenge: Vec<((bool, bool), usize)> = Vec::new();
        for act in acts {
            let Act::Observe { on, blocks, seen, parents, by } = act else {
                machine.trim(None);
                continue;
            };
            let on = recent(&tree, &on);
            tree.mine_many(on, blocks);
            let tip = recent(&tree, &seen);

            let old = machine.ring().clone();
            let (head, bottom) = (old.head().unwrap().clone(), old.bottom().unwrap().clone());
            let seen = tree.header(tip);
            let observer = Observer { index: by % voters, voters };
            let applied = observe_by(observer, &mut machine, &tree, tip, parents);

            let head_id = tree.id(&head.hash);
            let fork = tree.common_ancestor(head_id, tip);
            let fork = tree.header(fork).block();
            let known = old.contains(&seen.block());
            let leap = seen.number > head.number + window * 4;
            let lower = !known && seen.number < head.number;
            if leap || lower {
                let kind = (leap, seen.number < bottom.number);
                challenge.retain(|it| it.0 == kind);
                challenge.push((kind, observer.index));
            }
            let by: std::collections::HashSet<usize> = challenge.iter().map(|it| it.1).collect();
            let majority = leap || old.len() == 1 || by.len() * 2 > voters;
            let unproven = (leap || lower) && (challenge.len() < PROOF as usize || !majority);
            let linked_at = fork.number.max(bottom.number.saturating_sub(1));
            let reachable = seen.number.saturating_sub(linked_at + 1) <= parents;

            let expected = if known {
                Applied::Stale
            } else if unproven {
                Applied::Unproven
            } else if leap {
                Applied::Jumped
            } else if seen.number < bottom.number {
                Applied::Reorg { ancestor: None, depth: old.len() as u64 }
            } else if !reachable {
                Applied::Stale
            } else if fork == head.block() {
                Applied::Extended
            } else if old.contains(&fork) {
                Applied::Reorg { ancestor: Some(fork), depth: head.number - fork.number }
            } else {
                Applied::Reorg { ancestor: None, depth: old.len() as u64 }
            };
            prop_assert_eq!(&applied, &expected);

            if matches!(applied, Applied::Stale | Applied::Unproven) {
                prop_assert_eq!(machine.ring(), &old);
                if known {
                    challenge.clear();
                }
            } else {
                challenge.clear();
                prop_assert_eq!(machine.ring().head(), Some(&seen));
            }
            // Whatever happened: one branch, without a gap, as the tree has it.
            let mut id = tree.id(&machine.ring().head().unwrap().hash);
            for number in (machine.ring().bottom().unwrap().number..=machine.ring().head().unwrap().number).rev() {
                prop_assert_eq!(machine.ring().get(number), Some(&tree.header(id)));
                id = tree.ancestor(id, 1);
            }
        }
        // Whatever was seen before: the truth, told by all, is the chain after a while.
        let truth = tree.len() - 1;
        for round in 0..PROOF as usize {
            for index in 0..voters {
                let observer = Observer { index, voters };
                observe_by(observer, &mut machine, &tree, truth, u64::MAX);
                prop_assert!(round + 1 < PROOF as usize || machine.ring().contains(&tree.header(truth).block()));
            }
        }
    }
}
