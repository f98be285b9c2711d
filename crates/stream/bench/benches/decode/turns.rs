//! Measuring contenders in turns.

use std::time::{Duration, Instant};

use crate::contenders::Contender;

/// Events per second of each contender: the best of its turns.
pub fn race(contenders: &[Contender<'_>], events: usize, quick: bool) -> Vec<f64> {
    let (turns, turn) = if quick {
        (5, Duration::from_millis(20))
    } else {
        (20, Duration::from_millis(50))
    };
    let mut best = vec![0.0_f64; contenders.len()];
    for _ in 0..turns {
        for (contender, best) in contenders.iter().zip(&mut best) {
            *best = best.max(rate(contender, events, turn));
        }
    }
    best
}

fn rate(contender: &Contender<'_>, events: usize, at_least: Duration) -> f64 {
    let start = Instant::now();
    let mut rounds = 0_u32;
    loop {
        (contender.read_all)();
        rounds += 1;
        let elapsed = start.elapsed();
        if elapsed >= at_least {
            return events as f64 * f64::from(rounds) / elapsed.as_secs_f64();
        }
    }
}
