//! Chains: how they are configured and how they are.

mod config;
mod gaps;
mod list;
mod preset;

pub use config::{ChainConfigRequest, ChainConfigResponse, ChainSettings};
pub use gaps::GapDetectionResponse;
pub use list::{ChainEntry, ChainListResponse};
pub use preset::{CHAIN_PRESETS, ChainPreset};
use serde::{Deserialize, Serialize};

use crate::{ChainId, Extra, Timestamp, optional, text_enum::text_enum};

text_enum! {
    /// What a chain does.
    ChainStatus {
        /// Its nodes are used.
        Active = "active",
        /// It is configured but not used.
        Inactive = "inactive",
        /// Its nodes fail.
        Error = "error",
    }
}

/// A chain in short (reference model `ChainInfo`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChainInfo {
    /// Its number.
    pub chain_id: ChainId,
    /// Its name.
    pub name: String,
    /// Whether it has an endpoint for data.
    pub historical_rpc_configured: bool,
    /// Whether it has an endpoint that announces blocks.
    pub live_websocket_configured: bool,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The chains in short (reference model `ChainsResponse`); our service answers with a
/// [`ChainListResponse`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChainsResponse {
    /// The chains.
    pub supported_chains: Vec<ChainInfo>,
    /// How many there are.
    pub total_chains: u64,
    /// When that was so.
    pub timestamp: Timestamp,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Numbers over the configured chains (reference model `ChainStatsResponse`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChainStatsResponse {
    /// Whether the configuration is loaded.
    #[serde(deserialize_with = "optional::null_default")]
    pub loaded: bool,
    /// How many chains there are.
    #[serde(deserialize_with = "optional::null_default")]
    pub total_chains: u64,
    /// Their numbers.
    #[serde(deserialize_with = "optional::null_default")]
    pub supported_chain_ids: Vec<ChainId>,
    /// When the configuration was loaded last.
    #[serde(
        deserialize_with = "optional::readable",
        skip_serializing_if = "Option::is_none"
    )]
    pub last_refresh: Option<Timestamp>,
    /// When that was so.
    #[serde(
        deserialize_with = "optional::readable",
        skip_serializing_if = "Option::is_none"
    )]
    pub timestamp: Option<Timestamp>,
    /// How many chains are in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active_chains: Option<u64>,
    /// How many endpoints are well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub healthy_rpcs: Option<u64>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}
