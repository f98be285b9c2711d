//! What a session is told before it begins.

use std::time::Duration;

use event_streamer_models::{ResumeToken, SubscriptionId};

/// The settings of a [`Session`](crate::Session).
#[derive(Debug, Clone)]
pub struct SessionConfig {
    /// The subscription that is streamed; batches of another are refused.
    pub subscription_id: SubscriptionId,
    /// Where to begin; `None`: where the service says.
    pub resume_token: Option<ResumeToken>,
    /// Whether handled batches are acknowledged.
    pub acknowledge: bool,
    /// Who keeps the position, and so what an acknowledgement waits for.
    pub keeper: PositionKeeper,
    /// When and how often to connect again.
    pub reconnect: ReconnectPolicy,
    /// How acknowledgements are gathered.
    pub acks: AckPolicy,
    /// The most deliveries, and the most acknowledgements, that may be outstanding before no more
    /// is read. Default 32,768: with the tokens of our service some 14 MiB of acknowledgements.
    pub max_in_flight: usize,
}

impl SessionConfig {
    /// The defaults for a subscription.
    #[must_use]
    pub fn new(subscription_id: SubscriptionId) -> Self {
        Self {
            subscription_id,
            resume_token: None,
            acknowledge: true,
            keeper: PositionKeeper::default(),
            reconnect: ReconnectPolicy::default(),
            acks: AckPolicy::default(),
            max_in_flight: 32_768,
        }
    }
}

/// Who keeps the position from one process to the next.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PositionKeeper {
    /// The service: what is handled may be acknowledged.
    #[default]
    Service,
    /// A checkpoint store: what is handled is acknowledged once
    /// [`Session::checkpointed`](crate::Session::checkpointed) says that the store has it durably.
    Store,
}

/// When a broken stream is opened again.
///
/// The delay doubles from `base` to `cap`, plus a random part of up to as much again, and never
/// shrinks until the position has moved: a service that accepts and fails at once is not asked
/// faster than one that refuses.
///
/// ```
/// use std::time::Duration;
/// use event_streamer_stream::ReconnectPolicy;
///
/// let policy = ReconnectPolicy::default()
///     .with_delays(Duration::from_secs(1), Duration::from_secs(5))
///     .with_max_attempts(20);
/// assert_eq!(policy.max_attempts, Some(20));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReconnectPolicy {
    /// The shortest delay.
    pub base: Duration,
    /// The longest delay, unless the service asks for a longer one.
    pub cap: Duration,
    /// How often in a row without moving the position; `None`: for ever.
    pub max_attempts: Option<u32>,
    /// How often in a row the stream may break the protocol at one position before that is final.
    pub max_protocol_faults: u32,
    /// The longest wait that the service may ask for with `Retry-After`; a longer one is final.
    pub max_retry_after: Duration,
}

impl Default for ReconnectPolicy {
    fn default() -> Self {
        Self {
            base: Duration::from_millis(250),
            cap: Duration::from_secs(10),
            max_attempts: None,
            max_protocol_faults: 8,
            max_retry_after: Duration::from_secs(3600),
        }
    }
}

impl ReconnectPolicy {
    /// Sets the shortest and the longest delay.
    #[must_use]
    pub fn with_delays(mut self, base: Duration, cap: Duration) -> Self {
        self.base = base;
        self.cap = cap;
        self
    }

    /// Sets how often in a row to try without moving the position.
    #[must_use]
    pub fn with_max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = Some(attempts);
        self
    }

    /// Sets how often in a row the stream may break the protocol at one position.
    #[must_use]
    pub fn with_max_protocol_faults(mut self, faults: u32) -> Self {
        self.max_protocol_faults = faults;
        self
    }

    /// Sets the longest wait that the service may ask for.
    #[must_use]
    pub fn with_max_retry_after(mut self, wait: Duration) -> Self {
        self.max_retry_after = wait;
        self
    }
}

/// How acknowledgements are gathered and repeated.
///
/// ```
/// use std::time::Duration;
/// use event_streamer_stream::AckPolicy;
///
/// let policy = AckPolicy::default()
///     .with_interval(Duration::from_millis(500))
///     .with_max_batches(5_000);
/// assert_eq!(policy.max_batches, 1_000, "the most that the protocol allows");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AckPolicy {
    /// How long a handled batch may wait for others before its acknowledgement is sent.
    pub interval: Duration,
    /// The most batches in one request; so many are sent at once. At most 1,000.
    pub max_batches: usize,
    /// How often an acknowledgement that the service refuses is sent.
    pub max_attempts: u32,
    /// The longest delay between repeats.
    pub max_delay: Duration,
}

/// The most batch ids that the protocol allows in one request.
pub(crate) const MAX_BATCHES_PER_REQUEST: usize = 1_000;

impl Default for AckPolicy {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(3),
            max_batches: MAX_BATCHES_PER_REQUEST,
            max_attempts: 5,
            max_delay: Duration::from_secs(10),
        }
    }
}

impl AckPolicy {
    /// Sets how long a handled batch may wait for others.
    #[must_use]
    pub fn with_interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// Sets the most batches in one request, 1 to 1,000.
    #[must_use]
    pub fn with_max_batches(mut self, batches: usize) -> Self {
        self.max_batches = batches.clamp(1, MAX_BATCHES_PER_REQUEST);
        self
    }

    /// Sets how often a refused acknowledgement is sent.
    #[must_use]
    pub fn with_max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }
}
