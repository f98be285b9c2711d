//! The order of a recording's lines, for those who read it and those who write it.

use event_streamer_models::Log;

use super::info::RecordingInfo;
use crate::error::{RecordingError, RecordingErrorKind};

/// The EVM has `LOG0` to `LOG4`.
const MAX_TOPICS: usize = 4;

/// What came last.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    header: Option<u64>,
    log: Option<(u64, u32)>,
    first: Option<u64>,
}

impl Order {
    /// Takes a header, if its place is here.
    pub(super) fn header(
        &mut self,
        info: &RecordingInfo,
        number: u64,
    ) -> Result<(), RecordingError> {
        if let Some(last) = self.header
            && number <= last
        {
            return Err(if number == last {
                disorder(format!("block {number} has two headers"))
            } else {
                disorder(format!(
                    "the header of block {number} comes after that of block {last}: sort them"
                ))
            });
        }
        if let Some((block, _)) = self.log
            && number <= block
        {
            return Err(disorder(format!(
                "the header of block {number} comes after a log of block {block}: headers come \
                 before the logs of their block"
            )));
        }
        covered(info, number)?;
        self.header = Some(number);
        self.first.get_or_insert(number);
        Ok(())
    }

    /// Takes a log, if it is whole and its place is here.
    pub(super) fn log(&mut self, info: &RecordingInfo, log: &Log) -> Result<(), RecordingError> {
        let position = log.position();
        if let Some(last) = self.log
            && position <= last
        {
            let (block, index) = position;
            return Err(if position == last {
                disorder(format!("log {index} of block {block} comes twice"))
            } else {
                disorder(format!(
                    "log {index} of block {block} comes after log {} of block {}: sort them",
                    last.1, last.0
                ))
            });
        }
        if log.removed {
            return Err(shape(format!(
                "log {} of block {} is marked as removed: a recording holds one branch",
                log.log_index, log.block_number
            )));
        }
        if log.topics.len() > MAX_TOPICS {
            return Err(shape(format!(
                "log {} of block {} has {} topics, the EVM has at most {MAX_TOPICS}",
                log.log_index,
                log.block_number,
                log.topics.len()
            )));
        }
        covered(info, log.block_number)?;
        self.log = Some(position);
        self.first = Some(
            self.first
                .map_or(log.block_number, |first| first.min(log.block_number)),
        );
        Ok(())
    }

    /// The lowest and the highest block that came.
    pub(super) fn range(&self) -> Option<(u64, u64)> {
        let last = self.header.max(self.log.map(|(block, _)| block))?;
        Some((self.first?, last))
    }
}

fn covered(info: &RecordingInfo, number: u64) -> Result<(), RecordingError> {
    if info.covers(number) {
        return Ok(());
    }
    Err(RecordingError::new(
        RecordingErrorKind::Conflict,
        format!(
            "block {number} is outside the blocks that the first line announces ({} to {})",
            display(info.first_block),
            display(info.last_block)
        ),
    ))
}

fn display(bound: Option<u64>) -> String {
    bound.map_or_else(|| "any".to_owned(), |bound| bound.to_string())
}

fn disorder(message: String) -> RecordingError {
    RecordingError::new(RecordingErrorKind::Order, message)
}

fn shape(message: String) -> RecordingError {
    RecordingError::new(RecordingErrorKind::Syntax, message)
}
