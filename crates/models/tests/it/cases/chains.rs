//! Chains.

use event_streamer_models::*;
use serde_json::json;

use super::{CHAIN, Case, TIME, case, extra, keyed, map};

fn chain_settings() -> ChainSettings {
    ChainSettings {
        rpc_urls: vec!["https://node.example".into()],
        historical_rpc_url: Some("https://node.example".into()),
        live_websocket_url: Some("wss://node.example".into()),
        average_block_time: Some(12.0),
        max_blocks_per_request: Some(100),
        confirmation_blocks: Some(12),
        historical_max_chunk_size: Some(100),
        historical_max_retries: Some(3),
        historical_max_concurrent: Some(5),
        historical_progress_interval: Some(100),
        live_max_retries: Some(5),
        live_retry_delay: Some(5),
        live_reconnect_delay: Some(30),
        live_enable_gap_detection: Some(true),
        live_max_gap_size: Some(1000),
        live_block_check_interval: Some(10),
        live_gap_fill_chunk_size: Some(100),
    }
}

pub(super) fn chains() -> Vec<Case> {
    let info = ChainInfo {
        chain_id: CHAIN,
        name: "ethereum".to_owned(),
        historical_rpc_configured: true,
        live_websocket_configured: false,
        extra: extra(),
    };
    let infos = ChainsResponse {
        supported_chains: vec![info.clone()],
        total_chains: 1,
        timestamp: TIME,
        extra: extra(),
    };
    let request = ChainConfigRequest {
        extra: extra(),
        ..ChainConfigRequest::new(CHAIN, "ethereum", chain_settings())
    };
    let response = ChainConfigResponse {
        status: Some(ChainStatus::Active),
        extra: extra(),
        ..ChainConfigResponse::new(CHAIN, "the chain is added", TIME)
            .with_settings("ethereum", &chain_settings())
    };
    let entry = ChainEntry {
        chain_id: CHAIN,
        name: Some("ethereum".to_owned()),
        status: Some(ChainStatus::Active),
        settings: chain_settings(),
        extra: extra(),
    };
    let list = ChainListResponse {
        extra: extra(),
        ..ChainListResponse::new(vec![entry], TIME)
    };
    let stats = ChainStatsResponse {
        loaded: true,
        total_chains: 1,
        supported_chain_ids: vec![CHAIN],
        last_refresh: Some(TIME),
        timestamp: Some(TIME),
        active_chains: Some(1),
        healthy_rpcs: Some(2),
        extra: extra(),
    };
    let gaps = GapDetectionResponse {
        chain_id: CHAIN,
        current_block: 19_000_010,
        last_processed_blocks: keyed("123", 19_000_005),
        gaps_found: 1,
        gap_details: vec![map([("from_block", json!(19_000_006))])],
        gap_detection_triggered: true,
        processor_status: map([("running", json!(true))]),
        timestamp: TIME,
        extra: extra(),
    };
    vec![
        case("ChainInfo", &info),
        case("ChainsResponse", &infos),
        case("ChainConfigRequest", &request),
        case("ChainConfigResponse", &response),
        case("ChainListResponse", &list),
        case("ChainStatsResponse", &stats),
        case("GapDetectionResponse", &gaps),
    ]
}
