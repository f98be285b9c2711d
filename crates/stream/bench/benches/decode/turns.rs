//! Measuring contenders in turns.

use std::time::{Duration, Instant};

use crate::contenders::Contender;

/// How many turns, and how long each: many and short, so that some have the machine to themselves.
pub struct Turns {
    count: usize,
    each: Duration,
}

impl Turns {
    pub const ONCE: Self = Self::new(1, 0);
    pub const QUICK: Self = Self::new(40, 5);
    pub const THOROUGH: Self = Self::new(200, 5);

    const fn new(count: usize, millis: u64) -> Self {
        let each = Duration::from_millis(millis);
        Self { count, each }
    }

    /// Events per second of each contender: the best of its turns.
    pub fn race(&self, contenders: &[Contender<'_>], events: usize) -> Vec<f64> {
        let mut best = vec![0.0_f64; contenders.len()];
        for _ in 0..self.count {
            for (contender, best) in contenders.iter().zip(&mut best) {
                *best = best.max(rate(contender, events, self.each));
            }
        }
        best
    }
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
