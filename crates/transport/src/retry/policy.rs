//! When an exchange is repeated, and after how long. Pure: no clock, no sleep, no randomness.

use std::time::Duration;

use http::{Method, StatusCode};

use crate::error::TransportError;

/// Which repeats of a call are allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryMode {
    /// None.
    Never,
    /// Those that can do no harm: any failure of an idempotent method (RFC 9110, section 9.2.2);
    /// of other methods only where the request was certainly not carried out: no connection, or
    /// an answer of 429 or 503.
    #[default]
    Safe,
    /// Those of an idempotent method, whatever the method: the caller vouches that carrying the
    /// request out twice does no harm (a query by POST, an acknowledgement).
    Idempotent,
}

/// How often and after which delays exchanges are repeated. Plain data.
///
/// The delay before the n-th repeat is `base * 2^(n-1)`, at most `cap`, of which a random part of
/// up to one half is taken off, so that clients do not come back all at once. A response's
/// `Retry-After` is waited for in full, plus at most `base`.
///
/// ```
/// use std::time::Duration;
/// use event_streamer_transport::RetryPolicy;
///
/// let patient = RetryPolicy::default().with_max_attempts(10).with_cap(Duration::from_secs(30));
/// let never = RetryPolicy::never();
/// assert_eq!(never.max_attempts, 1);
/// # let _ = patient;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts in all, the first included. Default 4.
    pub max_attempts: u32,
    /// Delay before the first repeat. Default 250 ms.
    pub base: Duration,
    /// Longest delay, other than by `Retry-After`. Default 10 s.
    pub cap: Duration,
    /// Longest `Retry-After` that is waited for. A longer one is not shortened: the response is
    /// handed to the caller at once. Default 60 s.
    pub max_retry_after: Duration,
    /// How many repeats all calls of a client may make before a call has to succeed again: each
    /// repeat takes one, each success gives a tenth back. Keeps a service that is down from
    /// getting several times its usual load. Default 100.
    pub budget: u32,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 4,
            base: Duration::from_millis(250),
            cap: Duration::from_secs(10),
            max_retry_after: Duration::from_secs(60),
            budget: 100,
        }
    }
}

/// How an attempt ended.
pub(crate) enum Outcome<'a> {
    Response {
        status: StatusCode,
        retry_after: Option<Duration>,
    },
    Failure(&'a TransportError),
}

impl RetryPolicy {
    /// Never repeats.
    #[must_use]
    pub fn never() -> Self {
        Self {
            max_attempts: 1,
            ..Self::default()
        }
    }

    /// Sets the number of attempts, the first included.
    #[must_use]
    pub fn with_max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Sets the delay before the first repeat.
    #[must_use]
    pub fn with_base(mut self, base: Duration) -> Self {
        self.base = base;
        self
    }

    /// Sets the longest delay.
    #[must_use]
    pub fn with_cap(mut self, cap: Duration) -> Self {
        self.cap = cap;
        self
    }

    /// Sets the longest `Retry-After` that is waited for.
    #[must_use]
    pub fn with_max_retry_after(mut self, limit: Duration) -> Self {
        self.max_retry_after = limit;
        self
    }

    /// Sets how many repeats may be made before a call has to succeed again.
    #[must_use]
    pub fn with_budget(mut self, budget: u32) -> Self {
        self.budget = budget;
        self
    }

    /// The delay before the next attempt, or `None` if there is none. `attempts` were made;
    /// `random` is in `0.0..1.0`.
    pub(crate) fn decide(
        &self,
        mode: RetryMode,
        method: &Method,
        attempts: u32,
        outcome: &Outcome<'_>,
        random: f64,
    ) -> Option<Duration> {
        if attempts >= self.max_attempts || !is_allowed(mode, method, outcome) {
            return None;
        }
        match outcome {
            // Never earlier than asked, nor earlier than it would be without being asked.
            Outcome::Response {
                retry_after: Some(asked),
                ..
            } => {
                let spread = asked.saturating_add(self.base.mul_f64(random));
                (*asked <= self.max_retry_after).then(|| spread.max(self.backoff(attempts, random)))
            }
            _ => Some(self.backoff(attempts, random)),
        }
    }

    fn backoff(&self, attempts: u32, random: f64) -> Duration {
        let doublings = attempts.saturating_sub(1).min(31);
        let full = self.base.saturating_mul(1 << doublings).min(self.cap);
        full - (full / 2).mul_f64(random)
    }
}

fn is_allowed(mode: RetryMode, method: &Method, outcome: &Outcome<'_>) -> bool {
    let repeatable = match mode {
        RetryMode::Never => return false,
        RetryMode::Safe => method.is_idempotent(),
        RetryMode::Idempotent => true,
    };
    match outcome {
        Outcome::Failure(error) => error.is_retryable() && (repeatable || error.is_connect()),
        Outcome::Response { status, .. } => match *status {
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => true,
            StatusCode::REQUEST_TIMEOUT
            | StatusCode::INTERNAL_SERVER_ERROR
            | StatusCode::BAD_GATEWAY
            | StatusCode::GATEWAY_TIMEOUT => repeatable,
            _ => false,
        },
    }
}

#[cfg(test)]
mod tests;
