//! Where an event stands on its chain.

use std::fmt;
use std::ops::Range;

use event_streamer_models::B256;

use crate::scan::{Brackets, Marked, Scanner};

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
#[derive(Default)]
struct Place {
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
        let bytes = line.text.as_bytes();
        let mut place = Place::default();
        let mut scanner = Scanner::new(line, start);
        let mut more = scanner.open(Brackets::Object).ok()?;
        while more {
            let key = scanner.key().ok()?;
            let value = scanner.value().ok()?;
            // A key of the metadata has no escapes, whoever writes it.
            let field = match bytes.get(key.range)? {
                b"block_number" => Some(&mut place.block_number),
                b"log_index" => Some(&mut place.log_index),
                b"block_hash" => Some(&mut place.block_hash),
                _ => None,
            };
            if field.is_some_and(|field| field.replace(value).is_some()) {
                return None;
            }
            more = scanner.more(Brackets::Object).ok()?;
        }
        let number = |digits: Option<Range<usize>>| line.text.get(digits?)?.parse().ok();
        let position = Self::new(number(place.block_number)?, number(place.log_index)?);
        let hash = place.block_hash.and_then(|hash| {
            let text = line.plain_text(&hash)?;
            line.text.get(text)?.parse().ok()
        });
        Some((position, hash))
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
