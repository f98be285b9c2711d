//! The filter of `eth_getLogs`: which blocks, which logs.

use std::str::FromStr;

use event_streamer_models::{Address, B256, Log};
use serde_json::{Map, Value};

use super::error::RpcError;
use super::request::not_a;
use super::tag::BlockTag;

/// The EVM has four topics.
const MAX_TOPICS: usize = 4;

/// A filter object, checked.
#[derive(Debug, PartialEq)]
pub(super) struct Filter {
    pub(super) blocks: Blocks,
    logs: LogFilter,
}

/// Which blocks.
#[derive(Debug, PartialEq)]
pub(super) enum Blocks {
    Hash(B256),
    Range { from: BlockTag, to: BlockTag },
}

/// Which logs: empty lists take any.
#[derive(Debug, Default, PartialEq)]
struct LogFilter {
    /// Sorted.
    addresses: Vec<Address>,
    /// By position, each sorted.
    topics: Vec<Vec<B256>>,
}

impl Filter {
    pub(super) fn parse(value: &Value) -> Result<Self, RpcError> {
        let Value::Object(fields) = value else {
            return Err(not_a("filter object", "argument 0", value));
        };
        Ok(Self {
            blocks: Blocks::parse(fields)?,
            logs: LogFilter {
                addresses: one_or_many("address", present(fields, "address"))?,
                topics: topics(present(fields, "topics"))?,
            },
        })
    }

    /// Whether every log matches.
    pub(super) fn takes_all(&self) -> bool {
        self.logs == LogFilter::default()
    }

    /// Whether a log matches. A log with fewer topics than the filter has positions does not,
    /// whatever the positions hold: so geth does it.
    pub(super) fn takes(&self, log: &Log) -> bool {
        let LogFilter { addresses, topics } = &self.logs;
        topics.len() <= log.topics.len()
            && contains_or_any(addresses, &log.address)
            && topics
                .iter()
                .zip(&log.topics)
                .all(|(wanted, topic)| contains_or_any(wanted, topic))
    }
}

impl Blocks {
    fn parse(fields: &Map<String, Value>) -> Result<Self, RpcError> {
        let bound = |name: &str| {
            present(fields, name)
                .map(|value| BlockTag::parse(name, value))
                .transpose()
        };
        let (from, to) = (bound("fromBlock")?, bound("toBlock")?);
        let Some(hash) = present(fields, "blockHash") else {
            return Ok(Self::Range {
                from: from.unwrap_or(BlockTag::Latest),
                to: to.unwrap_or(BlockTag::Latest),
            });
        };
        if from.is_some() || to.is_some() {
            return Err(RpcError::params(
                "cannot specify both blockHash and fromBlock/toBlock, choose one or the other",
            ));
        }
        Ok(Self::Hash(hex_value("blockHash", hash)?))
    }
}

fn contains_or_any<T: Ord>(sorted: &[T], value: &T) -> bool {
    sorted.is_empty() || sorted.binary_search(value).is_ok()
}

/// A field that is there and not null.
fn present<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    fields.get(name).filter(|value| !value.is_null())
}

fn topics(value: Option<&Value>) -> Result<Vec<Vec<B256>>, RpcError> {
    let positions = match value {
        None => return Ok(Vec::new()),
        Some(Value::Array(positions)) => positions,
        Some(other) => return Err(not_a("list of topics", "topics", other)),
    };
    if positions.len() > MAX_TOPICS {
        return Err(RpcError::params(format!(
            "topics has {} positions, a log has at most {MAX_TOPICS}",
            positions.len()
        )));
    }
    positions
        .iter()
        .enumerate()
        .map(|(position, value)| match value {
            Value::Null => Ok(Vec::new()),
            // A null among alternatives takes any topic: so geth does it.
            Value::Array(alternatives) if alternatives.contains(&Value::Null) => Ok(Vec::new()),
            value => one_or_many(&format!("topics[{position}]"), Some(value)),
        })
        .collect()
}

/// One value or a list of them, sorted.
fn one_or_many<T: FromStr + Ord>(what: &str, value: Option<&Value>) -> Result<Vec<T>, RpcError>
where
    T::Err: std::fmt::Display,
{
    let mut values = match value {
        None => Vec::new(),
        Some(Value::Array(values)) => values
            .iter()
            .enumerate()
            .map(|(index, value)| hex_value(&format!("{what}[{index}]"), value))
            .collect::<Result<_, _>>()?,
        Some(value) => vec![hex_value(what, value)?],
    };
    values.sort_unstable();
    values.dedup();
    Ok(values)
}

/// Hex text of a fixed length.
pub(super) fn hex_value<T: FromStr>(what: &str, value: &Value) -> Result<T, RpcError>
where
    T::Err: std::fmt::Display,
{
    let text = value
        .as_str()
        .ok_or_else(|| not_a("hex string", what, value))?;
    text.parse()
        .map_err(|fault| RpcError::params(format!("{what} is not valid: {fault}")))
}
