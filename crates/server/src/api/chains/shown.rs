//! Chains as answers show them.

use event_streamer_models::{
    ChainConfigResponse, ChainId, ChainSettings, ChainStatus, EndpointUrl, Extra,
};

use crate::chains::{ServedChain, config_of};
use crate::config::{ChainApiConfig, ChainConfig};
use crate::rpc::RpcUrl;
use crate::store::StoredChain;

pub(super) fn status(chain: &ServedChain) -> ChainStatus {
    let status = chain.source.status();
    if !status.connected && status.last_error.is_some() {
        ChainStatus::Error
    } else {
        ChainStatus::Active
    }
}

/// A stored chain after something was done to it.
pub(super) fn response(
    chain: &StoredChain,
    message: String,
    rules: &ChainApiConfig,
) -> ChainConfigResponse {
    let settings = stored_settings(chain, rules);
    let status = if chain.active {
        ChainStatus::Active
    } else {
        ChainStatus::Inactive
    };
    ChainConfigResponse {
        status: Some(status),
        ..ChainConfigResponse::new(ChainId::new(chain.chain_id), message, chain.updated_at)
            .with_settings(chain.name.clone(), &settings)
    }
}

pub(super) fn stored_settings(chain: &StoredChain, rules: &ChainApiConfig) -> ChainSettings {
    match config_of(chain.chain_id, &chain.name, &chain.settings, rules) {
        Ok(config) => settings(&config, Some(&chain.settings)),
        // Of a newer version: what is there, and no secrets.
        Err(_) => chain.settings.redacted(),
    }
}

/// The configuration under all its names; where nothing was said, what holds. Of endpoints, which
/// hold keys, only scheme, host and port.
pub(super) fn settings(config: &ChainConfig, given: Option<&ChainSettings>) -> ChainSettings {
    let shown = |url: &RpcUrl| EndpointUrl::from(url.expose()).redacted();
    let nothing = ChainSettings::default();
    let given = given.unwrap_or(&nothing);
    let or = |given: Option<u64>, default: u64| Some(given.unwrap_or(default));
    ChainSettings {
        rpc_urls: config
            .http
            .iter()
            .chain(&config.websocket)
            .map(shown)
            .collect(),
        historical_rpc_url: config.http.first().map(shown),
        live_websocket_url: config.websocket.first().map(shown),
        average_block_time: Some(config.block_time.as_secs_f64()),
        max_blocks_per_request: Some(config.max_blocks_per_request),
        confirmation_blocks: Some(config.confirmation_blocks),
        historical_max_chunk_size: Some(config.max_blocks_per_request),
        historical_max_retries: or(
            given.historical_max_retries,
            ChainSettings::DEFAULT_HISTORICAL_MAX_RETRIES,
        ),
        historical_max_concurrent: Some(config.max_concurrent_reads as u64),
        historical_progress_interval: or(
            given.historical_progress_interval,
            ChainSettings::DEFAULT_HISTORICAL_PROGRESS_INTERVAL,
        ),
        live_max_retries: or(
            given.live_max_retries,
            ChainSettings::DEFAULT_LIVE_MAX_RETRIES,
        ),
        live_retry_delay: or(
            given.live_retry_delay,
            ChainSettings::DEFAULT_LIVE_RETRY_DELAY,
        ),
        live_reconnect_delay: or(
            given.live_reconnect_delay,
            ChainSettings::DEFAULT_LIVE_RECONNECT_DELAY,
        ),
        live_enable_gap_detection: Some(
            given
                .live_enable_gap_detection
                .unwrap_or(ChainSettings::DEFAULT_LIVE_ENABLE_GAP_DETECTION),
        ),
        live_max_gap_size: or(
            given.live_max_gap_size,
            ChainSettings::DEFAULT_LIVE_MAX_GAP_SIZE,
        ),
        live_block_check_interval: or(
            given.live_block_check_interval,
            ChainSettings::DEFAULT_LIVE_BLOCK_CHECK_INTERVAL,
        ),
        live_gap_fill_chunk_size: or(
            given.live_gap_fill_chunk_size,
            ChainSettings::DEFAULT_LIVE_GAP_FILL_CHUNK_SIZE,
        ),
    }
}

/// What the chain's nodes say, under names of our own.
pub(super) fn observed(chain: &ServedChain) -> Extra {
    let status = chain.source.status();
    let head = status.head;
    let source = if chain.stored.is_some() {
        "api"
    } else {
        "configuration"
    };
    let mut observed = Extra::new();
    observed.insert("source".to_owned(), source.into());
    observed.insert(
        "head_block".to_owned(),
        head.map(|state| state.head.number).into(),
    );
    observed.insert(
        "safe_block".to_owned(),
        head.and_then(|state| state.safe).into(),
    );
    observed.insert(
        "finalized_block".to_owned(),
        head.and_then(|state| state.finalized).into(),
    );
    observed.insert("last_error".to_owned(), status.last_error.into());
    observed
}
