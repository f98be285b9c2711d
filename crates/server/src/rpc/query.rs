//! What is asked for: blocks by tag, logs by range or by block hash.

use event_streamer_models::{B256, quantity};
use serde_json::{Value, json};

use super::filter::LogFilter;

/// Which block is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BlockTag {
    /// The canonical block of this number.
    Number(u64),
    /// The first block.
    Earliest,
    /// The head.
    Latest,
    /// The newest block that is safe from reorgs under honest-majority assumptions.
    Safe,
    /// The newest block that is final.
    Finalized,
}

impl BlockTag {
    pub(crate) fn to_json(self) -> Value {
        match self {
            Self::Number(number) => Value::String(quantity::format(number)),
            Self::Earliest => "earliest".into(),
            Self::Latest => "latest".into(),
            Self::Safe => "safe".into(),
            Self::Finalized => "finalized".into(),
        }
    }
}

/// The blocks a [`LogQuery`] covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LogBlocks {
    /// The canonical blocks `from..=to`.
    Range {
        /// The first block.
        from: u64,
        /// The last block.
        to: u64,
    },
    /// This one block, canonical or not (EIP-234).
    Block(B256),
}

/// One `eth_getLogs`.
///
/// ```
/// use event_streamer_server::rpc::{LogBlocks, LogFilter, LogQuery};
///
/// let query = LogQuery { blocks: LogBlocks::Range { from: 16, to: 31 }, filter: LogFilter::default() };
/// assert_eq!(query.to_json(), serde_json::json!({ "fromBlock": "0x10", "toBlock": "0x1f" }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogQuery {
    /// The blocks to look through.
    pub blocks: LogBlocks,
    /// The logs to look for.
    pub filter: LogFilter,
}

impl LogQuery {
    /// The filter object of the request.
    #[must_use]
    pub fn to_json(&self) -> Value {
        log_params(self.blocks, &self.filter)
    }
}

/// The filter object of `eth_getLogs`, without owning the filter.
pub(crate) fn log_params(blocks: LogBlocks, filter: &LogFilter) -> Value {
    let mut params = match blocks {
        LogBlocks::Range { from, to } => {
            json!({ "fromBlock": quantity::format(from), "toBlock": quantity::format(to) })
        }
        LogBlocks::Block(hash) => json!({ "blockHash": hash }),
    };
    if let (Value::Object(params), Value::Object(filter)) = (&mut params, filter.to_json()) {
        params.extend(filter);
    }
    params
}
