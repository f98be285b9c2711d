use proptest::prelude::*;

use super::*;
use crate::ingest::BreakerConfig;
use crate::ingest::error::IngestErrorKind;

const CHAIN: u64 = 1;

fn rules() -> Rules {
    Rules {
        chain_id: CHAIN,
        genesis: None,
        breaker: BreakerConfig {
            failure_threshold: 3,
            recovery_timeout: Duration::from_secs(10),
            success_threshold: 1,
            half_open_max_calls: 1,
        },
        max_reads: 2,
        block_time: Duration::from_secs(2),
        quiet_base: Duration::from_millis(100),
        quiet_cap: Duration::from_secs(2),
        retry_after_cap: Duration::from_secs(60),
    }
}

/// Some endpoints of the right chain, and a clock that is moved by hand.
struct World {
    roster: Roster,
    now: Now,
}

impl World {
    fn new(count: usize) -> Self {
        let mut roster = Roster::new(count, rules());
        for index in 0..count {
            roster.identified(index, CHAIN, Some(B256::ZERO));
        }
        Self {
            roster,
            now: Now::read(),
        }
    }

    fn choose(&mut self, need: Need) -> Choice {
        self.roster.choose(&need, self.now.instant)
    }

    fn next(&mut self) -> Choice {
        self.choose(Need::new(Work::Block))
    }

    /// A call from its beginning to its end.
    fn call(&mut self, index: usize, outcome: Outcome, millis: u64) {
        let ticket = self.roster.begin(index, self.now.instant).unwrap();
        let took = Duration::from_millis(millis);
        self.roster
            .end(index, ticket, Work::Block, outcome, took, self.now);
    }

    fn pass(&mut self, millis: u64) {
        self.now.instant += Duration::from_millis(millis);
    }
}

#[test]
fn the_order_of_the_configuration_decides_where_nothing_else_does() {
    let mut world = World::new(3);
    assert_eq!(world.next(), Choice::Use(0));
    world.call(0, Outcome::Answered, 50);
    assert_eq!(world.next(), Choice::Use(0));
}

#[test]
fn a_failure_makes_it_another_one_s_turn() {
    let mut world = World::new(3);
    world.call(0, Outcome::Failed(None), 5);
    assert_eq!(world.next(), Choice::Use(1));
    world.call(1, Outcome::Untrue, 5);
    assert_eq!(world.next(), Choice::Use(2));
    world.call(2, Outcome::Busy(Some(Duration::from_secs(5))), 5);
    assert_eq!(world.next(), Choice::Use(0));
    assert_eq!(
        world.roster.snapshot(1, world.now.instant).untrue_answers,
        1
    );
}

#[test]
fn one_that_is_twice_as_quick_takes_over() {
    let mut world = World::new(2);
    for _ in 0..9 {
        world.call(0, Outcome::Answered, 100);
        world.call(1, Outcome::Answered, 60);
    }
    assert_eq!(world.next(), Choice::Use(0));
    for _ in 0..30 {
        world.call(1, Outcome::Answered, 30);
    }
    assert_eq!(world.next(), Choice::Use(1));
    // And stays, though the first one has caught up.
    for _ in 0..30 {
        world.call(0, Outcome::Answered, 20);
    }
    assert_eq!(world.next(), Choice::Use(1));
}

#[test]
fn who_was_seen_to_have_the_block_is_asked_for_it() {
    let mut world = World::new(3);
    world.roster.head(1, 100);
    world.roster.proven(2, 90);
    let need = Need::new(Work::Range);
    assert_eq!(world.choose(need.of_block(80)), Choice::Use(2));
    assert_eq!(world.choose(need.of_block(95)), Choice::Use(1));
    // Nobody has it: then it does not matter.
    assert_eq!(world.choose(need.of_block(200)), Choice::Use(0));
    // What turned out not to be there counts no more.
    world.call(2, Outcome::Lacking(Some(70)), 5);
    assert!(!world.roster.has(2, 70) && world.roster.has(2, 69));
    assert_eq!(world.choose(need.of_block(80)), Choice::Use(1));
}

#[test]
fn at_the_head_a_lag_counts() {
    let mut world = World::new(2);
    world.roster.head(0, 90);
    world.roster.head(1, 100);
    // What one of them says alone is not the chain's head.
    assert_eq!(world.choose(Need::new(Work::Head)), Choice::Use(0));
    world.roster.chain_head(100);
    assert_eq!(world.choose(Need::new(Work::Head)), Choice::Use(1));
    assert_eq!(world.roster.snapshot(0, world.now.instant).lag, Some(10));
}

#[test]
fn an_endpoint_without_room_is_passed_over_and_one_to_avoid_too() {
    let mut world = World::new(2);
    let mut begin = || world.roster.begin(0, world.now.instant).unwrap();
    let _both = (begin(), begin());
    assert_eq!(world.next(), Choice::Use(1));
    // Where there is no other, it is asked all the same.
    let mut alone = World::new(1);
    let need = Need::new(Work::Block).avoiding(Some(0));
    assert_eq!(alone.choose(need), Choice::Use(0));
    let mut world = World::new(2);
    assert_eq!(world.choose(need), Choice::Use(1));
}

