//! From what was said of a chain through the API to how it is read.

use std::time::Duration;

use event_streamer_models::ChainSettings;

use crate::config::{ChainApiConfig, ChainConfig};
use crate::rpc::{NodeDialer, RpcUrl};

/// The configuration of a chain that was set through the API. Its endpoints are strangers': they
/// are reached at public addresses only, unless the operator says otherwise.
///
/// # Errors
///
/// What is wrong, without the text of a URL.
pub(crate) fn config_of(
    chain_id: u64,
    name: &str,
    settings: &ChainSettings,
    rules: &ChainApiConfig,
) -> Result<ChainConfig, String> {
    let mut config = ChainConfig::new(chain_id).with_name(name);
    for url in settings.endpoints() {
        let url: RpcUrl = url
            .expose()
            .parse()
            .map_err(|error| format!("an endpoint: {error}"))?;
        config = config.with_endpoint(url);
    }
    if let Some(seconds) = settings.average_block_time {
        config.block_time =
            Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())?;
    }
    let max_blocks = settings
        .max_blocks_per_request
        .or(settings.historical_max_chunk_size);
    if let Some(blocks) = max_blocks {
        config.max_blocks_per_request = blocks;
    }
    if let Some(blocks) = settings.confirmation_blocks {
        config.confirmation_blocks = blocks;
    }
    if let Some(reads) = settings.historical_max_concurrent {
        config.max_concurrent_reads = usize::try_from(reads).unwrap_or(usize::MAX);
    }
    if !rules.allow_private_rpc {
        config.dialer = NodeDialer::public();
    }
    match config.fault() {
        Some(fault) => Err(fault.to_owned()),
        None => Ok(config),
    }
}
