//! The messages of a stream other than batches, as lines.

use bytes::Bytes;
use event_streamer_models::{
    ErrorCode, Events, ReorgMessage, ResumeToken, StreamingError, StreamingHeartbeat,
};
use event_streamer_stream::{EncodeError, encode_line};
use serde::Serialize;

use super::connection::Connection;
use super::ledger::SentEvent;
use crate::clock;

/// What a reorg notice spends on everything beside the removed events.
const REORG_ENVELOPE_BYTES: usize = 2048;

/// Where a connection stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Standing {
    pub(crate) head_block: Option<u64>,
    pub(crate) last_block: Option<u64>,
    pub(crate) resume_token: Option<ResumeToken>,
    /// Messages that moved the position.
    pub(crate) step: u64,
}

/// Any message as a line.
pub(crate) fn line<T: Serialize>(message: &T) -> Result<Bytes, EncodeError> {
    encode_line(message).map(Bytes::from)
}

pub(crate) fn heartbeat(connection: &Connection, standing: Standing) -> Result<Bytes, EncodeError> {
    let subscription_id = connection.scope().subscription_id;
    line(&StreamingHeartbeat {
        head_block: standing.head_block,
        last_block: standing.last_block,
        resume_token: standing.resume_token,
        step: Some(standing.step),
        ..StreamingHeartbeat::new(connection.id().clone(), subscription_id, clock::now())
    })
}

pub(crate) fn error(
    connection: &Connection,
    code: ErrorCode,
    message: String,
    recoverable: bool,
) -> Result<Bytes, EncodeError> {
    line(&error_message(connection, code, message).with_recoverable(recoverable))
}

/// What a client without the feature `reorg` gets in place of the notice.
pub(crate) fn reorg_error(
    connection: &Connection,
    message: String,
    step: u64,
) -> Result<Bytes, EncodeError> {
    line(&error_message(connection, ErrorCode::ReorgDetected, message).with_step(step))
}

fn error_message(connection: &Connection, code: ErrorCode, message: String) -> StreamingError {
    let id = connection.id().clone();
    let subscription_id = connection.scope().subscription_id;
    StreamingError::new(id, subscription_id, code, message, clock::now())
}

/// The notice of a reorg. Of the removed events, newest first, it lists as many as fit the line.
pub(crate) fn reorg(
    mut message: ReorgMessage,
    removed: &[SentEvent],
    max_line_bytes: usize,
) -> Result<Bytes, EncodeError> {
    message.removed = by_name(fitting(
        removed,
        max_line_bytes.saturating_sub(REORG_ENVELOPE_BYTES),
    ));
    line(&message)
}

fn by_name(events: &[SentEvent]) -> Events {
    let mut removed = Events::default();
    for event in events {
        // What was sent once is JSON.
        if let Ok(json) = serde_json::from_slice(&event.json) {
            removed
                .0
                .entry(event.name.to_string())
                .or_default()
                .push(json);
        }
    }
    removed
}

/// The longest front part of `events` that takes at most `bytes`.
fn fitting(events: &[SentEvent], bytes: usize) -> &[SentEvent] {
    let mut left = bytes;
    let fits = |event: &&SentEvent| {
        // Each with its name, quotes and brackets, as if no two had the same.
        let cost = event.json.len() + 6 * event.name.len() + 6;
        let fits = cost <= left;
        left = left.saturating_sub(cost);
        fits
    };
    let count = events.iter().take_while(fits).count();
    &events[..count]
}

#[cfg(test)]
mod tests {
    use event_streamer_models::{B256, BlockRef};

    use super::*;

    fn sent(block_number: u64, name: &str) -> SentEvent {
        let json = format!(r#"{{"block_number":{block_number},"pad":"{:0200}"}}"#, 0);
        SentEvent {
            block_number,
            name: name.into(),
            json: json.into_bytes().into(),
        }
    }

    /// The length of a notice's line, and the blocks it lists by name.
    fn notice(removed: &[SentEvent], max_line_bytes: usize) -> (usize, Vec<(String, Vec<u64>)>) {
        let rollback_to = BlockRef::new(6, B256([6; 32]));
        let notice = ReorgMessage::new(rollback_to, 3, ResumeToken::from("rt_x"));
        let line = reorg(notice, removed, max_line_bytes).unwrap();
        let message: ReorgMessage = serde_json::from_slice(&line).unwrap();
        assert_eq!((message.rollback_to, message.depth), (rollback_to, 3));
        let block = |json: &serde_json::value::RawValue| {
            let event: serde_json::Value = serde_json::from_str(json.get()).unwrap();
            event["block_number"].as_u64().unwrap()
        };
        let listed = message.removed.0.iter();
        let listed = listed.map(|(name, events)| {
            (
                name.clone(),
                events.iter().map(|json| block(json)).collect(),
            )
        });
        (line.len(), listed.collect())
    }

    #[test]
    fn removed_events_are_grouped_by_name_newest_first() {
        let (_, listed) = notice(&[sent(9, "T"), sent(8, "A"), sent(7, "T")], 120_000);
        assert_eq!(
            listed,
            [("A".to_owned(), vec![8]), ("T".to_owned(), vec![9, 7])]
        );
    }

    #[test]
    fn a_notice_keeps_the_line_limit() {
        let removed: Vec<_> = (0..100).rev().map(|block| sent(block, "T")).collect();
        let (bytes, listed) = notice(&removed, 8_000);
        assert!(bytes <= 8_000, "{bytes}");
        let (_, blocks) = &listed[0];
        assert!(blocks.len() > 10 && blocks.len() < 100, "{}", blocks.len());
        assert_eq!(blocks[0], 99, "the newest are undone first");
    }
}
