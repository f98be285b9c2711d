//! How long to wait after a fault.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

/// Waits that double from `base` to `cap`, each shortened by up to a half at random so that many
/// who failed together do not come back together. Starts over when there was progress.
#[derive(Clone, Debug)]
pub(crate) struct Backoff {
    base: Duration,
    cap: Duration,
    failures: u32,
    random: u64,
}

impl Backoff {
    /// Jitter from a seed; from the operating system, by way of the standard library's hash keys,
    /// if there is none.
    pub(crate) fn new(base: Duration, cap: Duration, seed: Option<u64>) -> Self {
        Self::seeded(base, cap, seed.unwrap_or_else(random_seed))
    }

    fn seeded(base: Duration, cap: Duration, seed: u64) -> Self {
        // Zero would stay zero for ever.
        Self {
            base,
            cap: cap.max(base),
            failures: 0,
            random: seed | 1,
        }
    }

    /// The wait after one more failure.
    pub(crate) fn failed(&mut self) -> Duration {
        let full = self
            .base
            .saturating_mul(1_u32.checked_shl(self.failures).unwrap_or(u32::MAX));
        let full = full.min(self.cap);
        self.failures = self.failures.saturating_add(1).min(31);
        let half = full / 2;
        half + half.mul_f64(self.next_fraction())
    }

    /// Something moved: the next failure is the first again.
    pub(crate) fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// How many failures there were since something moved.
    pub(crate) fn failures(&self) -> u32 {
        self.failures
    }

    /// The next of a sequence in 0..1 (xorshift64, Marsaglia 2003).
    fn next_fraction(&mut self) -> f64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// A number that nobody knows beforehand.
pub(crate) fn random_seed() -> u64 {
    RandomState::new().build_hasher().finish()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn grows_within_bounds_until_something_moves(
            base in 1..5_000_u64, cap in 1..60_000_u64, seed: u64, failures in 1..100_usize,
        ) {
            let (base, cap) = (Duration::from_millis(base), Duration::from_millis(cap));
            let mut backoff = Backoff::seeded(base, cap, seed);
            let mut full = base;
            for _ in 0..failures {
                let wait = backoff.failed();
                prop_assert!(wait >= full / 2 && wait <= full, "{wait:?} of {full:?}");
                full = (full * 2).min(cap.max(base));
            }
            backoff.succeeded();
            prop_assert!(backoff.failed() <= base);
        }
    }
}
