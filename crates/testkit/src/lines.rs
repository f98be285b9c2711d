//! Lines of the stream as the service writes them, for scripts of wire servers.

use std::cell::Cell;

use event_streamer_models::{
    BatchId, ConnectionId, ResponseId, ResumeToken, SubscriptionId, Timestamp,
};
use event_streamer_stream::{BatchBuilder, BatchEnvelope, Push, encode_line};
use serde_json::{Value, json};

/// The name of the events that [`StreamLines::batch`] sends.
const EVENT_NAME: &str = "Transfer";

/// When everything in these lines happens.
const TIME: &str = "2024-05-23T10:30:00.000Z";

/// Writes the lines of one connection: numbers its batches, and gives batches and tokens names
/// that a test can foretell.
///
/// ```
/// use event_streamer_testkit::{Script, StreamLines, event};
///
/// let mut lines = StreamLines::new(7, "conn_a");
/// let script = Script::new()
///     .expect("GET /subscriptions/7/stream")
///     .stream_head(&[("content-type", "application/x-ndjson"), ("x-connection-id", "conn_a")])
///     .chunk(lines.batch(&[event(10, 0), event(10, 1)]))
///     .chunk(lines.heartbeat())
///     .chunk(lines.batch(&[event(12, 4)]))
///     .chunk(lines.complete(3, "rt_12_4"))
///     .last_chunk();
/// # let _ = script;
/// assert_eq!(lines.batch_ids(), ["conn_a-batch-1", "conn_a-batch-2"]);
/// ```
#[derive(Clone, Debug)]
pub struct StreamLines {
    subscription_id: SubscriptionId,
    connection_id: ConnectionId,
    /// Of the last batch.
    sequence: u64,
    /// Of the last message that moved the position, with services that tell it.
    step: Option<Cell<u64>>,
}

impl StreamLines {
    /// The lines of a connection of a subscription.
    ///
    /// # Panics
    ///
    /// If the subscription's id is 0.
    #[must_use]
    pub fn new(subscription_id: u64, connection_id: &str) -> Self {
        Self {
            subscription_id: SubscriptionId::new(subscription_id).expect("ids begin at 1"),
            connection_id: ConnectionId::from(connection_id),
            sequence: 0,
            step: None,
        }
    }

    /// The lines of a service that counts the messages that move the position, each made in the order
    /// in which it is sent.
    #[must_use]
    pub fn with_steps(mut self) -> Self {
        self.step = Some(Cell::new(0));
        self
    }

    /// The next batch, of events named `Transfer`. Its token is the [`token`] of its last event.
    pub fn batch(&mut self, events: &[Value]) -> Vec<u8> {
        self.batch_of(EVENT_NAME, events)
    }

    /// The next batch, of events of a name.
    pub fn batch_of(&mut self, name: &str, events: &[Value]) -> Vec<u8> {
        let last = events.last().unwrap_or(&Value::Null);
        let token = token_text(&last["block_number"], &last["log_index"]);
        self.batch_at(name, events, &token)
    }

    /// The next batch, with a token.
    pub fn batch_at(&mut self, name: &str, events: &[Value], token: &str) -> Vec<u8> {
        self.sequence += 1;
        let step = self.next_step();
        let mut batch = BatchBuilder::new(usize::MAX, usize::MAX);
        for event in events {
            assert_eq!(batch.push(name, event.to_string().as_bytes()), Push::Added);
        }
        batch.finish(&BatchEnvelope {
            response_id: ResponseId::from(format!("response-{}", self.sequence)),
            batch_id: BatchId::from(self.batch_id(self.sequence)),
            subscription_id: self.subscription_id,
            connection_id: self.connection_id.clone(),
            resume_token: ResumeToken::from(token),
            sequence: self.sequence,
            step,
            coverage: None,
            timestamp: TIME.parse::<Timestamp>().expect("a time"),
        })
    }

    /// The id of the batch with this sequence number.
    #[must_use]
    pub fn batch_id(&self, sequence: u64) -> String {
        format!("{}-batch-{sequence}", self.connection_id)
    }

    /// The ids of the batches so far.
    #[must_use]
    pub fn batch_ids(&self) -> Vec<String> {
        (1..=self.sequence)
            .map(|sequence| self.batch_id(sequence))
            .collect()
    }

    /// A heartbeat.
    #[must_use]
    pub fn heartbeat(&self) -> Vec<u8> {
        self.message(
            "heartbeat",
            json!({"step": self.step.as_ref().map(Cell::get)}),
        )
    }

    /// An error of the service.
    #[must_use]
    pub fn error(&self, code: &str, message: &str, recoverable: bool) -> Vec<u8> {
        let fields =
            json!({"error_code": code, "error_message": message, "recoverable": recoverable});
        self.message("error", fields)
    }

    /// Nothing matched in these blocks.
    #[must_use]
    pub fn progress(&self, from_block: u64, to_block: u64) -> Vec<u8> {
        let fields = json!({
            "resume_token": format!("rt_{to_block}_end"),
            "from_block": from_block,
            "to_block": to_block,
            "to_block_hash": block_hash(to_block),
            "head_block": to_block,
            "step": self.next_step(),
        });
        self.message("progress", fields)
    }

