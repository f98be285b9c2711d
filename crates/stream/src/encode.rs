//! The service's side: decoded events to lines of the stream.

use std::io::Write as _;

use event_streamer_models::{
    BatchId, ConnectionId, Coverage, ResponseId, ResumeToken, SubscriptionId, Timestamp,
};
use serde::Serialize;

/// What a batch line may spend on everything beside its events: ids, token, coverage, keys.
///
/// The ids and tokens of the service come to about 1,000 bytes together.
pub const ENVELOPE_RESERVE: usize = 2048;

/// The longest line the service writes by default, in bytes, its `\n` included
/// (`docs/protocol.md`, section 4).
pub const DEFAULT_MAX_LINE_BYTES: usize = 120_000;

/// A message could not be written as JSON.
#[derive(Debug, thiserror::Error)]
#[error("a stream message could not be written as json")]
pub struct EncodeError(#[from] serde_json::Error);

/// One message as a line, `\n` included.
///
/// ```
/// let line = event_streamer_stream::encode_line(&serde_json::json!({"type": "heartbeat"}))?;
/// assert_eq!(line, b"{\"type\":\"heartbeat\"}\n");
/// # Ok::<(), event_streamer_stream::EncodeError>(())
/// ```
///
/// # Errors
///
/// [`EncodeError`] when the value has no JSON form, such as a map whose keys are not strings. The
/// messages of `event-streamer-models` always have one.
pub fn encode_line<T: Serialize + ?Sized>(message: &T) -> Result<Vec<u8>, EncodeError> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    Ok(line)
}

/// Everything of an `event_batch` beside its events.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchEnvelope {
    /// The id for the confirmations of older clients.
    pub response_id: ResponseId,
    /// The id that acknowledges the batch.
    pub batch_id: BatchId,
    /// The subscription the events belong to.
    pub subscription_id: SubscriptionId,
    /// The connection the batch is written to.
    pub connection_id: ConnectionId,
    /// The position after the batch.
    pub resume_token: ResumeToken,
    /// 1, 2, 3 .. on this connection.
    pub sequence: u64,
    /// 1, 2, 3 .. among the messages of this connection that move the position.
    pub step: Option<u64>,
    /// The blocks that are done with this batch, for clients with the feature `progress`.
    pub coverage: Option<Coverage>,
    /// When the batch was made.
    pub timestamp: Timestamp,
}

/// What became of an event that was pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "an event that was not added belongs to the next batch"]
pub enum Push {
    /// The event is in the batch.
    Added,
    /// The batch has no room: finish it, then push the event again.
    Full,
}

/// Gathers events, already JSON, into batch lines that keep the line limit.
///
/// Events of one name form one array, in the order they were pushed; names stand in the order of
/// their first event. The buffers are reused from batch to batch.
///
/// ```
/// use event_streamer_models::{BatchId, ConnectionId, ResponseId, ResumeToken, SubscriptionId, Timestamp};
/// use event_streamer_stream::{BatchBuilder, BatchEnvelope, DEFAULT_MAX_LINE_BYTES, Push};
///
/// let mut builder = BatchBuilder::new(DEFAULT_MAX_LINE_BYTES, 1_000);
/// assert_eq!(builder.push("Transfer", br#"{"value":"1","block_number":7,"log_index":0}"#), Push::Added);
/// let line = builder.finish(&BatchEnvelope {
///     response_id: ResponseId::from("8a3c"),
///     batch_id: BatchId::from("batch_1"),
///     subscription_id: SubscriptionId::new(1)?,
///     connection_id: ConnectionId::from("conn_1"),
///     resume_token: ResumeToken::from("rt_1"),
///     sequence: 1,
///     step: Some(1),
///     coverage: None,
///     timestamp: Timestamp::from_unix_millis(0),
/// });
/// assert!(line.ends_with(b"\n"));
/// assert!(builder.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct BatchBuilder {
    max_line_bytes: usize,
    max_events: usize,
    groups: Vec<Group>,
    /// Groups of the current batch; those behind are kept for their buffers.
    used: usize,
    events: usize,
    /// Bytes of the `events` object so far.
    bytes: usize,
}

/// The events of one name.
#[derive(Debug, Default)]
struct Group {
    name: String,
    /// `"name":[event,event`, without the closing bracket.
    json: Vec<u8>,
}

impl BatchBuilder {
    /// A builder of lines of at most `max_line_bytes` bytes, `\n` included, and `max_events` events
    /// (at least one).
    ///
    /// A line is only ever longer when it holds a single event that alone is longer. The bound holds
    /// for envelopes of up to [`ENVELOPE_RESERVE`] bytes.
    #[must_use]
    pub fn new(max_line_bytes: usize, max_events: usize) -> Self {
        Self {
            max_line_bytes,
            max_events: max_events.max(1),
            groups: Vec::new(),
            used: 0,
            events: 0,
            bytes: 0,
        }
    }

