//! What happens when a handler fails.

use std::time::Duration;

#[cfg(doc)]
use super::StreamingOptions;

/// What happens when a handler fails: returns an error, panics, or takes too long.
///
/// It is called again with the same events, after a delay that doubles from `base` to `cap`. After the
/// last attempt the stream stops with the error, and the batch is not acknowledged and comes again
/// after a restart; or its events become dead letters: see [`AfterFailure`].
///
/// ```
/// use std::time::Duration;
/// use event_streamer_client::{AfterFailure, HandlerPolicy};
///
/// let policy = HandlerPolicy::default()
///     .with_max_attempts(3)
///     .with_delays(Duration::from_millis(100), Duration::from_secs(5))
///     .with_timeout(Duration::from_secs(30))
///     .with_report_after(Duration::from_secs(10))
///     .with_after_failure(AfterFailure::DeadLetter);
/// assert_eq!(policy.max_attempts, 3);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandlerPolicy {
    /// Calls in all, the first included. Default 5.
    pub max_attempts: u32,
    /// The delay before the second call. Default 200 ms.
    pub base: Duration,
    /// The longest delay. Default 10 s.
    pub cap: Duration,
    /// How long a call may take; `None`: for ever. Default `None`.
    pub timeout: Option<Duration>,
    /// After how long a call that still runs is reported to `on_error` and `on_lifecycle`, and again
    /// each time as much later. Default 60 s.
    pub report_after: Duration,
    /// What happens after the last attempt. Default: the stream stops.
    pub after_failure: AfterFailure,
}

/// What happens with events whose handler failed for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum AfterFailure {
    /// The stream stops with the error.
    #[default]
    Stop,
    /// They are written to [`dead_letters`](StreamingOptions::dead_letters), and the stream goes on.
    /// Rollbacks stop the stream all the same: what follows one must not be handled before it.
    DeadLetter,
}

impl Default for HandlerPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 5,
            base: Duration::from_millis(200),
            cap: Duration::from_secs(10),
            timeout: None,
            report_after: Duration::from_secs(60),
            after_failure: AfterFailure::Stop,
        }
    }
}

impl HandlerPolicy {
    /// Sets how often a handler is called in all.
    #[must_use]
    pub fn with_max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Sets the shortest and the longest delay between calls.
    #[must_use]
    pub fn with_delays(mut self, base: Duration, cap: Duration) -> Self {
        self.base = base;
        self.cap = cap;
        self
    }

    /// Sets how long a call may take.
    #[must_use]
    pub fn with_timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// Sets after how long a call that still runs is reported.
    #[must_use]
    pub fn with_report_after(mut self, time: Duration) -> Self {
        self.report_after = time;
        self
    }

    /// Sets what happens after the last attempt.
    #[must_use]
    pub fn with_after_failure(mut self, then: AfterFailure) -> Self {
        self.after_failure = then;
        self
    }

    /// The delay before the next call, after `failures` calls.
    pub(crate) fn delay(&self, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(1).min(31);
        self.base.saturating_mul(1 << doublings).min(self.cap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handler_delays_double_to_the_cap() {
        let policy = HandlerPolicy::default();
        let delays: Vec<u128> = [1, 2, 3, 50].map(|n| policy.delay(n).as_millis()).to_vec();
        assert_eq!(delays, [200, 400, 800, 10_000]);
    }
}
