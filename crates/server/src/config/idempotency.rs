//! How long creations may be asked for again.

use std::time::Duration;

/// What is remembered of requests with an `Idempotency-Key`. Plain data.
///
/// ```
/// use std::time::Duration;
/// use event_streamer_server::IdempotencyConfig;
///
/// assert_eq!(IdempotencyConfig::default().max_age, Duration::from_secs(24 * 60 * 60));
/// ```
#[derive(Clone, Debug)]
pub struct IdempotencyConfig {
    /// How long a key is remembered. Default 24 h.
    pub max_age: Duration,
    /// Keys of one subscriber that are remembered; the oldest make room. Default 10,000.
    pub max_per_subscriber: u32,
}

impl Default for IdempotencyConfig {
    fn default() -> Self {
        Self {
            max_age: Duration::from_secs(24 * 60 * 60),
            max_per_subscriber: 10_000,
        }
    }
}

impl IdempotencyConfig {
    pub(crate) fn fault(&self) -> Option<String> {
        let nothing = self.max_age.is_zero() || self.max_per_subscriber == 0;
        nothing.then(|| {
            "idempotency: keys must be remembered for some time, and at least one of them"
                .to_owned()
        })
    }
}