    /// Adds an event, `event_json` being one JSON object without line breaks, if there is room.
    pub fn push(&mut self, name: &str, event_json: &[u8]) -> Push {
        debug_assert!(
            memchr::memchr(b'\n', event_json).is_none(),
            "a line break inside an event would cut the line in two"
        );
        let known = self.groups[..self.used]
            .iter()
            .position(|group| group.name == name);
        let added = match known {
            // A comma and the event.
            Some(_) => 1 + event_json.len(),
            // The name escaped at worst to six bytes each, quotes, colon, brackets and comma.
            None => 6 * name.len() + 6 + event_json.len(),
        };
        let line = ENVELOPE_RESERVE + self.bytes + added;
        if self.events >= self.max_events || (self.events > 0 && line > self.max_line_bytes) {
            return Push::Full;
        }
        let index = known.unwrap_or_else(|| self.open_group(name));
        if let Some(group) = self.groups.get_mut(index) {
            if known.is_some() {
                group.json.push(b',');
            }
            group.json.extend_from_slice(event_json);
        }
        self.events += 1;
        self.bytes += added;
        Push::Added
    }

    /// The number of events gathered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.events
    }

    /// True when no event is gathered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events == 0
    }

    /// The batch as one line, `\n` included. The builder is empty again.
    pub fn finish(&mut self, envelope: &BatchEnvelope) -> Vec<u8> {
        self.finish_as(envelope, None)
    }

    /// The same for events that were sent before, and whose batch was refused so often: they lie
    /// behind what the reader has seen since.
    pub fn finish_again(&mut self, envelope: &BatchEnvelope, refusals: u32) -> Vec<u8> {
        self.finish_as(envelope, Some(refusals))
    }

    fn finish_as(&mut self, envelope: &BatchEnvelope, refusals: Option<u32>) -> Vec<u8> {
        let mut line = Vec::with_capacity(self.bytes + ENVELOPE_RESERVE);
        line.extend_from_slice(b"{\"type\":\"event_batch\",\"response_id\":");
        write_string(envelope.response_id.as_str(), &mut line);
        write_key("batch_id", &mut line);
        write_string(envelope.batch_id.as_str(), &mut line);
        write_key("subscription_id", &mut line);
        write_number(envelope.subscription_id.get(), &mut line);
        write_key("connection_id", &mut line);
        write_string(envelope.connection_id.as_str(), &mut line);
        write_key("resume_token", &mut line);
        write_string(envelope.resume_token.as_str(), &mut line);
        write_key("sequence", &mut line);
        write_number(envelope.sequence, &mut line);
        if let Some(step) = envelope.step {
            write_key("step", &mut line);
            write_number(step, &mut line);
        }
        write_key("batch_size", &mut line);
        write_number(self.events as u64, &mut line);
        write_key("timestamp", &mut line);
        write_string(&envelope.timestamp.to_string(), &mut line);
        if let Some(coverage) = &envelope.coverage {
            write_coverage(coverage, &mut line);
        }
        if let Some(refusals) = refusals {
            write_key("redelivery", &mut line);
            write_number(u64::from(refusals), &mut line);
        }
        self.write_events(&mut line);
        line.extend_from_slice(b"}\n");
        self.used = 0;
        self.events = 0;
        self.bytes = 0;
        line
    }

    fn open_group(&mut self, name: &str) -> usize {
        let index = self.used;
        if index == self.groups.len() {
            self.groups.push(Group::default());
        }
        if let Some(group) = self.groups.get_mut(index) {
            group.name.clear();
            group.name.push_str(name);
            group.json.clear();
            write_string(name, &mut group.json);
            group.json.extend_from_slice(b":[");
        }
        self.used += 1;
        index
    }

    fn write_events(&self, line: &mut Vec<u8>) {
        write_key("events", line);
        line.push(b'{');
        for (index, group) in self.groups[..self.used].iter().enumerate() {
            if index > 0 {
                line.push(b',');
            }
            line.extend_from_slice(&group.json);
            line.push(b']');
        }
        line.push(b'}');
    }
}

fn write_key(key: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(key.as_bytes());
    out.extend_from_slice(b"\":");
}

fn write_coverage(coverage: &Coverage, out: &mut Vec<u8>) {
    write_key("coverage", out);
    out.extend_from_slice(b"{\"from_block\":");
    write_number(coverage.from_block, out);
    write_key("to_block", out);
    write_number(coverage.to_block, out);
    write_key("to_block_hash", out);
    write_string(&coverage.to_block_hash.to_string(), out);
    out.push(b'}');
}

fn write_number(number: u64, out: &mut Vec<u8>) {
    // Writing to a Vec cannot fail.
    let _ = write!(out, "{number}");
}

/// Writes `text` as a JSON string, quotes included.
fn write_string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for &byte in text.as_bytes() {
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            // Control characters; everything else, UTF-8 included, stands as it is.
            0x00..=0x1f => {
                let _ = write!(out, "\\u{byte:04x}");
            }
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests;
