//! Gaps in what was read of a chain.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{ChainId, Extra, Timestamp};

/// What a look for gaps found (reference model `GapDetectionResponse`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GapDetectionResponse {
    /// The chain.
    pub chain_id: ChainId,
    /// Its head.
    pub current_block: u64,
    /// The last processed block by subscription.
    pub last_processed_blocks: BTreeMap<String, u64>,
    /// How many gaps there are.
    pub gaps_found: u64,
    /// Each gap.
    pub gap_details: Vec<serde_json::Map<String, serde_json::Value>>,
    /// Whether this request made the service look.
    pub gap_detection_triggered: bool,
    /// How the follower of the head is.
    pub processor_status: serde_json::Map<String, serde_json::Value>,
    /// When that was so.
    pub timestamp: Timestamp,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}
