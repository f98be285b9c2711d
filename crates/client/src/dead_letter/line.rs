//! One line of a dead-letter file: a letter, or that an earlier one is settled, with a checksum.

use event_streamer_models::{BatchId, SubscriptionId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use super::DeadLetter;
use crate::checkpoint::crc32_hex;

/// What a line says.
pub(super) enum Entry {
    Letter(DeadLetter),
    /// The letter at this byte of the file needs nothing more.
    Settled(u64),
}

#[derive(Serialize, Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    entry: &'a RawValue,
    crc32: &'a str,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Content {
    Letter {
        failed_at: Timestamp,
        subscription_id: SubscriptionId,
        batch_id: Option<BatchId>,
        handler: String,
        attempts: u32,
        error: String,
        event_name: String,
        /// Kept as text: numbers keep their digits.
        event: String,
    },
    Settled {
        offset: u64,
    },
}

/// The line of an entry, with its end.
pub(super) fn write(entry: &Entry) -> Result<String, serde_json::Error> {
    let content = match entry {
        Entry::Letter(letter) => {
            let letter = letter.clone();
            Content::Letter {
                failed_at: letter.failed_at,
                subscription_id: letter.subscription_id,
                batch_id: letter.batch_id,
                handler: letter.handler,
                attempts: letter.attempts,
                error: letter.error,
                event_name: letter.event_name,
                event: letter.event,
            }
        }
        Entry::Settled(offset) => Content::Settled { offset: *offset },
    };
    let entry = to_raw_value(&content)?;
    let mut line = serde_json::to_string(&Line {
        entry: &entry,
        crc32: &crc32_hex(entry.get().as_bytes()),
    })?;
    line.push('\n');
    Ok(line)
}

/// Reads a line; the reason if it is not one.
pub(super) fn read(line: &[u8]) -> Result<Entry, String> {
    let line: Line<'_> = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    if crc32_hex(line.entry.get().as_bytes()) != line.crc32 {
        return Err("its checksum is not that of its content".to_owned());
    }
    let content = serde_json::from_str(line.entry.get()).map_err(|error| error.to_string())?;
    Ok(match content {
        Content::Settled { offset } => Entry::Settled(offset),
        Content::Letter {
            failed_at,
            subscription_id,
            batch_id,
            handler,
            attempts,
            error,
            event_name,
            event,
        } => Entry::Letter(DeadLetter {
            failed_at,
            subscription_id,
            batch_id,
            handler,
            attempts,
            error,
            event_name,
            event,
        }),
    })
}
