//! The stream that the bench replays: ERC-20 transfers in batches, as the service writes them.

use event_streamer_models::{
    BatchId, ConnectionId, ParseError, ResponseId, ResumeToken, SubscriptionId, Timestamp,
};
use event_streamer_stream::{BatchBuilder, BatchEnvelope, Push, encode_line};
use serde_json::json;

/// The subscription that is streamed.
pub const SUBSCRIPTION: u64 = 1;
/// The connection that every stream is on.
pub const CONNECTION: &str = "conn_7b1f0a52-0f5e-4c0b-9d57-3a2f9c1e8d64";
/// When every batch is made and every answer is given.
pub const TIME: &str = "2024-05-23T10:30:00.000Z";
/// The name of the events.
pub const EVENT: &str = "Transfer";

/// So many lines wait for a reader in the service, as long as its defaults are kept.
const QUEUED_LINES: usize = 8;
/// The most bytes of lines that the service joins in one chunk.
const MAX_JOINED: usize = 64 << 10;

/// The body of a stream to a reader that is behind, as the service writes it in HTTP/1.1: the lines
/// that wait are one chunk, as far as they fit.
///
/// The events have the fields that every client is sent. What else the service may send on request
/// (`block_hash`, `event_id` and the like) is left out, so that all contenders read the same bytes.
///
/// # Errors
/// Never: the ids and times are well-formed.
pub fn batches(events: u64, per_batch: usize) -> Result<Vec<u8>, ParseError> {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut builder = BatchBuilder::new(usize::MAX, per_batch);
    let (mut body, mut waiting, mut lines) = (Vec::new(), Vec::new(), 0);
    let mut sequence = 0;
    for nth in 0..events {
        let pushed = builder.push(EVENT, event(nth, &mut random).as_bytes());
        debug_assert_eq!(pushed, Push::Added);
        if builder.len() == per_batch || nth + 1 == events {
            sequence += 1;
            let line = builder.finish(&envelope(sequence, nth, &mut random)?);
            if lines == QUEUED_LINES || waiting.len() + line.len() > MAX_JOINED {
                push_chunk(&waiting, &mut body);
                waiting.clear();
                lines = 0;
            }
            waiting.extend_from_slice(&line);
            lines += 1;
        }
    }
    push_chunk(&waiting, &mut body);
    Ok(body)
}

/// What ends a stream for a client that asked to be told: `complete`, then the last chunk.
///
/// # Errors
/// Never: the message has a JSON form.
pub fn ending(events: u64) -> Result<Vec<u8>, event_streamer_stream::EncodeError> {
    let line = encode_line(&json!({
        "type": "complete",
        "connection_id": CONNECTION,
        "subscription_id": SUBSCRIPTION,
        "resume_token": "rt_end",
        "events_delivered": events,
        "timestamp": TIME,
    }))?;
    let mut body = Vec::new();
    push_chunk(&line, &mut body);
    body.extend_from_slice(b"0\r\n\r\n");
    Ok(body)
}

/// Nothing is no chunk: an empty one would end the body.
fn push_chunk(lines: &[u8], body: &mut Vec<u8>) {
    if lines.is_empty() {
        return;
    }
    body.extend_from_slice(format!("{:x}\r\n", lines.len()).as_bytes());
    body.extend_from_slice(lines);
    body.extend_from_slice(b"\r\n");
}

/// Ten to a block, of any token, any two accounts and any value.
fn event(nth: u64, random: &mut Random) -> String {
    const FIRST_BLOCK: u64 = 18_426_253;
    const BLOCK: u64 = 10;
    let (block, index) = (FIRST_BLOCK + nth / BLOCK, nth % BLOCK);
    let (from, to, token) = (random.hex(40), random.hex(40), random.hex(40));
    let value = u128::from(random.next()) << (random.next() % 24);
    let transaction = random.hex(64);
    let (minute, second) = (nth / BLOCK / 60 % 60, nth / BLOCK % 60);
    format!(
        r#"{{"from":"0x{from}","to":"0x{to}","value":"{value}","block_number":{block},"transaction_hash":"0x{transaction}","log_index":{index},"address":"0x{token}","timestamp":"2024-05-23T10:{minute:02}:{second:02}.000Z"}}"#
    )
}

fn envelope(sequence: u64, nth: u64, random: &mut Random) -> Result<BatchEnvelope, ParseError> {
    Ok(BatchEnvelope {
        response_id: ResponseId::from(random.uuid()),
        batch_id: BatchId::from(format!("batch_{}", random.uuid())),
        subscription_id: SubscriptionId::new(SUBSCRIPTION)?,
        connection_id: ConnectionId::from(CONNECTION),
        // As long as those of the service, of which no client looks inside.
        resume_token: ResumeToken::from(format!("rt_{}{nth:016x}", random.hex(224))),
        sequence,
        step: Some(sequence),
        coverage: None,
        timestamp: TIME.parse::<Timestamp>()?,
    })
}

/// Marsaglia's xorshift: the same stream every time.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn hex(&mut self, digits: usize) -> String {
        let mut text = String::with_capacity(digits + 16);
        while text.len() < digits {
            text.push_str(&format!("{:016x}", self.next()));
        }
        text.truncate(digits);
        text
    }

    fn uuid(&mut self) -> String {
        let digits = self.hex(32);
        let parts = [
            &digits[..8],
            &digits[8..12],
            &digits[12..16],
            &digits[16..20],
            &digits[20..],
        ];
        parts.join("-")
    }
}
