//! What is read: the bytes of a stream, as our service writes them.

use bytes::Bytes;
use event_streamer_models::{
    BatchId, ConnectionId, ResponseId, ResumeToken, SubscriptionId, Timestamp,
};
use event_streamer_stream::{BatchBuilder, BatchEnvelope, Push};

/// Events of a subject; a multiple of every batch size.
const EVENTS: usize = 10_000;

/// What a socket gives at a time.
const CHUNK: usize = 64 * 1024;

pub struct Subject {
    pub per_batch: usize,
    pub events: usize,
    pub body: Bytes,
}

impl Subject {
    pub fn new(per_batch: usize) -> Self {
        let mut builder = BatchBuilder::new(usize::MAX, per_batch);
        let mut body = Vec::new();
        for sequence in 0..EVENTS / per_batch {
            for nth in 0..per_batch {
                let event = event(sequence * per_batch + nth);
                assert_eq!(builder.push("Transfer", event.as_bytes()), Push::Added);
            }
            body.extend(builder.finish(&envelope(sequence as u64 + 1)));
        }
        Self {
            per_batch,
            events: EVENTS,
            body: body.into(),
        }
    }

    pub fn bytes_per_event(&self) -> usize {
        self.body.len() / self.events
    }

    /// The lines without their ends, for those who cannot cut a stream themselves.
    pub fn lines(&self) -> impl Iterator<Item = &[u8]> {
        let mut from = 0;
        memchr::memchr_iter(b'\n', &self.body).map(move |end| {
            let line = &self.body[from..end];
            from = end + 1;
            line
        })
    }

    /// The bytes as they would come from a socket.
    pub fn chunks(&self) -> impl Iterator<Item = Bytes> {
        (0..self.body.len())
            .step_by(CHUNK)
            .map(|from| self.body.slice(from..self.body.len().min(from + CHUNK)))
    }
}

fn event(nth: usize) -> String {
    let block = 18_426_253 + nth / 100;
    let log_index = nth % 100;
    // Digits that differ from event to event, as hashes do.
    let mix = |salt: u64| {
        (nth as u64 + 1)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(7)
            ^ salt
    };
    let address = |salt| {
        format!(
            "0x{:016x}{:016x}{:08x}",
            mix(salt),
            mix(salt + 1),
            mix(salt + 2) as u32
        )
    };
    let hash = |salt| {
        format!(
            "0x{:016x}{:016x}{:016x}{:016x}",
            mix(salt),
            mix(salt + 1),
            mix(salt + 2),
            mix(salt + 3)
        )
    };
    let (from, to, contract) = (address(1), address(5), address(9));
    let (transaction, block_hash) = (hash(20), format!("0x{block:064x}"));
    let value = u128::from(mix(40)) * 1_000_000;
    format!(
        r#"{{"from":"{from}","to":"{to}","value":"{value}","block_number":{block},"transaction_hash":"{transaction}","log_index":{log_index},"address":"{contract}","timestamp":"2023-10-25T10:00:11.000Z","block_hash":"{block_hash}","transaction_index":{},"chain_id":1,"event_id":"1-{block_hash}-{log_index}"}}"#,
        log_index / 2
    )
}

fn envelope(sequence: u64) -> BatchEnvelope {
    BatchEnvelope {
        response_id: ResponseId::from(uuid(sequence)),
        batch_id: BatchId::from(format!("batch_{}", uuid(sequence + 1))),
        subscription_id: SubscriptionId::new(123).expect("not zero"),
        connection_id: ConnectionId::from(format!("conn_{}", uuid(7))),
        resume_token: ResumeToken::from(format!(
            "rt_{}",
            "eyJzdWJzY3JpcHRpb25faWQiOjEyMyw".repeat(8)
        )),
        sequence,
        step: Some(sequence),
        coverage: None,
        timestamp: Timestamp::from_unix_millis(1_700_000_000_000),
    }
}

fn uuid(n: u64) -> String {
    format!("{:08x}-3a3b-8c3d-9e3f-{:012x}", n as u32, n)
}
