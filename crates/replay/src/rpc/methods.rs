//! The methods of the node.

use event_streamer_models::quantity;
use serde_json::Value;

use super::block::{Transactions, block_json};
use super::error::RpcError;
use super::filter::{Filter, hex_value};
use super::logs::write_logs;
use super::request::{Params, not_a};
use super::subscriptions::Subscriptions;
use super::tag::BlockTag;
use crate::chain::Chain;
use crate::error::excerpt;
use crate::limits::NodeLimits;

const CLIENT_VERSION: &str = concat!("event-streamer-replay/", env!("CARGO_PKG_VERSION"));

/// What a method works on.
pub(super) struct Methods<'a> {
    pub(super) chain: &'a Chain,
    pub(super) limits: &'a NodeLimits,
    /// There on a WebSocket only.
    pub(super) subscriptions: Option<&'a mut Subscriptions>,
}

impl Methods<'_> {
    /// Calls a method, which writes its result as JSON.
    pub(super) fn call(
        &mut self,
        method: &str,
        params: &Params,
        out: &mut Vec<u8>,
    ) -> Result<(), RpcError> {
        let result = match method {
            "eth_getLogs" => return self.logs(params, out),
            "web3_clientVersion" => constant(params, CLIENT_VERSION)?,
            "net_version" => constant(params, self.chain_id().to_string())?,
            "eth_chainId" => constant(params, quantity::format(self.chain_id()))?,
            "eth_blockNumber" => constant(params, quantity::format(self.chain.head()))?,
            "eth_getBlockByNumber" => self.block_by_number(params)?,
            "eth_getBlockByHash" => self.block_by_hash(params)?,
            "eth_subscribe" => self.subscribe(params)?,
            "eth_unsubscribe" => self.unsubscribe(params)?,
            unknown => {
                return Err(RpcError::method(format!(
                    "the method {} does not exist or is not available",
                    excerpt(unknown)
                )));
            }
        };
        serde_json::to_writer(out, &result)
            .map_err(|_| RpcError::server("the result cannot be written as JSON"))
    }

    fn chain_id(&self) -> u64 {
        self.chain.recording().chain_id()
    }

    fn logs(&self, params: &Params, out: &mut Vec<u8>) -> Result<(), RpcError> {
        params.at_most(1)?;
        let filter = Filter::parse(params.required(0)?)?;
        write_logs(self.chain, self.limits, &filter, out)
    }

    fn block_by_number(&self, params: &Params) -> Result<Value, RpcError> {
        params.at_most(2)?;
        let number = BlockTag::parse("argument 0", params.required(0)?)?.resolve(self.chain);
        let transactions = transactions(params)?;
        if number > self.chain.head() {
            return Ok(Value::Null);
        }
        block_json(self.chain.recording(), number, transactions)
    }

    fn block_by_hash(&self, params: &Params) -> Result<Value, RpcError> {
        params.at_most(2)?;
        let hash = hex_value("argument 0", params.required(0)?)?;
        let transactions = transactions(params)?;
        match self.chain.recording().block_number(&hash) {
            Some(number) if number <= self.chain.head() => {
                block_json(self.chain.recording(), number, transactions)
            }
            _ => Ok(Value::Null),
        }
    }

    fn subscribe(&mut self, params: &Params) -> Result<Value, RpcError> {
        let subscriptions = subscriptions(&mut self.subscriptions)?;
        match params.required_text(0)? {
            "newHeads" => subscriptions
                .add(self.chain, self.limits.max_subscriptions)
                .map(Value::from),
            other => Err(RpcError::method(format!(
                "no {:?} subscription here, only \"newHeads\"",
                excerpt(other)
            ))),
        }
    }

    fn unsubscribe(&mut self, params: &Params) -> Result<Value, RpcError> {
        params.at_most(1)?;
        let subscriptions = subscriptions(&mut self.subscriptions)?;
        subscriptions.remove(params.required_text(0)?)?;
        Ok(Value::Bool(true))
    }
}

/// A text that takes no parameters.
fn constant(params: &Params, text: impl Into<Value>) -> Result<Value, RpcError> {
    params.at_most(0)?;
    Ok(text.into())
}

/// The second argument of the block methods; missing means hashes.
fn transactions(params: &Params) -> Result<Transactions, RpcError> {
    match params.optional(1) {
        None | Some(Value::Bool(false)) => Ok(Transactions::Hashes),
        Some(Value::Bool(true)) => Ok(Transactions::Full),
        Some(other) => Err(not_a("boolean", "argument 1", other)),
    }
}

fn subscriptions<'a>(
    subscriptions: &'a mut Option<&mut Subscriptions>,
) -> Result<&'a mut Subscriptions, RpcError> {
    subscriptions
        .as_deref_mut()
        .ok_or_else(|| RpcError::method("notifications not supported over HTTP: use a WebSocket"))
}
