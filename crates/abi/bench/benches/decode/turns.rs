//! Measuring contenders in turns.

use std::time::{Duration, Instant};

use crate::contenders::Contender;

/// Logs per second of each contender: the best of its turns.
pub fn race(contenders: &[Contender<'_>], logs: usize, quick: bool) -> Vec<f64> {
    // Short turns, and many: some of them fall between those of the machine's other work.
    let turn = Duration::from_millis(2);
    let turns = if quick { 40 } else { 400 };
    let mut best = vec![0.0_f64; contenders.len()];
    for _ in 0..turns {
        for (contender, best) in contenders.iter().zip(&mut best) {
            *best = best.max(rate(contender, logs, turn));
        }
    }
    best
}

fn rate(contender: &Contender<'_>, logs: usize, at_least: Duration) -> f64 {
    let start = Instant::now();
    let mut rounds = 0_u32;
    loop {
        (contender.decode_all)();
        rounds += 1;
        let elapsed = start.elapsed();
        if elapsed >= at_least {
            return logs as f64 * f64::from(rounds) / elapsed.as_secs_f64();
        }
    }
}