#[test]
fn a_spent_budget_is_spared() {
    let mut world = World::new(2);
    world
        .roster
        .budget(0, Some(world.now.instant + Duration::from_secs(1)));
    assert_eq!(world.next(), Choice::Use(1));
}

#[test]
fn wishes_for_patience_are_kept_within_bounds() {
    let mut world = World::new(1);
    let begin = world.now.instant;
    let wait = |world: &mut World| match world.next() {
        Choice::Wait(until) => until - world.now.instant,
        choice => panic!("{choice:?}"),
    };
    world.call(0, Outcome::Busy(Some(Duration::from_secs(3_600))), 5);
    assert_eq!(wait(&mut world), Duration::from_secs(60));
    world.now.instant = begin + Duration::from_secs(60);
    for expected in [200, 400, 800, 1_600, 2_000, 2_000] {
        world.call(0, Outcome::Busy(None), 5);
        assert_eq!(wait(&mut world), Duration::from_millis(expected));
        world.pass(expected);
    }
    world.call(0, Outcome::Answered, 5);
    world.call(0, Outcome::Busy(None), 5);
    assert_eq!(wait(&mut world), Duration::from_millis(100));
    // None of this opens the breaker.
    let snapshot = world.roster.snapshot(0, world.now.instant);
    assert_eq!(snapshot.breaker.failures, 0);
    assert_eq!(snapshot.quiet_for, Some(Duration::from_millis(100)));
    world.roster.reset(0);
    assert_eq!(world.next(), Choice::Use(0));
}

#[test]
fn other_chains_are_never_asked() {
    let mut world = World::new(2);
    world.roster.identified(0, 5, None);
    assert_eq!(world.next(), Choice::Use(1));
    assert_eq!(world.roster.voters(), 1);
    world.roster.disconnected(0);
    assert_eq!(world.next(), Choice::Use(1));
    world.roster.identified(1, 7, None);
    let kind = IngestErrorKind::WrongChain {
        expected: CHAIN,
        actual: 7,
    };
    assert_eq!(world.next(), Choice::Nobody(kind));
    assert_eq!(
        Roster::new(0, rules()).choose(&Need::new(Work::Head), world.now.instant),
        Choice::Nobody(IngestErrorKind::Config)
    );
}

#[test]
fn the_odd_first_block_out_is_not_asked_until_all_have_it() {
    let other = B256([9; 32]);
    let mut world = World::new(2);
    world.roster.proven(0, 50);
    let identity = world.roster.identified(0, CHAIN, Some(other));
    assert_eq!(identity, EndpointIdentity::OtherGenesis { genesis: other });
    assert_eq!(world.next(), Choice::Use(1));
    // A node that lost its first block is believed.
    assert_eq!(
        world.roster.identified(1, CHAIN, None),
        EndpointIdentity::Ours
    );
    // The chain was started anew.
    assert_eq!(
        world.roster.identified(1, CHAIN, Some(other)),
        EndpointIdentity::Ours
    );
    assert_eq!(world.roster.identity(0), EndpointIdentity::Ours);
    assert!(!world.roster.has(0, 50));

    // Not where it was configured.
    let pinned = Rules {
        genesis: Some(B256::ZERO),
        ..rules()
    };
    let mut roster = Roster::new(1, pinned);
    roster.identified(0, CHAIN, Some(other));
    let kind = IngestErrorKind::WrongGenesis { actual: other };
    assert_eq!(
        roster.choose(&Need::new(Work::Head), world.now.instant),
        Choice::Nobody(kind)
    );
}

#[test]
fn a_slow_read_is_hedged_where_that_costs_little() {
    let mut world = World::new(3);
    assert_eq!(world.roster.hedge_after(0, Work::Block), UNKNOWN_HEDGE);
    for _ in 0..8 {
        world.call(0, Outcome::Answered, 40);
    }
    assert_eq!(
        world.roster.hedge_after(0, Work::Block),
        Duration::from_millis(120)
    );
    assert_eq!(world.roster.hedge_after(0, Work::Range), UNKNOWN_HEDGE);
    let need = Need::new(Work::Block).of_block(10);
    let hedge = |world: &World| world.roster.choose_hedge(&need, 0, world.now.instant);
    // Nobody else was seen to have the block.
    assert_eq!(hedge(&world), None);
    world.roster.proven(1, 10);
    assert_eq!(hedge(&world), Some(1));
    world
        .roster
        .budget(1, Some(world.now.instant + Duration::from_millis(1)));
    assert_eq!(hedge(&world), None);
    world.roster.proven(2, 10);
    assert_eq!(hedge(&world), Some(2));
    world.roster.disconnected(2);
    assert_eq!(hedge(&world), None);
}

