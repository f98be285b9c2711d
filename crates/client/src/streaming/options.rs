//! Settings of a stream. Plain data, every one with a default.

mod concurrency;
mod features;
mod policy;

use std::sync::Arc;
use std::time::Duration;

use event_streamer_models::ResumeToken;
use event_streamer_stream::{AckPolicy, DEFAULT_MAX_LINE, ReconnectPolicy};
use http::HeaderValue;
use serde_json::{Map, Value};

use crate::checkpoint::{CheckpointStore, CheckpointWriter};
use crate::dead_letter::DeadLetterSink;
use crate::error::Error;

pub use concurrency::Concurrency;
pub use features::Features;
pub use policy::{AfterFailure, HandlerPolicy};

/// The longest client metadata, in bytes as JSON.
const MAX_METADATA: usize = 4_096;

/// Settings of a [`StreamingClient`](crate::StreamingClient).
///
/// ```
/// use std::time::Duration;
/// use event_streamer_client::{StreamingOptions, UnhandledEvents};
///
/// let options = StreamingOptions::default()
///     .with_resume_token("rt_eyJzdWJz")
///     .with_batch_ack_interval(Duration::from_secs(1))
///     .with_unhandled_events(UnhandledEvents::Ignore);
/// assert!(options.auto_acknowledge);
/// ```
#[derive(Debug, Clone)]
pub struct StreamingOptions {
    /// Where to begin; `None`: at the acknowledged position, or else at the subscription's first
    /// block. What a checkpoint store has goes before it.
    pub resume_token: Option<ResumeToken>,
    /// What the service shows of this client; sent as `X-Client-Metadata`.
    pub client_metadata: Option<Map<String, Value>>,
    /// Whether batches that were handled are acknowledged. Default: true.
    pub auto_acknowledge: bool,
    /// How acknowledgements are gathered. Default: every 3 s, at most 1,000 in a request.
    pub acks: AckPolicy,
    /// How often the service is told that the client lives. Default 30 s.
    pub heartbeat_interval: Duration,
    /// After how long without a byte a connection is given up. Default 90 s: three heartbeats.
    pub idle_timeout: Duration,
    /// When a broken stream is opened again.
    pub reconnect: ReconnectPolicy,
    /// What happens when a handler fails, where it has no policy of its own.
    pub handlers: HandlerPolicy,
    /// How many calls of handlers run at a time. Default: one.
    pub concurrency: Concurrency,
    /// Where the position is kept between runs of the program. Default: nowhere but at the service.
    pub checkpoint_store: Option<Arc<dyn CheckpointStore>>,
    /// Under which name, beside the subscription. Default `default`.
    pub checkpoint_name: String,
    /// Who writes the position to the store. Default: the client.
    pub checkpoint_writer: CheckpointWriter,
    /// Where events go whose handler failed for good, if that is its policy.
    pub dead_letters: Option<Arc<dyn DeadLetterSink>>,
    /// What happens with events that no handler is there for. Default: the stream stops with an error.
    pub unhandled_events: UnhandledEvents,
    /// Which extensions of the protocol are asked for. Default: all.
    pub features: Features,
    /// The longest line that is read, in bytes. Default 16 MiB.
    pub max_line_bytes: usize,
    /// The most batches that wait for the application. Default 64.
    pub queue_batches: usize,
    /// The most bytes of batches that wait for the application; a longer batch waits alone. Default
    /// 8 MiB.
    pub queue_bytes: usize,
    /// How long stopping may take: for the handler that is running, and again for the last
    /// acknowledgements. Default 10 s.
    pub stop_timeout: Duration,
    /// Makes the jitter of delays repeatable, for simulations. Default: seeded from the system.
    pub jitter_seed: Option<u64>,
}

impl Default for StreamingOptions {
    fn default() -> Self {
        Self {
            resume_token: None,
            client_metadata: None,
            auto_acknowledge: true,
            acks: AckPolicy::default(),
            heartbeat_interval: Duration::from_secs(30),
            idle_timeout: Duration::from_secs(90),
            reconnect: ReconnectPolicy::default(),
            handlers: HandlerPolicy::default(),
            concurrency: Concurrency::default(),
            checkpoint_store: None,
            checkpoint_name: "default".to_owned(),
            checkpoint_writer: CheckpointWriter::default(),
            dead_letters: None,
            unhandled_events: UnhandledEvents::default(),
            features: Features::default(),
            max_line_bytes: DEFAULT_MAX_LINE,
            queue_batches: 64,
            queue_bytes: 8 * 1024 * 1024,
            stop_timeout: Duration::from_secs(10),
            jitter_seed: None,
        }
    }
}

