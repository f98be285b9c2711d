//! Block numbers and the names that stand for one.

use event_streamer_models::quantity;
use serde_json::Value;

use super::error::RpcError;
use super::request::not_a;
use crate::chain::Chain;

/// A block as a request names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BlockTag {
    Earliest,
    /// `latest`, and `pending`: a recording has no pending block.
    Latest,
    Safe,
    Finalized,
    Number(u64),
}

impl BlockTag {
    /// `what` names the value in an error text.
    pub(super) fn parse(what: &str, value: &Value) -> Result<Self, RpcError> {
        let text = value
            .as_str()
            .ok_or_else(|| not_a("block number or tag", what, value))?;
        match text {
            "earliest" => Ok(Self::Earliest),
            "latest" | "pending" => Ok(Self::Latest),
            "safe" => Ok(Self::Safe),
            "finalized" => Ok(Self::Finalized),
            number => quantity::parse(number).map(Self::Number).map_err(|fault| {
                RpcError::params(format!(
                    "{what} is neither a block number nor a tag: {fault}"
                ))
            }),
        }
    }

    /// The number; it may lie above the head.
    pub(super) fn resolve(self, chain: &Chain) -> u64 {
        match self {
            Self::Earliest => 0,
            Self::Latest => chain.head(),
            Self::Safe => chain.safe(),
            Self::Finalized => chain.finalized(),
            Self::Number(number) => number,
        }
    }
}
