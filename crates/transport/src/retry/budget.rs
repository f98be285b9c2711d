//! A bound on the repeats of all calls of a client together.

use std::sync::atomic::{AtomicU32, Ordering};

/// What a success gives back, in parts of one repeat.
const PARTS_PER_REPEAT: u32 = 10;

/// Repeats left. Counts in tenths of a repeat.
#[derive(Debug)]
pub(crate) struct RetryBudget {
    parts: AtomicU32,
    full: u32,
}

impl RetryBudget {
    pub(crate) fn new(repeats: u32) -> Self {
        let full = repeats.saturating_mul(PARTS_PER_REPEAT);
        Self {
            parts: AtomicU32::new(full),
            full,
        }
    }

    /// Takes one repeat; false if none is left.
    pub(crate) fn take(&self) -> bool {
        self.update(|parts| parts.checked_sub(PARTS_PER_REPEAT))
    }

    /// A call succeeded.
    pub(crate) fn reward(&self) {
        self.update(|parts| (parts < self.full).then(|| parts + 1));
    }

    fn update(&self, change: impl FnMut(u32) -> Option<u32>) -> bool {
        // A counter that guards no other memory.
        self.parts
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, change)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_used_up_by_repeats_and_refilled_by_successes() {
        let budget = RetryBudget::new(2);
        assert!(budget.take() && budget.take());
        assert!(!budget.take());
        (0..9).for_each(|_| budget.reward());
        assert!(!budget.take());
        budget.reward();
        assert!(budget.take());
        assert!(!budget.take());
    }

    #[test]
    fn never_holds_more_than_its_size() {
        let budget = RetryBudget::new(1);
        (0..1000).for_each(|_| budget.reward());
        assert!(budget.take());
        assert!(!budget.take());
    }
}
