//! A recording from its parts, checked as they come.

use event_streamer_models::{B256, Log};

use super::header::RecordedHeader;
use super::info::RecordingInfo;
use super::limits::RecordingLimits;
use super::order::Order;
use super::{Recording, link};
use crate::error::{RecordingError, RecordingErrorKind};

/// Builds a [`Recording`] in memory: the blocks of a test, say.
///
/// Headers ascend by number, logs by (block, log index), and the header of a block, if there is
/// one, comes before its logs. Blocks in between that have neither are empty blocks.
///
/// ```
/// use event_streamer_models::{Address, B256, Log};
/// use event_streamer_replay::{RecordedHeader, RecordingBuilder, RecordingInfo};
///
/// let log: Log = serde_json::from_str(
///     r#"{
///         "address": "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2",
///         "topics": ["0xe1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c"],
///         "data": "0x",
///         "blockNumber": "0x66",
///         "transactionHash": "0x1220670dcfbe51b260164950bcbd3212775e1f5b4c894e0c18fa98ee24eedfe5",
///         "transactionIndex": "0x0",
///         "logIndex": "0x0"
///     }"#,
/// )?;
/// let mut builder = RecordingBuilder::new(RecordingInfo::new(31_337).with_blocks(100, 109));
/// builder.header(RecordedHeader::new(101).with_timestamp(1_700_000_000))?;
/// builder.log(log)?;
/// let recording = builder.build()?;
///
/// assert_eq!(recording.first_block(), 100);
/// assert_eq!(recording.last_block(), 109);
/// assert_eq!(recording.header(102).unwrap().timestamp, 1_700_000_012);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct RecordingBuilder {
    info: RecordingInfo,
    limits: RecordingLimits,
    order: Order,
    headers: Vec<RecordedHeader>,
    /// Ascending by block.
    logs: Vec<BlockLogs>,
    log_count: u64,
}

/// The logs of one block, with what they say about it.
#[derive(Clone, Debug)]
pub(super) struct BlockLogs {
    pub(super) number: u64,
    pub(super) hash: Option<B256>,
    pub(super) timestamp: Option<u64>,
    pub(super) logs: Vec<Log>,
}

impl RecordingBuilder {
    /// An empty recording.
    #[must_use]
    pub fn new(info: RecordingInfo) -> Self {
        Self::with_limits(info, RecordingLimits::default())
    }

    pub(super) fn with_limits(info: RecordingInfo, limits: RecordingLimits) -> Self {
        Self {
            info,
            limits,
            order: Order::default(),
            headers: Vec::new(),
            logs: Vec::new(),
            log_count: 0,
        }
    }

    /// Adds a header.
    ///
    /// # Errors
    ///
    /// If it is out of order, outside the blocks covered, above the limit of blocks, or its
    /// `parent_hash` is not the hash of the block below.
    pub fn header(&mut self, header: impl Into<RecordedHeader>) -> Result<(), RecordingError> {
        let header = header.into();
        self.order.header(&self.info, header.number)?;
        self.room_for_one_more(self.headers.len())?;
        if let Some(below) = self.headers.last()
            && below.number.checked_add(1) == Some(header.number)
            && let (Some(hash), Some(parent)) = (below.hash, header.parent_hash)
            && hash != parent
        {
            return Err(parent_conflict(header.number, parent, hash));
        }
        self.headers.push(header);
        Ok(())
    }

    /// Adds a log. What it says about its block (`block_hash`, `block_timestamp`) may be missing.
    ///
    /// # Errors
    ///
    /// If it is out of order, outside the blocks covered, above the limit of blocks, marked as
    /// removed, has more than four topics, or contradicts its block's header or another log of its
    /// block.
    pub fn log(&mut self, log: Log) -> Result<(), RecordingError> {
        self.order.log(&self.info, &log)?;
        if self.logs.last().map(|block| block.number) != Some(log.block_number) {
            self.room_for_one_more(self.logs.len())?;
            self.logs.push(self.logs_of_header(log.block_number));
        }
        // There is one now: it was pushed above if it was not there.
        if let Some(block) = self.logs.last_mut() {
            block.add(log)?;
            self.log_count += 1;
        }
        Ok(())
    }

    /// Links the blocks and derives what is missing.
    ///
    /// # Errors
    ///
    /// If there is no block at all, the number of logs is not as announced, two blocks have the
    /// same hash, or hashes of blocks above and below each other contradict.
    pub fn build(self) -> Result<Recording, RecordingError> {
        self.info.check()?;
        if let Some(announced) = self.info.logs
            && announced != self.log_count
        {
            return Err(RecordingError::new(
                RecordingErrorKind::Incomplete,
                format!(
                    "the first line announces {announced} logs, {} are there: the recording is \
                     truncated or was changed",
                    self.log_count
                ),
            ));
        }
        link::link(self.info, self.headers, self.logs)
    }

    fn room_for_one_more(&self, blocks: usize) -> Result<(), RecordingError> {
        let limit = self.limits.max_blocks;
        if blocks < limit {
            return Ok(());
        }
        Err(RecordingError::new(
            RecordingErrorKind::Limit,
            format!(
                "the recording has more than {limit} blocks: raise `max_blocks` if this is meant"
            ),
        ))
    }

    /// An empty list of logs that knows what the block's header says.
    fn logs_of_header(&self, number: u64) -> BlockLogs {
        let header = self
            .headers
            .binary_search_by_key(&number, |header| header.number)
            .ok()
            .and_then(|index| self.headers.get(index));
        BlockLogs {
            number,
            hash: header.and_then(|header| header.hash),
            timestamp: header.and_then(|header| header.timestamp),
            logs: Vec::new(),
        }
    }
}

impl BlockLogs {
    fn add(&mut self, log: Log) -> Result<(), RecordingError> {
        let number = self.number;
        if let Some(hash) = log.block_hash {
            let known = *self.hash.get_or_insert(hash);
            if known != hash {
                return Err(conflict(format!(
                    "a log of block {number} has the block hash {hash}, its block {known}"
                )));
            }
        }
        if let Some(timestamp) = log.block_timestamp {
            let known = *self.timestamp.get_or_insert(timestamp);
            if known != timestamp {
                return Err(conflict(format!(
                    "a log of block {number} has the block timestamp {timestamp}, its block {known}"
                )));
            }
        }
        self.logs.push(log);
        Ok(())
    }
}

pub(super) fn conflict(message: String) -> RecordingError {
    RecordingError::new(RecordingErrorKind::Conflict, message)
}

pub(super) fn parent_conflict(number: u64, parent: B256, hash: B256) -> RecordingError {
    conflict(format!(
        "block {number} has the parent {parent}, but block {} has the hash {hash}",
        number.saturating_sub(1)
    ))
}