#[derive(Clone, Debug)]
enum Act {
    Choose {
        work: usize,
        block: Option<u64>,
        avoid: Option<usize>,
    },
    End {
        call: usize,
        outcome: usize,
    },
    Pass(u64),
    Proven(usize, u64),
    Head(usize, u64),
    Identify(usize, u64, u8),
    Disconnected(usize),
    Reset(usize),
    Budget(usize, u64),
}

const COUNT: usize = 3;

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let index = 0..COUNT;
    let act = prop_oneof![
        6 => (0..3_usize, prop::option::of(0..20_u64), prop::option::of(0..COUNT))
            .prop_map(|(work, block, avoid)| Act::Choose { work, block, avoid }),
        6 => (any::<usize>(), 0..7_usize).prop_map(|(call, outcome)| Act::End { call, outcome }),
        3 => (0..15_000_u64).prop_map(Act::Pass),
        1 => (index.clone(), 0..20_u64).prop_map(|(it, block)| Act::Proven(it, block)),
        1 => (index.clone(), 0..20_u64).prop_map(|(it, block)| Act::Head(it, block)),
        1 => (index.clone(), prop_oneof![9 => Just(CHAIN), 1 => Just(5)], 0..2_u8)
            .prop_map(|(it, chain, genesis)| Act::Identify(it, chain, genesis)),
        1 => index.clone().prop_map(Act::Disconnected),
        1 => index.clone().prop_map(Act::Reset),
        1 => (index, 0..3_000_u64).prop_map(|(it, millis)| Act::Budget(it, millis)),
    ];
    proptest::collection::vec(act, 0..150)
}

proptest! {
    /// Whatever happens: nobody is asked who may not be; somebody is asked if anybody may be, one
    /// that has the block if there is one; and a wait always ends.
    #[test]
    fn asks_whom_it_may(acts in acts()) {
        let mut world = World::new(COUNT);
        let mut calls: Vec<(usize, Ticket, Work)> = Vec::new();
        for act in acts {
            match act {
                Act::Choose { work, block, avoid } => {
                    let work = Work::ALL[work];
                    let need = Need { work, block, avoid };
                    let now = world.now.instant;
                    let able = |it: &usize| world.roster.members[*it].admits(now).is_ok();
                    let able: Vec<usize> = (0..COUNT).filter(able).collect();
                    match world.choose(need) {
                        Choice::Use(index) => {
                            prop_assert!(able.contains(&index));
                            let roster = world.roster.clone();
                            let has = |it: usize| block.is_none_or(|block| roster.has(it, block));
                            let other = able.iter().any(|it| has(*it) && avoid != Some(*it));
                            prop_assert!(!other || has(index) && avoid != Some(index));
                            let ticket = world.roster.begin(index, now);
                            prop_assert!(ticket.is_some());
                            calls.extend(ticket.map(|it| (index, it, work)));
                            if let Some(hedge) = world.roster.choose_hedge(&need, index, now) {
                                prop_assert!(hedge != index && able.contains(&hedge) && has(hedge));
                            }
                        }
                        Choice::Wait(until) => {
                            prop_assert!(able.is_empty() && until > now);
                            prop_assert!(until <= now + Duration::from_secs(60));
                        }
                        Choice::WaitForAnswer => prop_assert!(able.is_empty()),
                        Choice::Nobody(_) => {
                            let foreign = |it| matches!(world.roster.identity(it), EndpointIdentity::Foreign { .. });
                            prop_assert!((0..COUNT).all(foreign));
                        }
                    }
                }
                Act::End { call, outcome } => if !calls.is_empty() {
                    let (index, ticket, work) = calls.swap_remove(call % calls.len());
                    let outcomes = [
                        Outcome::Answered, Outcome::Refused, Outcome::Lacking(Some(5)),
                        Outcome::Busy(None), Outcome::Failed(None), Outcome::Untrue, Outcome::GivenUp,
                    ];
                    let took = Duration::from_millis(20);
                    world.roster.end(index, ticket, work, outcomes[outcome], took, world.now);
                },
                Act::Pass(millis) => world.pass(millis),
                Act::Proven(index, block) => world.roster.proven(index, block),
                Act::Head(index, block) => world.roster.head(index, block),
                Act::Identify(index, chain, genesis) => {
                    world.roster.identified(index, chain, Some(B256([genesis; 32])));
                }
                Act::Disconnected(index) => world.roster.disconnected(index),
                Act::Reset(index) => world.roster.reset(index),
                Act::Budget(index, millis) => {
                    let at = world.now.instant + Duration::from_millis(millis);
                    world.roster.budget(index, Some(at));
                }
            }
            for (index, member) in world.roster.members.iter().enumerate() {
                let open = calls.iter().filter(|it| it.0 == index).count();
                prop_assert_eq!(member.under_way, open);
                prop_assert!((0.0..=1.0).contains(&member.error_rate));
            }
        }
    }
}
