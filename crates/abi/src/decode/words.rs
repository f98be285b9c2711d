//! The data of a log, read word by word: every position checked, every visit counted.

use event_streamer_models::B256;

use super::error::{DecodeError, DecodeErrorKind};
use crate::limits::MAX_VISITS_PER_WORD;
use crate::word::{WORD, Word};

/// The data of one log and how much work may still be spent on it.
pub(super) struct Words<'a> {
    data: &'a [u8],
    visits_left: usize,
    /// Where the furthest value ends that was read so far.
    end: usize,
}

impl<'a> Words<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self {
            data,
            visits_left: allowance(data.len()),
            end: 0,
        }
    }

    /// Bytes from `at` to the end of the data.
    fn left(&self, at: usize) -> usize {
        self.data.len().saturating_sub(at)
    }

    /// That the data ends where the furthest value does.
    pub(super) fn check_end(&self) -> Result<(), DecodeError> {
        if self.end >= self.data.len() {
            return Ok(());
        }
        Err(DecodeError::new(DecodeErrorKind::TrailingData {
            at: self.end,
            end: self.data.len(),
        }))
    }

    #[inline]
    pub(super) fn word(&mut self, at: usize) -> Result<&'a Word, DecodeError> {
        self.visit(1)?;
        match self.data.get(at..).and_then(<[u8]>::first_chunk::<WORD>) {
            Some(word) => {
                self.end = self.end.max(at + WORD);
                Ok(word)
            }
            None => Err(self.too_short(at, WORD)),
        }
    }

    /// Where the value begins whose offset stands at `at`, counted from `base`.
    pub(super) fn follow(&mut self, base: usize, at: usize) -> Result<usize, DecodeError> {
        let word = self.word(at)?;
        small(word)
            .and_then(|offset| base.checked_add(offset))
            .filter(|target| *target <= self.data.len())
            .ok_or_else(|| offset_fault(at, word, self.data.len()))
    }

    /// The length that stands at `at`, of things that take `each` bytes of the data that follows.
    pub(super) fn length(&mut self, at: usize, each: usize) -> Result<usize, DecodeError> {
        let word = self.word(at)?;
        let most = self.left(at + WORD) / each.max(1);
        small(word)
            .filter(|length| *length <= most)
            .ok_or_else(|| length_fault(at, word, most))
    }

    /// That the data has `needed` bytes at `at`: asked before going through many small parts.
    pub(super) fn require(&self, at: usize, needed: usize) -> Result<(), DecodeError> {
        if needed <= self.left(at) {
            Ok(())
        } else {
            Err(self.too_short(at, needed))
        }
    }

    /// Bytes that need not fill their last word.
    pub(super) fn bytes(&mut self, at: usize, length: usize) -> Result<&'a [u8], DecodeError> {
        self.visit(length.div_ceil(WORD))?;
        let Some(bytes) = self.data.get(at..).and_then(|rest| rest.get(..length)) else {
            return Err(self.too_short(at, length));
        };
        self.end = self.end.max(at + length.next_multiple_of(WORD));
        Ok(bytes)
    }

    /// That the bytes before `at` are padded with zeros to a whole word.
    pub(super) fn check_padding(&self, at: usize, length: usize) -> Result<(), DecodeError> {
        let padding = length.next_multiple_of(WORD) - length;
        match self.data.get(at..).and_then(|rest| rest.get(..padding)) {
            Some(bytes) if bytes.iter().all(|byte| *byte == 0) => Ok(()),
            _ => Err(DecodeError::new(DecodeErrorKind::Padding { at })),
        }
    }

    #[inline]
    fn visit(&mut self, words: usize) -> Result<(), DecodeError> {
        match self.visits_left.checked_sub(words) {
            Some(left) => {
                self.visits_left = left;
                Ok(())
            }
            None => Err(self.too_much_work()),
        }
    }

    #[cold]
    fn too_short(&self, at: usize, needed: usize) -> DecodeError {
        DecodeError::new(DecodeErrorKind::DataTooShort {
            at,
            needed,
            found: self.left(at),
        })
    }

    #[cold]
    fn too_much_work(&self) -> DecodeError {
        let visited = allowance(self.data.len()) - self.visits_left;
        DecodeError::new(DecodeErrorKind::TooMuchWork { visited })
    }
}

/// How many words may be visited in data of so many bytes. Even of no data one word may be tried.
fn allowance(bytes: usize) -> usize {
    (bytes / WORD + 1).saturating_mul(MAX_VISITS_PER_WORD)
}

/// The word as a number, if it can be a position in memory.
fn small(word: &Word) -> Option<usize> {
    let (high, low) = word.split_last_chunk::<8>()?;
    if high.iter().any(|byte| *byte != 0) {
        return None;
    }
    usize::try_from(u64::from_be_bytes(*low)).ok()
}

#[cold]
fn offset_fault(at: usize, word: &Word, end: usize) -> DecodeError {
    DecodeError::new(DecodeErrorKind::Offset {
        at,
        found: B256::from(*word),
        end,
    })
}

#[cold]
fn length_fault(at: usize, word: &Word, most: usize) -> DecodeError {
    DecodeError::new(DecodeErrorKind::Length {
        at,
        found: B256::from(*word),
        most,
    })
}