impl StreamingOptions {
    /// Sets where to begin.
    ///
    /// ```
    /// use event_streamer_client::StreamingOptions;
    ///
    /// let options = StreamingOptions::default().with_resume_token("rt_eyJzdWJz");
    /// assert!(options.resume_token.is_some());
    /// ```
    #[must_use]
    pub fn with_resume_token(mut self, token: impl Into<ResumeToken>) -> Self {
        self.resume_token = Some(token.into());
        self
    }

    /// Sets what the service shows of this client: a JSON object of at most 4,096 bytes.
    ///
    /// ```
    /// use event_streamer_client::StreamingOptions;
    ///
    /// let mut metadata = serde_json::Map::new();
    /// metadata.insert("host".to_owned(), "billing-1".into());
    /// let options = StreamingOptions::default().with_client_metadata(metadata);
    /// assert!(options.client_metadata.is_some());
    /// ```
    #[must_use]
    pub fn with_client_metadata(mut self, metadata: Map<String, Value>) -> Self {
        self.client_metadata = Some(metadata);
        self
    }

    /// Sets whether batches that were handled are acknowledged. If not, acknowledge them by
    /// [`BatchContext::acknowledge`](crate::BatchContext::acknowledge) or
    /// [`StreamingClient::acknowledge_batch`](crate::StreamingClient::acknowledge_batch).
    ///
    /// ```
    /// use event_streamer_client::StreamingOptions;
    ///
    /// let options = StreamingOptions::default().with_auto_acknowledge(false);
    /// assert!(!options.auto_acknowledge);
    /// ```
    #[must_use]
    pub fn with_auto_acknowledge(mut self, on: bool) -> Self {
        self.auto_acknowledge = on;
        self
    }

    /// Sets how long a handled batch may wait for others before it is acknowledged.
    ///
    /// ```
    /// use event_streamer_client::StreamingOptions;
    ///
    /// let second = std::time::Duration::from_secs(1);
    /// let options = StreamingOptions::default().with_batch_ack_interval(second);
    /// assert_eq!(options.acks.interval, second);
    /// ```
    #[must_use]
    pub fn with_batch_ack_interval(mut self, interval: Duration) -> Self {
        self.acks = self.acks.with_interval(interval);
        self
    }

    /// Sets how acknowledgements are gathered.
    ///
    /// ```
    /// use event_streamer_client::StreamingOptions;
    ///
    /// let policy = event_streamer_client::AckPolicy::default().with_max_batches(100);
    /// let options = StreamingOptions::default().with_acks(policy);
    /// assert_eq!(options.acks.max_batches, 100);
    /// ```
    #[must_use]
    pub fn with_acks(mut self, policy: AckPolicy) -> Self {
        self.acks = policy;
        self
    }

    /// Sets how often the service is told that the client lives.
    ///
    /// ```
    /// use event_streamer_client::StreamingOptions;
    ///
    /// let interval = std::time::Duration::from_secs(15);
    /// let options = StreamingOptions::default().with_heartbeat_interval(interval);
    /// assert_eq!(options.heartbeat_interval, interval);
    /// ```
    #[must_use]
    pub fn with_heartbeat_interval(mut self, interval: Duration) -> Self {
        self.heartbeat_interval = interval;
        self
    }

    /// Sets after how long without a byte a connection is given up.
    ///
    /// ```
    /// use event_streamer_client::StreamingOptions;
    ///
    /// let limit = std::time::Duration::from_secs(45);
    /// let options = StreamingOptions::default().with_idle_timeout(limit);
    /// assert_eq!(options.idle_timeout, limit);
    /// ```
    #[must_use]
    pub fn with_idle_timeout(mut self, limit: Duration) -> Self {
        self.idle_timeout = limit;
        self
    }

