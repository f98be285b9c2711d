//! What is known of well-known chains. Endpoints never are: those are their user's.

use std::time::Duration;

use super::{ChainConfigRequest, ChainSettings};
use crate::{ChainId, EndpointUrl};

/// A chain's name and pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainPreset {
    /// Its id (EIP-155).
    pub chain_id: ChainId,
    /// Its name.
    pub name: &'static str,
    /// The usual time between two blocks.
    pub block_time: Duration,
}

/// The chains whose name and block time are built in.
pub const CHAIN_PRESETS: &[ChainPreset] = &[
    preset(1, "Ethereum", 12_000),
    preset(137, "Polygon", 2_000),
    preset(8453, "Base", 2_000),
    preset(42161, "Arbitrum One", 250),
    preset(10, "Optimism", 2_000),
    preset(43114, "Avalanche", 2_000),
    // 3 s at its start, 0.75 s since the Maxwell upgrade (BEP-524) of June 2025.
    preset(56, "BNB Smart Chain", 750),
];

const fn preset(chain_id: u64, name: &'static str, block_time_ms: u64) -> ChainPreset {
    ChainPreset {
        chain_id: ChainId::new(chain_id),
        name,
        block_time: Duration::from_millis(block_time_ms),
    }
}

impl ChainPreset {
    /// The preset of a chain, if it has one.
    ///
    /// ```
    /// use event_streamer_models::ChainPreset;
    ///
    /// assert_eq!(ChainPreset::of(8453).map(|chain| chain.name), Some("Base"));
    /// assert_eq!(ChainPreset::of(424_242), None);
    /// ```
    #[must_use]
    pub fn of(chain_id: impl Into<ChainId>) -> Option<&'static Self> {
        let chain_id = chain_id.into();
        CHAIN_PRESETS
            .iter()
            .find(|preset| preset.chain_id == chain_id)
    }

    /// The chain with endpoints of one's own, to add it to a service.
    ///
    /// ```
    /// use event_streamer_models::ChainPreset;
    ///
    /// let base = ChainPreset::of(8453).expect("it is a preset");
    /// let config = base.with_endpoints(["https://node.example/base", "wss://node.example/base"]);
    /// assert_eq!((config.name.as_str(), config.settings.average_block_time), ("Base", Some(2.0)));
    /// assert_eq!(config.settings.rpc_urls.len(), 2);
    /// ```
    #[must_use]
    pub fn with_endpoints(
        &self,
        endpoints: impl IntoIterator<Item = impl Into<EndpointUrl>>,
    ) -> ChainConfigRequest {
        let settings = ChainSettings {
            rpc_urls: endpoints.into_iter().map(Into::into).collect(),
            average_block_time: Some(self.block_time.as_secs_f64()),
            ..ChainSettings::default()
        };
        ChainConfigRequest::new(self.chain_id, self.name, settings)
    }
}
