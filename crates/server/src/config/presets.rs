//! What is known of well-known chains. Endpoints never are: those are their user's.

use std::time::Duration;

/// A chain's name and pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainPreset {
    /// Its id (EIP-155).
    pub chain_id: u64,
    /// Its name.
    pub name: &'static str,
    /// The usual time between two blocks.
    pub block_time: Duration,
}

/// The chains whose name and block time are built in.
///
/// ```
/// use event_streamer_server::ChainPreset;
///
/// assert_eq!(ChainPreset::of(8453).map(|chain| chain.name), Some("Base"));
/// assert_eq!(ChainPreset::of(424_242), None);
/// ```
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
        chain_id,
        name,
        block_time: Duration::from_millis(block_time_ms),
    }
}

impl ChainPreset {
    /// The preset of a chain, if it has one.
    #[must_use]
    pub fn of(chain_id: u64) -> Option<&'static Self> {
        CHAIN_PRESETS
            .iter()
            .find(|preset| preset.chain_id == chain_id)
    }
}