    /// Sets when a broken stream is opened again.
    ///
    /// ```
    /// use event_streamer_client::StreamingOptions;
    ///
    /// let policy = event_streamer_client::ReconnectPolicy::default().with_max_attempts(20);
    /// let options = StreamingOptions::default().with_reconnect(policy);
    /// assert_eq!(options.reconnect.max_attempts, Some(20));
    /// ```
    #[must_use]
    pub fn with_reconnect(mut self, policy: ReconnectPolicy) -> Self {
        self.reconnect = policy;
        self
    }

    /// Sets what happens when a handler fails.
    ///
    /// ```
    /// use event_streamer_client::StreamingOptions;
    ///
    /// let policy = event_streamer_client::HandlerPolicy::default().with_max_attempts(3);
    /// let options = StreamingOptions::default().with_handlers(policy);
    /// assert_eq!(options.handlers.max_attempts, 3);
    /// ```
    #[must_use]
    pub fn with_handlers(mut self, policy: HandlerPolicy) -> Self {
        self.handlers = policy;
        self
    }

    /// Sets how many calls of handlers run at a time.
    ///
    /// ```
    /// use event_streamer_client::StreamingOptions;
    ///
    /// use event_streamer_client::Concurrency;
    ///
    /// let options = StreamingOptions::default().with_concurrency(Concurrency::lanes(8));
    /// assert_eq!(options.concurrency.count(), 8);
    /// ```
    #[must_use]
    pub fn with_concurrency(mut self, concurrency: Concurrency) -> Self {
        self.concurrency = concurrency;
        self
    }

    /// Sets where the position is kept between runs of the program.
    ///
    /// ```
    /// use event_streamer_client::StreamingOptions;
    ///
    /// use event_streamer_client::FileCheckpoints;
    ///
    /// let options = StreamingOptions::default().with_checkpoint_store(FileCheckpoints::new("positions"));
    /// assert!(options.checkpoint_store.is_some());
    /// ```
    #[must_use]
    pub fn with_checkpoint_store(mut self, store: impl CheckpointStore) -> Self {
        self.checkpoint_store = Some(Arc::new(store));
        self
    }

    /// Sets under which name the position is kept: see [`CheckpointKey`](crate::CheckpointKey).
    ///
    /// ```
    /// use event_streamer_client::StreamingOptions;
    ///
    /// let options = StreamingOptions::default().with_checkpoint_name("billing");
    /// assert_eq!(options.checkpoint_name, "billing");
    /// ```
    #[must_use]
    pub fn with_checkpoint_name(mut self, name: impl Into<String>) -> Self {
        self.checkpoint_name = name.into();
        self
    }

    /// Sets who writes the position to the store.
    ///
    /// ```
    /// use event_streamer_client::StreamingOptions;
    ///
    /// use event_streamer_client::CheckpointWriter;
    ///
    /// let options = StreamingOptions::default().with_checkpoint_writer(CheckpointWriter::Handler);
    /// assert_eq!(options.checkpoint_writer, CheckpointWriter::Handler);
    /// ```
    #[must_use]
    pub fn with_checkpoint_writer(mut self, writer: CheckpointWriter) -> Self {
        self.checkpoint_writer = writer;
        self
    }

    /// Sets where events go whose handler failed for good.
    ///
    /// ```
    /// use event_streamer_client::StreamingOptions;
    ///
    /// use event_streamer_client::{AfterFailure, DeadLetterFile, HandlerPolicy};
    ///
    /// let options = StreamingOptions::default()
    ///     .with_handlers(HandlerPolicy::default().with_after_failure(AfterFailure::DeadLetter))
    ///     .with_dead_letters(DeadLetterFile::new("dead-letters.ndjson"));
    /// assert!(options.dead_letters.is_some());
    /// ```
    #[must_use]
    pub fn with_dead_letters(mut self, sink: impl DeadLetterSink) -> Self {
        self.dead_letters = Some(Arc::new(sink));
        self
    }

    /// Sets what happens with events that no handler is there for.
    ///
    /// ```
    /// use event_streamer_client::StreamingOptions;
    ///
    /// use event_streamer_client::UnhandledEvents;
    ///
    /// let options = StreamingOptions::default().with_unhandled_events(UnhandledEvents::Ignore);
    /// assert_eq!(options.unhandled_events, UnhandledEvents::Ignore);
    /// ```
    #[must_use]
    pub fn with_unhandled_events(mut self, policy: UnhandledEvents) -> Self {
        self.unhandled_events = policy;
        self
    }

