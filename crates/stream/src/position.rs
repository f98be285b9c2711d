//! Where an event stands on its chain.

use std::fmt;
use std::ops::Range;

use event_streamer_models::B256;

use crate::scan::{Brackets, Marked, Scanner, walk_plain};

/// A place in the order of a chain's logs.
///
/// ```
/// use event_streamer_stream::LogPosition;
///
/// let log = LogPosition::new(19_000_001, 2);
/// assert!(log < LogPosition::end_of(19_000_001));
/// assert!(log > LogPosition::end_of(19_000_000));
/// assert_eq!(log.to_string(), "block 19000001, log 2");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogPosition {
    /// The number of the block.
    pub block_number: u64,
    /// The index of the log within the block.
    pub log_index: u64,
}

/// Where the metadata lies that places an event, wherever it stands among the parameters.
#[derive(Debug, Clone, Default)]
pub(crate) struct Place {
    block_number: Option<Range<usize>>,
    log_index: Option<Range<usize>>,
    block_hash: Option<Range<usize>>,
}

impl LogPosition {
    /// The position of a log.
    #[must_use]
    pub fn new(block_number: u64, log_index: u64) -> Self {
        Self {
            block_number,
            log_index,
        }
    }

    /// The position behind every log of a block.
    #[must_use]
    pub fn end_of(block_number: u64) -> Self {
        Self::new(block_number, u64::MAX)
    }

    /// What the metadata of an event says that starts at an offset of its line, if it says it.
    pub(crate) fn of_event(line: Marked<'_>, start: usize) -> Option<Self> {
        Some(Self::and_block_hash(line, start)?.0)
    }

    /// What the metadata of an event says, and the hash of the block if that is there too. Of a field
    /// that comes twice nothing is taken.
    pub(crate) fn and_block_hash(line: Marked<'_>, start: usize) -> Option<(Self, Option<B256>)> {
        let place = match Place::in_plain(line, start) {
            Some((place, _)) => place,
            None => Place::in_any(line, start)?,
        };
        place.read(line)
    }
}

impl Place {
    /// The short way, over an event of strings and integers alone that starts at an offset; answers its
    /// end too. `None` says nothing.
    #[inline]
    pub(crate) fn in_plain(line: Marked<'_>, start: usize) -> Option<(Self, usize)> {
        let mut place = Self::default();
        let end = walk_plain(line, start, |key, value| place.note(line, key, value))?;
        Some((place, end))
    }

    /// What stands there.
    pub(crate) fn read(&self, line: Marked<'_>) -> Option<(LogPosition, Option<B256>)> {
        let number = |digits: &Option<Range<usize>>| {
            let digits = line.text.get(digits.clone()?)?;
            digits.parse().ok()
        };
        let position = LogPosition::new(number(&self.block_number)?, number(&self.log_index)?);
        let hash = self.block_hash.as_ref().and_then(|hash| {
            let text = line.plain_text(hash)?;
            line.text.get(text)?.parse().ok()
        });
        Some((position, hash))
    }

    fn in_any(line: Marked<'_>, start: usize) -> Option<Self> {
        let mut place = Self::default();
        let mut scanner = Scanner::new(line, start);
        let mut more = scanner.open(Brackets::Object).ok()?;
        while more {
            let key = scanner.key().ok()?;
            let value = scanner.value().ok()?;
            place.note(line, key.range, value).then_some(())?;
            more = scanner.more(Brackets::Object).ok()?;
        }
        Some(place)
    }

    /// False if the field came before. A key of the metadata has no escapes, whoever writes it.
    #[inline]
    fn note(&mut self, line: Marked<'_>, key: Range<usize>, value: Range<usize>) -> bool {
        // Told apart by their lengths first: most keys are others.
        let field = match key.len() {
            12 => (b"block_number" as &[u8], &mut self.block_number),
            9 => (b"log_index" as &[u8], &mut self.log_index),
            10 => (b"block_hash" as &[u8], &mut self.block_hash),
            _ => return true,
        };
        line.text.as_bytes().get(key) != Some(field.0) || field.1.replace(value).is_none()
    }
}

impl fmt::Display for LogPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            block_number,
            log_index,
        } = self;
        match *log_index {
            u64::MAX => write!(f, "the end of block {block_number}"),
            _ => write!(f, "block {block_number}, log {log_index}"),
        }
    }
}
