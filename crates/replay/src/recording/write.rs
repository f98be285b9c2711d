//! Writing a recording.

use std::io::Write;

use event_streamer_models::Log;
use serde::Serialize;

use super::gzip::GzipBody;
use super::header::RecordedHeader;
use super::info::RecordingInfo;
use super::limits::RecordingLimits;
use super::lines::too_much;
use super::order::Order;
use crate::error::{RecordingError, RecordingErrorKind};

/// Writes a recording as gzip, ready for [`Recording::read`](crate::Recording::read).
///
/// The bytes depend on the content (and the version of the compressor) alone, not on the time or
/// the machine. The first line holds
/// counts that are known at the end only, so the compressed body (about 70 bytes a log) stays in
/// memory until [`finish`](Self::finish).
///
/// ```
/// use event_streamer_replay::{RecordedHeader, Recording, RecordingInfo, RecordingWriter};
///
/// let mut writer = RecordingWriter::new(RecordingInfo::new(1).with_blocks(100, 109));
/// writer.header(RecordedHeader::new(100).with_timestamp(1_700_000_000))?;
/// let mut file = Vec::new();
/// let summary = writer.finish(&mut file)?;
/// assert_eq!(summary.bytes, file.len() as u64);
///
/// let recording = Recording::read(file.as_slice())?;
/// assert_eq!(recording.last_block(), 109);
/// # Ok::<(), event_streamer_replay::RecordingError>(())
/// ```
pub struct RecordingWriter {
    info: RecordingInfo,
    limits: RecordingLimits,
    order: Order,
    body: GzipBody,
    line: Vec<u8>,
    total: u64,
    logs: u64,
}

/// What [`RecordingWriter::finish`] has written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordingSummary {
    /// The first block covered.
    pub first_block: u64,
    /// The last block covered.
    pub last_block: u64,
    /// The number of logs.
    pub logs: u64,
    /// The length of the file.
    pub bytes: u64,
}

/// Every line but the first.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Line<'a> {
    Block(&'a RecordedHeader),
    Log(&'a Log),
}

impl RecordingWriter {
    /// A writer that keeps to the default limits, so that every reader takes what it writes.
    ///
    /// `info.logs` is counted, and `first_block` and `last_block` follow from what is written
    /// where they are not given.
    #[must_use]
    pub fn new(info: RecordingInfo) -> Self {
        Self::with_limits(info, RecordingLimits::default())
    }

    /// [`new`](Self::new) with limits of your own.
    #[must_use]
    pub fn with_limits(info: RecordingInfo, limits: RecordingLimits) -> Self {
        Self {
            info,
            limits,
            order: Order::default(),
            body: GzipBody::new(),
            line: Vec::new(),
            total: 0,
            logs: 0,
        }
    }

    /// Writes a header: ascending, and before the logs of its block.
    ///
    /// # Errors
    ///
    /// If it is out of order, outside the blocks covered, or the recording grows above a limit.
    pub fn header(&mut self, header: impl Into<RecordedHeader>) -> Result<(), RecordingError> {
        let header = header.into();
        self.order.header(&self.info, header.number)?;
        self.write(&Line::Block(&header))
    }

    /// Writes a log: ascending by (block, log index).
    ///
    /// # Errors
    ///
    /// If it is out of order, outside the blocks covered, marked as removed, has more than four
    /// topics, or the recording grows above a limit.
    pub fn log(&mut self, log: &Log) -> Result<(), RecordingError> {
        self.order.log(&self.info, log)?;
        self.write(&Line::Log(log))?;
        self.logs += 1;
        Ok(())
    }

    /// Writes the file and flushes it.
    ///
    /// # Errors
    ///
    /// If there is no block at all, or `out` fails.
    pub fn finish(self, out: impl Write) -> Result<RecordingSummary, RecordingError> {
        let mut info = self.info;
        let (first, last) = match (info.first_block, info.last_block, self.order.range()) {
            (Some(first), Some(last), _) => (first, last),
            (first, last, Some(written)) => (first.unwrap_or(written.0), last.unwrap_or(written.1)),
            (_, _, None) => {
                return Err(RecordingError::new(
                    RecordingErrorKind::Incomplete,
                    "the recording has no block: write one, or give the blocks covered",
                ));
            }
        };
        info.first_block = Some(first);
        info.last_block = Some(last);
        info.logs = Some(self.logs);
        info.check()?;
        let mut head = info.to_line()?;
        head.push(b'\n');
        let bytes = self.body.finish(&head, out).map_err(write_error)?;
        Ok(RecordingSummary {
            first_block: first,
            last_block: last,
            logs: self.logs,
            bytes,
        })
    }

    fn write(&mut self, line: &Line<'_>) -> Result<(), RecordingError> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, line).map_err(|error| {
            RecordingError::new(RecordingErrorKind::Syntax, "the line cannot be written")
                .with_source(error)
        })?;
        if self.line.len() > self.limits.max_line_bytes {
            return Err(RecordingError::new(
                RecordingErrorKind::Limit,
                format!(
                    "the line would be longer than {} bytes, which readers refuse: raise \
                     `max_line_bytes` here and there",
                    self.limits.max_line_bytes
                ),
            ));
        }
        self.line.push(b'\n');
        self.total += self.line.len() as u64;
        if self.total > self.limits.max_total_bytes {
            return Err(too_much(self.limits.max_total_bytes));
        }
        self.body.write(&self.line).map_err(write_error)
    }
}

fn write_error(error: std::io::Error) -> RecordingError {
    RecordingError::new(RecordingErrorKind::Io, "the recording cannot be written")
        .with_source(error)
}
