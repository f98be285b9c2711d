//! Delays that grow and do not shrink.

use std::time::Duration;

/// Doubling delays with jitter between a base and a cap.
#[derive(Debug, Clone)]
pub(crate) struct Backoff {
    base: Duration,
    cap: Duration,
    attempts: u32,
}

impl Backoff {
    pub(crate) fn new(base: Duration, cap: Duration) -> Self {
        Self {
            base: base.min(cap),
            cap,
            attempts: 0,
        }
    }

    /// Delays given since the start or the last reset.
    pub(crate) fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The next delay; `unit` is random in 0..1.
    ///
    /// The n-th lies in `base * 2^n` to twice that, so none is shorter than the one before it,
    /// whatever the jitter.
    pub(crate) fn next(&mut self, unit: f64) -> Duration {
        let doubled = 2u32
            .checked_pow(self.attempts)
            .and_then(|factor| self.base.checked_mul(factor))
            .unwrap_or(self.cap)
            .min(self.cap);
        self.attempts = self.attempts.saturating_add(1);
        let unit = if unit.is_finite() {
            unit.clamp(0.0, 1.0)
        } else {
            0.0
        };
        doubled.saturating_add(doubled.mul_f64(unit)).min(self.cap)
    }

    pub(crate) fn reset(&mut self) {
        self.attempts = 0;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn delays_never_shrink_and_keep_the_cap(
            base in 1u64..10_000,
            cap in 1u64..100_000,
            units in proptest::collection::vec(0.0f64..1.0, 1..60),
        ) {
            let cap = Duration::from_millis(cap);
            let mut backoff = Backoff::new(Duration::from_millis(base), cap);
            let mut last = Duration::ZERO;
            for unit in units {
                let delay = backoff.next(unit);
                prop_assert!(delay >= last);
                prop_assert!(delay <= cap);
                last = delay;
            }
        }
    }

    #[test]
    fn a_reset_begins_anew() {
        let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(10));
        let first = backoff.next(0.0);
        assert_eq!(first, Duration::from_millis(100));
        assert_eq!(backoff.next(0.5), Duration::from_millis(300));
        assert_eq!(backoff.attempts(), 2);
        backoff.reset();
        assert_eq!(backoff.next(0.0), first);
    }
}
