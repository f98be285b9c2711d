//! The session against a service, an application and a store that fail in every way they may, over
//! random interleavings; held against a reference of what each of them must see.

mod chain;
mod model;
mod service;
mod world;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use proptest::test_runner::{Config, TestRunner};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use model::{KINDS, Model, Transition};
use world::World;

/// How often each transition did something, over all cases.
static COUNTS: Mutex<BTreeMap<&'static str, u64>> = Mutex::new(BTreeMap::new());

struct Machine;

impl StateMachineTest for Machine {
    type SystemUnderTest = World;
    type Reference = Model;

    fn init_test(model: &Model) -> World {
        World::new(model)
    }

    fn apply(mut world: World, _: &Model, transition: Transition) -> World {
        world.step(&transition);
        world
    }

    fn check_invariants(world: &World, _: &Model) {
        world.check();
    }

    fn teardown(mut world: World, _: Model) {
        let mut counts = COUNTS.lock().unwrap_or_else(PoisonError::into_inner);
        for (kind, count) in &world.counts {
            *counts.entry(kind).or_default() += count;
        }
        drop(counts);
        world.heal();
    }
}

#[test]
fn everything_is_handled_in_order_and_nothing_is_acknowledged_before() {
    let config = Config {
        source_file: Some(file!()),
        ..Config::with_cases(200)
    };
    let mut runner = TestRunner::new(config.clone());
    let strategy = Model::sequential_strategy(1..160);
    runner
        .run(&strategy, |(model, transitions, seen)| {
            Machine::test_sequential(config.clone(), model, transitions, seen);
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}\n{runner}"));
    let counts = COUNTS.lock().unwrap();
    println!("{counts:?}");
    for kind in KINDS {
        assert!(
            counts.contains_key(kind),
            "{kind:?} never happened: {counts:?}"
        );
    }
    assert_eq!(counts.len(), KINDS.len(), "{counts:?}");
}
