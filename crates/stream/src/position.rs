//! Where an event stands on its chain.

use std::borrow::Cow;
use std::fmt;

use event_streamer_models::B256;
use serde::Deserialize;

/// A place in the order of a chain's logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogPosition {
    /// The number of the block.
    pub block_number: u64,
    /// The index of the log within the block.
    pub log_index: u64,
}

/// The metadata that places an event, wherever it stands among the parameters.
#[derive(Deserialize)]
struct Place<'a> {
    block_number: u64,
    log_index: u64,
    #[serde(borrow)]
    block_hash: Option<Cow<'a, str>>,
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

    /// What the metadata of an event says, if it says it.
    pub(crate) fn of_event(json: &[u8]) -> Option<Self> {
        Some(Self::and_block_hash(json)?.0)
    }

    /// What the metadata of an event says, and the hash of the block if that is there too.
    pub(crate) fn and_block_hash(json: &[u8]) -> Option<(Self, Option<B256>)> {
        let place: Place<'_> = serde_json::from_slice(json).ok()?;
        let hash = place.block_hash.and_then(|text| text.parse().ok());
        Some((Self::new(place.block_number, place.log_index), hash))
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
