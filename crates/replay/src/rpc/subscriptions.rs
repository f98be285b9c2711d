//! The `newHeads` subscriptions of one WebSocket.

use std::collections::BTreeMap;

use event_streamer_models::quantity;

use super::block::head_json;
use super::error::RpcError;
use crate::chain::Chain;

/// How many blocks one movement of the head announces at most: the newest. A node that imports
/// many blocks at once skips some as well, and so a jump over millions of empty blocks stays small.
const MAX_ANNOUNCED: u64 = 1_024;

/// The active subscriptions and how far each is.
#[derive(Debug, Default)]
pub(crate) struct Subscriptions {
    last_id: u64,
    /// The last block announced, by subscription.
    announced: BTreeMap<u64, u64>,
}

impl Subscriptions {
    /// Begins to announce the blocks above the head; gives the id.
    pub(super) fn add(&mut self, chain: &Chain, max: usize) -> Result<String, RpcError> {
        if self.announced.len() >= max {
            return Err(RpcError::limit(format!(
                "more than {max} subscriptions on one connection: unsubscribe some"
            )));
        }
        self.last_id += 1;
        self.announced.insert(self.last_id, chain.head());
        Ok(quantity::format(self.last_id))
    }

    /// Ends one.
    pub(super) fn remove(&mut self, id: &str) -> Result<(), RpcError> {
        quantity::parse(id)
            .ok()
            .and_then(|id| self.announced.remove(&id))
            .map(|_| ())
            .ok_or_else(|| RpcError::server("subscription not found"))
    }

    /// The next announcement that is due, lowest block first; `None` when all are up to date.
    ///
    /// One at a time, so that a slow reader holds one message and not a queue of them.
    pub(crate) fn next_announcement(&mut self, chain: &Chain) -> Option<String> {
        let head = chain.head();
        let (id, announced) = self
            .announced
            .iter_mut()
            .filter(|(_, announced)| **announced < head)
            .min_by_key(|(_, announced)| **announced)?;
        let number = (*announced + 1).max((head + 1).saturating_sub(MAX_ANNOUNCED));
        *announced = number;
        let header = head_json(chain.recording(), number).ok()?;
        Some(format!(
            r#"{{"jsonrpc":"2.0","method":"eth_subscription","params":{{"subscription":"{}","result":{header}}}}}"#,
            quantity::format(*id)
        ))
    }
}
