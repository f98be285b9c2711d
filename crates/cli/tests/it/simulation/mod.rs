//! The whole system on a simulated network: node, service and consumer, partitions, resets, latency,
//! kills, restarts and reorgs, each run from one number.
//!
//! A seed decides everything; the same seed is the same run, to the byte and the microsecond.
//! `cargo xtask simulate --seeds N --from S` runs more of them than the tests do.

mod chain;
mod consumer;
mod node;
mod process;
mod service;
mod world;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use self::consumer::Sabotage;
use self::world::{Numbers, run};

/// So many seeds are run unless `SIMULATE_SEEDS` says otherwise.
const SEEDS: u64 = 1_000;

/// Further seeds are not begun behind so many failures.
const ENOUGH: usize = 3;

fn setting(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{name} is no number: {text}")),
        Err(_) => default,
    }
}

#[test]
fn every_seed_keeps_the_promises() {
    let first = setting("SIMULATE_FROM", 1);
    let count = setting("SIMULATE_SEEDS", SEEDS);
    let next = AtomicU64::new(first);
    let failures: Mutex<Vec<(u64, String)>> = Mutex::default();
    let total: Mutex<Vec<Numbers>> = Mutex::default();
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + count || failures.lock().unwrap().len() >= ENOUGH {
                        return;
                    }
                    let outcome = run(seed, Sabotage::None);
                    match outcome.result {
                        Ok(numbers) => total.lock().unwrap().push(numbers),
                        Err(fault) => {
                            let text = explain(seed, &fault, &outcome.trace);
                            failures.lock().unwrap().push((seed, text));
                        }
                    }
                }
            });
        }
    });
    let mut failures = failures.into_inner().unwrap();
    failures.sort();
    let texts: Vec<String> = failures.into_iter().map(|(_, text)| text).collect();
    assert!(texts.is_empty(), "{}", texts.join("\n\n"));
    report(&total.into_inner().unwrap());
}

fn report(runs: &[Numbers]) {
    let sum = |of: fn(&Numbers) -> usize| runs.iter().map(of).sum::<usize>();
    let slowest = runs.iter().max_by_key(|run| run.resumed_after);
    let (slowest, seed) = slowest.map_or((Duration::ZERO, 0), |run| (run.resumed_after, run.seed));
    println!(
        "{} seeds: {} events, {} rollbacks, {} kills, {} partitions; all complete and in order, none \
         twice; resumed within {:.1?} (seed {seed})",
        runs.len(),
        sum(|run| run.events),
        sum(|run| run.rollbacks),
        sum(|run| run.kills),
        sum(|run| run.partitions),
        slowest,
    );
    if runs.len() >= 100 {
        // A simulation where nothing happens proves nothing.
        assert!(sum(|run| run.events) > 20 * runs.len());
        for of in [
            |run: &Numbers| run.rollbacks,
            |run: &Numbers| run.kills,
            |run: &Numbers| run.partitions,
        ] {
            assert!(sum(of) >= runs.len() / 2);
        }
        assert!(slowest > Duration::ZERO);
    }
}

/// What went wrong, how to see it again, and what happened last.
fn explain(seed: u64, fault: &str, trace: &[String]) -> String {
    let last = trace.len().saturating_sub(40);
    format!(
        "seed {seed}: {fault}\n  again: cargo xtask simulate --from {seed} --seeds 1\n  the end of its \
         trace:\n    {}",
        trace[last..].join("\n    ")
    )
}

#[test]
fn a_seed_repeats_itself() {
    let first = setting("SIMULATE_FROM", 1);
    let count = setting("SIMULATE_SEEDS", SEEDS).div_ceil(50);
    for seed in first..first + count {
        let (first, again) = (run(seed, Sabotage::None), run(seed, Sabotage::None));
        assert!(first.trace.len() > 200, "{} lines", first.trace.len());
        let differs = first
            .trace
            .iter()
            .zip(&again.trace)
            .position(|(a, b)| a != b);
        if let Some(line) = differs {
            panic!(
                "seed {seed} differs in line {line}:\n{}\n{}",
                first.trace[line], again.trace[line]
            );
        }
        assert_eq!(first.trace.len(), again.trace.len(), "seed {seed}");
    }
}

#[test]
fn what_a_consumer_does_wrong_is_noticed() {
    for (sabotage, sign) in [
        (Sabotage::LosesAnEvent, "missing"),
        (Sabotage::WritesTwice, "came"),
        (Sabotage::IgnoresRollbacks, "came behind"),
    ] {
        // A fault that is hidden by chance in one run shows in another.
        let found = (1..=20).find_map(|seed| run(seed, sabotage).result.err());
        let fault = found.unwrap_or_else(|| panic!("{sabotage:?} is not noticed"));
        assert!(fault.contains(sign), "{sabotage:?}: {fault}");
    }
}
