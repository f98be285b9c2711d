//! One event, as far as an oracle cares.

use std::fmt;

use event_streamer_models::Log;

/// Where an event stands on the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The block.
    pub block_number: u64,
    /// The log's index in the block.
    pub log_index: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "block {} log {}", self.block_number, self.log_index)
    }
}

/// An event: its id and its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    /// The key that duplicates share.
    pub event_id: String,
    /// Where it stands.
    pub place: Place,
}

impl Record {
    /// An event by its id and place.
    #[must_use]
    pub fn new(event_id: impl Into<String>, block_number: u64, log_index: u32) -> Self {
        Self {
            event_id: event_id.into(),
            place: Place {
                block_number,
                log_index,
            },
        }
    }

    /// The event of a node's log, with the id that the protocol (`docs/protocol.md`, section 4)
    /// gives it: `{chain_id}-{block_hash}-{log_index}`.
    ///
    /// # Panics
    ///
    /// If the log has no block hash.
    #[must_use]
    pub fn of_log(chain_id: u64, log: &Log) -> Self {
        let hash = log
            .block_hash
            .expect("a log of a block that is known by hash");
        let id = format!("{chain_id}-{hash}-{}", log.log_index);
        Self::new(id, log.block_number, log.log_index)
    }

    /// The event of the wire's JSON, sent with the feature `metadata`.
    ///
    /// # Panics
    ///
    /// If it lacks `event_id`, `block_number` or `log_index`.
    #[must_use]
    pub fn of_json(event: &serde_json::Value) -> Self {
        let record = || {
            let log_index = u32::try_from(event["log_index"].as_u64()?).ok()?;
            Some(Self::new(
                event["event_id"].as_str()?,
                event["block_number"].as_u64()?,
                log_index,
            ))
        };
        record().unwrap_or_else(|| panic!("not an event with metadata: {event}"))
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.place, self.event_id)
    }
}