    /// Everything above a block is undone; of that, these events were delivered.
    #[must_use]
    pub fn reorg(&self, rollback_to: u64, depth: u64, removed: &[Value]) -> Vec<u8> {
        let fields = json!({
            "rollback_to": {"block_number": rollback_to, "block_hash": block_hash(rollback_to)},
            "depth": depth,
            "removed": {EVENT_NAME: removed},
            "resume_token": format!("rt_{rollback_to}_end"),
            "step": self.next_step(),
        });
        self.message("reorg", fields)
    }

    /// The subscription is at its end.
    #[must_use]
    pub fn complete(&self, events_delivered: u64, token: &str) -> Vec<u8> {
        let fields = json!({
            "events_delivered": events_delivered,
            "resume_token": token,
            "step": self.next_step(),
        });
        self.message("complete", fields)
    }

    fn next_step(&self) -> Option<u64> {
        let step = self.step.as_ref()?;
        step.set(step.get() + 1);
        Some(step.get())
    }

    /// A message of a type, with ids and time.
    #[must_use]
    pub fn message(&self, kind: &str, fields: Value) -> Vec<u8> {
        let mut message = json!({
            "type": kind,
            "connection_id": self.connection_id.as_str(),
            "subscription_id": self.subscription_id.get(),
            "timestamp": TIME,
        });
        if let (Value::Object(message), Value::Object(fields)) = (&mut message, fields) {
            message.extend(fields);
        }
        encode_line(&message).expect("any JSON value can be written")
    }
}

/// A decoded ERC-20 transfer with all its metadata, of chain 1.
#[must_use]
pub fn event(block_number: u64, log_index: u32) -> Value {
    event_of_branch(0, block_number, log_index)
}

/// The event at the same place of another branch: it differs in its block's hash, and so in its id.
#[must_use]
pub fn event_of_branch(branch: u8, block_number: u64, log_index: u32) -> Value {
    let hash = branch_hash(branch, block_number);
    json!({
        "from": "0x1111111111111111111111111111111111111111",
        "to": "0x2222222222222222222222222222222222222222",
        "value": "115792089237316195423570985008687907853269984665640564039457584007913129639935",
        "block_number": block_number,
        "transaction_hash": format!("0x{log_index:064x}"),
        "log_index": log_index,
        "address": "0x3333333333333333333333333333333333333333",
        "timestamp": TIME,
        "block_hash": hash,
        "transaction_index": 0,
        "chain_id": 1,
        "event_id": format!("1-{hash}-{log_index}"),
    })
}

/// The hash of a block in these lines.
#[must_use]
pub fn block_hash(block_number: u64) -> String {
    branch_hash(0, block_number)
}

/// The resume token behind an event in these lines.
#[must_use]
pub fn token(block_number: u64, log_index: u32) -> String {
    token_text(&block_number.into(), &log_index.into())
}

fn branch_hash(branch: u8, block_number: u64) -> String {
    format!("0xb{branch:02x}{block_number:061x}")
}

fn token_text(block_number: &Value, log_index: &Value) -> String {
    format!("rt_{block_number}_{log_index}")
}

#[cfg(test)]
mod tests {
    use event_streamer_stream::StreamMessage;

    use super::*;

    fn parsed(line: &[u8]) -> Value {
        assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
        assert!(line.ends_with(b"\n"));
        serde_json::from_slice(line).unwrap()
    }

    #[test]
    fn batches_are_numbered_and_named() {
        let mut lines = StreamLines::new(7, "conn_a");
        lines.batch(&[event(10, 0)]);
        let second = parsed(&lines.batch_of("Approval", &[event(10, 3), event(11, 0)]));
        assert_eq!(second["type"], "event_batch");
        assert_eq!(
            (&second["sequence"], &second["batch_size"]),
            (&json!(2), &json!(2))
        );
        assert_eq!(
            (&second["subscription_id"], &second["connection_id"]),
            (&json!(7), &json!("conn_a"))
        );
        assert_eq!(second["batch_id"], lines.batch_id(2));
        assert_eq!(second["resume_token"], token(11, 0));
        assert_eq!(
            second["events"],
            json!({"Approval": [event(10, 3), event(11, 0)]})
        );
    }

    #[test]
    fn every_line_is_a_message_of_the_protocol() {
        let mut lines = StreamLines::new(7, "conn_a");
        for (line, kind) in [
            (lines.batch(&[event(1, 0)]), "event_batch"),
            (lines.heartbeat(), "heartbeat"),
            (lines.error("RATE_LIMITED", "slow down", true), "error"),
            (lines.progress(2, 9), "progress"),
            (lines.reorg(8, 1, &[event(9, 0)]), "reorg"),
            (lines.complete(1, "rt_9_0"), "complete"),
        ] {
            assert_eq!(parsed(&line)["type"], kind);
            let message = StreamMessage::decode(line.into());
            assert!(
                !matches!(message, Err(_) | Ok(StreamMessage::Unknown { .. })),
                "{message:?}"
            );
        }
    }

    #[test]
    fn branches_differ_in_hash_and_id_only() {
        let (mut one, mut other) = (event(10, 3), event_of_branch(1, 10, 3));
        for key in ["block_hash", "event_id"] {
            assert_ne!(one[key].take(), other[key].take());
        }
        assert_eq!(one, other);
        assert_eq!(block_hash(10).len(), 66);
    }
}