    /// Sets which extensions of the protocol are asked for.
    ///
    /// ```
    /// use event_streamer_client::StreamingOptions;
    ///
    /// use event_streamer_client::Features;
    ///
    /// let options = StreamingOptions::default().with_features(Features::none());
    /// assert!(!options.features.reorg);
    /// ```
    #[must_use]
    pub fn with_features(mut self, features: Features) -> Self {
        self.features = features;
        self
    }

    /// Sets the longest line that is read.
    ///
    /// ```
    /// use event_streamer_client::StreamingOptions;
    ///
    /// let options = StreamingOptions::default().with_max_line_bytes(1 << 20);
    /// assert_eq!(options.max_line_bytes, 1 << 20);
    /// ```
    #[must_use]
    pub fn with_max_line_bytes(mut self, bytes: usize) -> Self {
        self.max_line_bytes = bytes;
        self
    }

    /// Sets the most batches, and the most bytes of them, that wait for the application.
    ///
    /// ```
    /// use event_streamer_client::StreamingOptions;
    ///
    /// let options = StreamingOptions::default().with_queue(16, 1 << 20);
    /// assert_eq!((options.queue_batches, options.queue_bytes), (16, 1 << 20));
    /// ```
    #[must_use]
    pub fn with_queue(mut self, batches: usize, bytes: usize) -> Self {
        self.queue_batches = batches;
        self.queue_bytes = bytes;
        self
    }

    /// Sets how long stopping may take.
    ///
    /// ```
    /// use event_streamer_client::StreamingOptions;
    ///
    /// let limit = std::time::Duration::from_secs(30);
    /// let options = StreamingOptions::default().with_stop_timeout(limit);
    /// assert_eq!(options.stop_timeout, limit);
    /// ```
    #[must_use]
    pub fn with_stop_timeout(mut self, limit: Duration) -> Self {
        self.stop_timeout = limit;
        self
    }

    /// Makes the jitter of delays repeatable.
    ///
    /// ```
    /// use event_streamer_client::StreamingOptions;
    ///
    /// let options = StreamingOptions::default().with_jitter_seed(7);
    /// assert_eq!(options.jitter_seed, Some(7));
    /// ```
    #[must_use]
    pub fn with_jitter_seed(mut self, seed: u64) -> Self {
        self.jitter_seed = Some(seed);
        self
    }

    /// The metadata as a header: JSON in ASCII.
    pub(crate) fn metadata_header(&self) -> Result<Option<HeaderValue>, Error> {
        let Some(metadata) = &self.client_metadata else {
            return Ok(None);
        };
        let json = Value::Object(metadata.clone()).to_string();
        let mut ascii = String::with_capacity(json.len());
        let mut units = [0; 2];
        for c in json.chars() {
            if c.is_ascii() {
                ascii.push(c);
            } else {
                for unit in c.encode_utf16(&mut units) {
                    ascii += &format!("\\u{unit:04x}");
                }
            }
        }
        if ascii.len() > MAX_METADATA {
            return Err(Error::validation(format!(
                "the client metadata has {} bytes as json, the most is {MAX_METADATA}",
                ascii.len()
            )));
        }
        HeaderValue::try_from(ascii)
            .map(Some)
            .map_err(|_| Error::validation("the client metadata does not fit a header"))
    }
}

/// What happens with events that no handler is there for.
///
/// Logs that did not decode arrive as events of the name `$undecoded`, so they too need a handler, or
/// [`on_all_events`](crate::StreamingClient::on_all_events).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnhandledEvents {
    /// The stream stops with an error before the batch: nothing is stepped over.
    #[default]
    Fail,
    /// They count as handled.
    Ignore,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn metadata_is_json_in_ascii_and_bounded() {
        let options = |value: Value| {
            let Value::Object(map) = value else {
                panic!("an object");
            };
            StreamingOptions::default().with_client_metadata(map)
        };
        let header = options(json!({"name": "ü😀\n"})).metadata_header().unwrap();
        assert_eq!(header.unwrap(), r#"{"name":"\u00fc\ud83d\ude00\n"}"#);
        let error = options(json!({"x": "a".repeat(5_000)}))
            .metadata_header()
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation);
        assert_eq!(StreamingOptions::default().metadata_header().unwrap(), None);
    }
}
