//! Bytes to lines: an incremental NDJSON framer with a remembered offset and a line limit.

use std::collections::VecDeque;

use bytes::{Buf, Bytes, BytesMut};

use crate::error::FrameError;

/// The longest line a client reads by default: 16 MiB.
pub const DEFAULT_MAX_LINE: usize = 16 * 1024 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What a [`Framer`] accepts.
///
/// ```
/// use bytes::Bytes;
/// use event_streamer_stream::{Framer, FramerConfig, FrameErrorKind};
///
/// let mut framer = Framer::new(FramerConfig::default().with_max_line(64 * 1024));
/// framer.push(Bytes::from(vec![b'x'; 70_000]));
/// let error = framer.next_line().unwrap_err();
/// assert_eq!(error.kind(), &FrameErrorKind::TooLong { limit: 65_536 });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FramerConfig {
    /// The longest line in bytes, its end of line not counted.
    pub max_line: usize,
}

impl Default for FramerConfig {
    fn default() -> Self {
        Self {
            max_line: DEFAULT_MAX_LINE,
        }
    }
}

impl FramerConfig {
    /// Sets the longest line in bytes, its end of line not counted.
    #[must_use]
    pub fn with_max_line(mut self, bytes: usize) -> Self {
        self.max_line = bytes;
        self
    }
}

/// Cuts a stream of byte chunks into lines, however the chunks fall.
///
/// Lines end with `\n` or `\r\n`; blank lines are skipped, and a byte order mark before the first
/// line is tolerated. Every byte is looked at once: a line that arrives in a thousand chunks costs
/// what it costs in one. A line that lies within one chunk is a slice of it, without a copy.
///
/// An error is final: the framer answers every later call with the same error.
///
/// ```
/// use bytes::Bytes;
/// use event_streamer_stream::Framer;
///
/// let mut framer = Framer::default();
/// framer.push(Bytes::from_static(b"{\"type\":\"heart"));
/// assert_eq!(framer.next_line()?, None);
/// framer.push(Bytes::from_static(b"beat\"}\r\n\r\n"));
/// assert_eq!(framer.next_line()?.as_deref(), Some(&br#"{"type":"heartbeat"}"#[..]));
/// assert_eq!(framer.next_line()?, None);
/// framer.finish()?;
/// # Ok::<(), event_streamer_stream::FrameError>(())
/// ```
#[derive(Debug, Default)]
pub struct Framer {
    config: FramerConfig,
    /// The beginning of the current line, from chunks that are used up. Holds no `\n`.
    partial: BytesMut,
    /// What was pushed and not yet looked at.
    chunks: VecDeque<Bytes>,
    /// Lines that ended so far, blank ones included.
    lines: u64,
    failed: Option<FrameError>,
}

impl Framer {
    /// A framer at the start of a stream.
    #[must_use]
    pub fn new(config: FramerConfig) -> Self {
        Self {
            config,
            ..Self::default()
        }
    }

    /// Takes the next bytes of the stream.
    ///
    /// Call [`next_line`](Self::next_line) until it answers `None` before pushing more, so that no
    /// more than one chunk and the beginning of one line is ever held.
    pub fn push(&mut self, chunk: Bytes) {
        if self.failed.is_none() && !chunk.is_empty() {
            self.chunks.push_back(chunk);
        }
    }

    /// The next whole line without its end of line, or `None` when more bytes are needed.
    ///
    /// # Errors
    ///
    /// [`FrameError`] when a line is longer than [`FramerConfig::max_line`].
    pub fn next_line(&mut self) -> Result<Option<Bytes>, FrameError> {
        if let Some(failed) = &self.failed {
            return Err(failed.clone());
        }
        while let Some(chunk) = self.chunks.front_mut() {
            let Some(end) = memchr::memchr(b'\n', chunk) else {
                let rest = std::mem::take(chunk);
                self.chunks.pop_front();
                self.keep(&rest)?;
                continue;
            };
            let head = chunk.split_to(end);
            chunk.advance(1);
            if chunk.is_empty() {
                self.chunks.pop_front();
            }
            if let Some(line) = self.complete(head)? {
                return Ok(Some(line));
            }
        }
        Ok(None)
    }

    /// Says that the stream ended.
    ///
    /// # Errors
    ///
    /// [`FrameError`] when it ended inside a line.
    pub fn finish(mut self) -> Result<(), FrameError> {
        if let Some(failed) = self.failed.take() {
            return Err(failed);
        }
        let held = self.partial.len() + self.chunks.iter().map(Bytes::len).sum::<usize>();
        if held == 0 || self.chunks.is_empty() && is_blank(&self.partial) {
            Ok(())
        } else {
            Err(FrameError::truncated(self.lines + 1, held))
        }
    }

    /// The number of lines that ended so far, blank ones included.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Bytes held that are not yet a line.
    #[must_use]
    pub fn buffered(&self) -> usize {
        self.partial.len() + self.chunks.iter().map(Bytes::len).sum::<usize>()
    }

    /// Adds bytes without an end of line to the current line.
    fn keep(&mut self, bytes: &[u8]) -> Result<(), FrameError> {
        self.check_length(bytes)?;
        self.partial.extend_from_slice(bytes);
        Ok(())
    }

    /// Ends the current line with `head`; `None` if it is blank.
    fn complete(&mut self, head: Bytes) -> Result<Option<Bytes>, FrameError> {
        self.check_length(&head)?;
        let mut line = if self.partial.is_empty() {
            head
        } else {
            self.partial.extend_from_slice(&head);
            self.partial.split().freeze()
        };
        self.lines += 1;
        if self.lines == 1 && line.starts_with(BYTE_ORDER_MARK) {
            line.advance(BYTE_ORDER_MARK.len());
        }
        if line.last() == Some(&b'\r') {
            line.truncate(line.len() - 1);
        }
        Ok((!is_blank(&line)).then_some(line))
    }

    /// Holds the current line plus `more` against the limit. A `\r` that may yet prove to be part of
    /// the end of line is not counted.
    fn check_length(&mut self, more: &[u8]) -> Result<(), FrameError> {
        let last = more.last().or(self.partial.last());
        let length = self.partial.len() + more.len() - usize::from(last == Some(&b'\r'));
        if length <= self.config.max_line {
            return Ok(());
        }
        let error = FrameError::too_long(self.lines + 1, self.config.max_line);
        self.partial = BytesMut::new();
        self.chunks.clear();
        self.failed = Some(error.clone());
        Err(error)
    }
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}

#[cfg(test)]
mod tests;
