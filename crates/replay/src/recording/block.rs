//! One recorded block: its header, and its logs with the JSON they are served as.

use std::sync::OnceLock;

use event_streamer_models::{B256, BlockHeader, Extra, Log, LogsBloom};

use crate::error::{RecordingError, RecordingErrorKind};
use crate::keccak::bloom_of;

/// A block that the recording has a header or a log of, with everything missing derived.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) number: u64,
    pub(crate) hash: B256,
    pub(super) parent_hash: B256,
    timestamp: u64,
    /// As recorded; computed from the logs when first asked for otherwise.
    logs_bloom: OnceLock<LogsBloom>,
    receipts_root: Option<B256>,
    extra: Extra,
    logs: Vec<Log>,
    /// The logs as JSON objects, joined by commas: a block that is asked for whole is one copy.
    json: Vec<u8>,
    /// Where each log ends in `json`.
    ends: Vec<usize>,
}

/// What [`Block::new`] is made of.
pub(super) struct BlockParts {
    pub(super) number: u64,
    pub(super) hash: B256,
    pub(super) parent_hash: B256,
    pub(super) timestamp: u64,
    pub(super) logs_bloom: Option<LogsBloom>,
    pub(super) receipts_root: Option<B256>,
    pub(super) extra: Extra,
    pub(super) logs: Vec<Log>,
}

impl Block {
    pub(super) fn new(parts: BlockParts) -> Result<Self, RecordingError> {
        let mut logs = parts.logs;
        let mut json = Vec::new();
        let mut ends = Vec::with_capacity(logs.len());
        for log in &mut logs {
            log.block_hash = Some(parts.hash);
            if !json.is_empty() {
                json.push(b',');
            }
            serde_json::to_writer(&mut json, log).map_err(|error| {
                RecordingError::new(
                    RecordingErrorKind::Syntax,
                    format!("a log of block {} cannot be written as JSON", parts.number),
                )
                .with_source(error)
            })?;
            ends.push(json.len());
        }
        json.shrink_to_fit();
        Ok(Self {
            number: parts.number,
            hash: parts.hash,
            parent_hash: parts.parent_hash,
            timestamp: parts.timestamp,
            logs_bloom: parts.logs_bloom.map_or_else(OnceLock::new, OnceLock::from),
            receipts_root: parts.receipts_root,
            extra: parts.extra,
            logs,
            json,
            ends,
        })
    }

    pub(crate) fn logs(&self) -> &[Log] {
        &self.logs
    }

    /// All logs as JSON objects joined by commas.
    pub(crate) fn json(&self) -> &[u8] {
        &self.json
    }

    /// One log as a JSON object.
    pub(crate) fn log_json(&self, index: usize) -> &[u8] {
        let start = match index.checked_sub(1) {
            // Behind the comma that follows the log before.
            Some(before) => self.ends.get(before).map_or(0, |end| end + 1),
            None => 0,
        };
        let end = self.ends.get(index).copied().unwrap_or(start);
        self.json.get(start..end).unwrap_or_default()
    }

    pub(super) fn header(&self) -> BlockHeader {
        BlockHeader {
            number: self.number,
            hash: self.hash,
            parent_hash: self.parent_hash,
            timestamp: self.timestamp,
            logs_bloom: Some(*self.logs_bloom.get_or_init(|| bloom_of(&self.logs))),
            receipts_root: self.receipts_root,
            extra: self.extra.clone(),
        }
    }
}
