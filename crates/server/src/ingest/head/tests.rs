use proptest::prelude::*;

use super::*;
use crate::ingest::test_chain::{BlockTree, header};

/// Observes a head; `parents` says how many parents the node answers before it goes silent.
fn observe(machine: &mut HeadMachine, tree: &BlockTree, tip: usize, mut parents: u64) -> Applied {
    let mut applied = machine.apply(tree.header(tip));
    while let Applied::NeedParent(block) = applied {
        if parents == 0 {
            machine.abandon();
            return Applied::Stale;
        }
        parents -= 1;
        applied = machine.apply(tree.by_hash(&block.hash));
    }
    applied
}

/// A machine at the top of a chain of `height` blocks above the first one.
fn grown(height: u64, window: u64) -> (HeadMachine, BlockTree, usize) {
    let mut tree = BlockTree::new();
    let mut machine = HeadMachine::new(window);
    let mut tip = 0;
    machine.apply(tree.header(tip));
    for _ in 0..height {
        tip = tree.mine(tip);
        assert_eq!(machine.apply(tree.header(tip)), Applied::Extended);
        machine.trim(None);
    }
    (machine, tree, tip)
}

#[test]
fn skipped_heads_are_walked_to_by_their_parents() {
    let (mut machine, mut tree, tip) = grown(3, 8);
    let top = tree.mine_many(tip, 3);
    let parent = tree.header(top).parent().unwrap();
    assert_eq!(machine.apply(tree.header(top)), Applied::NeedParent(parent));
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
            Applied::Stale
        );
    }
    let dead = tree.mine(tree.ancestor(a, 3));
    for _ in 0..20 {
        // On a dead branch, in turn with one that has our head.
        assert_eq!(observe(&mut machine, &tree, dead, 9), Applied::Stale);
        assert_eq!(observe(&mut machine, &tree, dead, 9), Applied::Stale);
        assert_eq!(observe(&mut machine, &tree, a, 9), Applied::Stale);
    }
    assert_eq!(machine.ring(), &before);
}

#[test]
fn a_chain_that_got_shorter_is_believed_after_a_while() {
    let (mut machine, mut tree, a) = grown(5, 8);
    let fork = tree.ancestor(a, 3);
    let b = tree.mine(fork);
    for _ in 1..LOWER_PROOF {
        assert_eq!(observe(&mut machine, &tree, b, 9), Applied::Stale);
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
        machine.apply(other),
        Applied::Reorg {
            ancestor: None,
            depth: 1
        }
    );
}

#[test]
fn a_leap_is_not_walked() {
    let (mut machine, mut tree, a) = grown(2, 4);
    let b = tree.mine_many(a, 17);
    assert_eq!(machine.apply(tree.header(b)), Applied::Jumped);
    assert_eq!(machine.ring().len(), 1);
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
    },
    Trim,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let observe = (
        any::<prop::sample::Index>(),
        0..4_u64,
        any::<prop::sample::Index>(),
        0..40_u64,
    )
        .prop_map(|(on, blocks, seen, parents)| Act::Observe {
            on,
            blocks,
            seen,
            parents,
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

    /// Over random forks, lags and lost answers, the ring is always the branch that the rules at
    /// the top of this file say, and each change is reported as what it was.
    #[test]
    fn follows_the_rules(acts in acts(), window in 1..6_u64) {
        let mut tree = BlockTree::new();
        let mut machine = HeadMachine::new(window);
        machine.apply(tree.header(0));
        let mut lower_seen = 0;
        for act in acts {
            let Act::Observe { on, blocks, seen, parents } = act else {
                machine.trim(None);
                continue;
            };
            let on = recent(&tree, &on);
            tree.mine_many(on, blocks);
            let tip = recent(&tree, &seen);

            let old = machine.ring().clone();
            let (head, bottom) = (old.head().unwrap().clone(), old.bottom().unwrap().clone());
            let seen = tree.header(tip);
            let applied = observe(&mut machine, &tree, tip, parents);

            let head_id = tree.id(&head.hash);
            let fork = tree.common_ancestor(head_id, tip);
            let fork = tree.header(fork).block();
            let known = old.contains(&seen.block());
            let lower = !known && (bottom.number..head.number).contains(&seen.number);
            lower_seen = match () {
                () if known => 0,
                () if lower => lower_seen + 1,
                () => lower_seen,
            };
            let leap = seen.number > head.number + window * 4;
            let believed = seen.number >= head.number || lower && lower_seen >= LOWER_PROOF;
            let linked_at = fork.number.max(bottom.number.saturating_sub(1));
            let reachable = seen.number.saturating_sub(linked_at + 1) <= parents;

            let expected = if known || !believed {
                Applied::Stale
            } else if leap {
                Applied::Jumped
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

            if applied == Applied::Stale {
                prop_assert_eq!(machine.ring(), &old);
            } else {
                lower_seen = 0;
                prop_assert_eq!(machine.ring().head(), Some(&seen));
            }
            // Whatever happened: one branch, without a gap, as the tree has it.
            let mut id = tree.id(&machine.ring().head().unwrap().hash);
            for number in (machine.ring().bottom().unwrap().number..=machine.ring().head().unwrap().number).rev() {
                prop_assert_eq!(machine.ring().get(number), Some(&tree.header(id)));
                id = tree.ancestor(id, 1);
            }
        }
    }
}
