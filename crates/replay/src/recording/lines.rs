//! A recording's lines, each and all of them within their limits.

use std::io::{self, BufRead};

use super::compression::Compression;
use super::limits::RecordingLimits;
use crate::error::{RecordingError, RecordingErrorKind};

/// Reads line after line into one buffer.
pub(super) struct Lines<R> {
    reader: R,
    compression: Compression,
    limits: RecordingLimits,
    buffer: Vec<u8>,
    number: u64,
    total: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R, compression: Compression, limits: RecordingLimits) -> Self {
        Self {
            reader,
            compression,
            limits,
            buffer: Vec::new(),
            number: 0,
            total: 0,
        }
    }

    /// The number of the line read last, from 1; 0 before the first.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The next line that is not blank, without its end; `None` at the end of the recording.
    pub(super) fn next_line(&mut self) -> Result<Option<&[u8]>, RecordingError> {
        loop {
            self.buffer.clear();
            self.number += 1;
            if !self.fill().map_err(|error| error.at_line(self.number))? {
                return Ok(None);
            }
            if !self.buffer.iter().all(u8::is_ascii_whitespace) {
                return Ok(Some(&self.buffer));
            }
        }
    }

    /// Fills the buffer up to the end of the line; `false` if there is nothing more.
    fn fill(&mut self) -> Result<bool, RecordingError> {
        let mut any = false;
        loop {
            let available = match self.reader.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(read_error(self.compression, error)),
            };
            if available.is_empty() {
                return Ok(any);
            }
            any = true;
            let end = available.iter().position(|&byte| byte == b'\n');
            let line_part = &available[..end.unwrap_or(available.len())];
            if self.buffer.len() + line_part.len() > self.limits.max_line_bytes {
                return Err(line_too_long(self.limits.max_line_bytes));
            }
            self.buffer.extend_from_slice(line_part);
            let used = end.map_or(available.len(), |end| end + 1);
            self.reader.consume(used);
            self.total += used as u64;
            if self.total > self.limits.max_total_bytes {
                return Err(too_much(self.limits.max_total_bytes));
            }
            if end.is_some() {
                return Ok(true);
            }
        }
    }
}

fn read_error(compression: Compression, error: io::Error) -> RecordingError {
    let name = compression.name();
    let (kind, message) = match (compression, error.kind()) {
        (Compression::Plain, _) => (
            RecordingErrorKind::Io,
            "the recording cannot be read".to_owned(),
        ),
        (_, io::ErrorKind::UnexpectedEof) => (
            RecordingErrorKind::Compression,
            format!("the {name} data ends early: the file is truncated, fetch or record it again"),
        ),
        // The decoders report damage as one of these; anything else came from below them.
        (_, io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::Other) => (
            RecordingErrorKind::Compression,
            format!("the {name} data is damaged: fetch or record it again"),
        ),
        (_, _) => (
            RecordingErrorKind::Io,
            "the recording cannot be read".to_owned(),
        ),
    };
    RecordingError::new(kind, message).with_source(error)
}

fn line_too_long(limit: usize) -> RecordingError {
    RecordingError::new(
        RecordingErrorKind::Limit,
        format!("the line is longer than {limit} bytes: raise `max_line_bytes` if this is meant"),
    )
}

/// The error of a recording that is longer than `max_total_bytes`.
pub(super) fn too_much(limit: u64) -> RecordingError {
    RecordingError::new(
        RecordingErrorKind::Limit,
        format!(
            "the recording is longer than {limit} bytes when decompressed: raise \
             `max_total_bytes` if this is meant"
        ),
    )
}
