//! How streams are written, and within which bounds.

use std::time::Duration;

/// Settings of the streams. Plain data; [`Default`] is `docs/protocol.md`, section 4.
///
/// ```
/// use std::time::Duration;
/// use event_streamer_server::DeliveryConfig;
///
/// let delivery = DeliveryConfig::default().with_heartbeat_interval(Duration::from_secs(5));
/// assert_eq!(delivery.max_line_bytes, 120_000);
/// ```
#[derive(Clone, Debug)]
pub struct DeliveryConfig {
    /// The longest silence on a stream. Default 30 s.
    pub heartbeat_interval: Duration,
    /// A connection with neither a client heartbeat, an acknowledgement nor a successful write for
    /// this long is closed; as long, acknowledgements are taken after it ended. Default 300 s.
    pub connection_timeout: Duration,
    /// The longest line, unless a single event alone is longer. Default 120,000 bytes: older
    /// readers stop at 128 KiB.
    pub max_line_bytes: usize,
    /// The most events of one batch. Default 1,000.
    pub max_batch_events: usize,
    /// Batches that may be unacknowledged on a connection before it pauses. Default 65,536.
    pub unacknowledged_batches: usize,
    /// Lines that may wait for a reader. Default 8: with full lines about a megabyte.
    pub queued_lines: usize,
    /// Bytes of delivered events kept per connection, to list them if a reorg removes them.
    /// Default 1 MiB.
    pub removable_bytes: usize,
    /// How often a batch may be refused on a connection; the last refusal makes a dead letter of it.
    /// Default 5.
    pub max_refusals: u32,
    /// When a refused batch is sent again, if its consumer does not say. Default 5 s.
    pub redelivery_delay: Duration,
    /// Dead letters that a subscription may have. Default 10,000.
    pub dead_letters: u64,
    /// Bytes of the events in them. Default 64 MiB.
    pub dead_letter_bytes: u64,
    /// How often a position that moved over blocks without events is stored. Acknowledgements
    /// are stored at once. Default 30 s.
    pub position_interval: Duration,
    /// Streams that may be open. Default 20,000.
    pub max_connections: usize,
    /// Streams that may be open on one subscription. Default 64.
    pub max_connections_per_subscription: usize,
}

impl Default for DeliveryConfig {
    fn default() -> Self {
        Self {
            heartbeat_interval: Duration::from_secs(30),
            connection_timeout: Duration::from_secs(300),
            max_line_bytes: event_streamer_stream::DEFAULT_MAX_LINE_BYTES,
            max_batch_events: 1_000,
            unacknowledged_batches: 65_536,
            queued_lines: 8,
            removable_bytes: 1024 * 1024,
            max_refusals: 5,
            redelivery_delay: Duration::from_secs(5),
            dead_letters: 10_000,
            dead_letter_bytes: 64 * 1024 * 1024,
            position_interval: Duration::from_secs(30),
            max_connections: 20_000,
            max_connections_per_subscription: 64,
        }
    }
}

impl DeliveryConfig {
    /// Sets the longest silence on a stream.
    #[must_use]
    pub fn with_heartbeat_interval(mut self, interval: Duration) -> Self {
        self.heartbeat_interval = interval;
        self
    }

    /// Sets after which silence of its client a connection is closed.
    #[must_use]
    pub fn with_connection_timeout(mut self, timeout: Duration) -> Self {
        self.connection_timeout = timeout;
        self
    }

    /// Sets the longest line, in bytes.
    #[must_use]
    pub fn with_max_line_bytes(mut self, bytes: usize) -> Self {
        self.max_line_bytes = bytes;
        self
    }

    /// Sets the most events of one batch.
    #[must_use]
    pub fn with_max_batch_events(mut self, events: usize) -> Self {
        self.max_batch_events = events;
        self
    }

    /// Sets how many batches may be unacknowledged before a connection pauses.
    #[must_use]
    pub fn with_unacknowledged_batches(mut self, batches: usize) -> Self {
        self.unacknowledged_batches = batches;
        self
    }

    pub(crate) fn fault(&self) -> Option<String> {
        let fault = if self.heartbeat_interval.is_zero() || self.connection_timeout.is_zero() {
            "the heartbeat interval and the connection time-out must be positive"
        } else if self.max_line_bytes <= event_streamer_stream::ENVELOPE_RESERVE {
            "a line must have room for more than its envelope"
        } else if self.max_batch_events == 0 || self.unacknowledged_batches == 0 {
            "batches must hold an event, and one of them must be allowed"
        } else if self.max_refusals == 0 {
            "a batch must be refused once before it is a dead letter"
        } else {
            return None;
        };
        Some(format!("delivery: {fault}"))
    }
}
