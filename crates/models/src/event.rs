//! An event as the reference service stores it.

use serde::{Deserialize, Serialize};

use crate::{Address, B256, ChainId, Extra};

/// The place of an event, with the ends of its transaction (reference model `BaseEvent`).
///
/// Nothing in the protocol carries it; what a stream delivers is a
/// [`StreamingEventData`](crate::StreamingEventData).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BaseEvent {
    /// The chain.
    pub chain_id: ChainId,
    /// The height of its block.
    pub block_number: u64,
    /// The place of its transaction in the block.
    pub transaction_index: u64,
    /// The hash of its transaction.
    pub transaction_hash: B256,
    /// Its place among the logs of the block.
    pub log_index: u32,
    /// The contract that wrote it.
    pub address: Address,
    /// Who sent the transaction.
    pub transaction_from: Address,
    /// Whom the transaction was sent to.
    pub transaction_to: Address,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}
