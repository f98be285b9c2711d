//! The chains of the service, as they are configured and as they are doing.

use axum::Json;
use axum::extract::State;
use event_streamer_models::{
    ChainConfigResponse, ChainEntry, ChainId, ChainListResponse, ChainSettings, ChainStatsResponse,
    ChainStatus, EndpointUrl, Extra,
};

use super::AppState;
use super::error::{ApiError, ApiResult};
use super::extract::PathParams;
use crate::app::ServedChain;
use crate::clock;
use crate::rpc::RpcUrl;

/// `GET /api/chains`
pub(super) async fn list(State(app): State<AppState>) -> Json<ChainListResponse> {
    let entry = |chain: &ServedChain| ChainEntry {
        chain_id: ChainId::new(chain.config.chain_id),
        name: Some(chain.config.name.clone()),
        status: Some(status(chain)),
        settings: settings(chain),
        extra: observed(chain),
    };
    Json(ChainListResponse::new(
        app.chains.iter().map(entry).collect(),
        clock::now(),
    ))
}

/// `GET /api/chains/{chain_id}`
pub(super) async fn get(
    State(app): State<AppState>,
    path: PathParams,
) -> ApiResult<Json<ChainConfigResponse>> {
    let chain_id = path.chain_id()?;
    let chain = app.chains.get(chain_id).ok_or_else(|| {
        ApiError::not_found(
            "CHAIN_NOT_FOUND",
            &format!("chain {chain_id} does not exist"),
        )
    })?;
    let message = format!("chain {chain_id} is configured");
    let response = ChainConfigResponse::new(ChainId::new(chain_id), message, clock::now())
        .with_settings(chain.config.name.clone(), &settings(chain));
    Ok(Json(ChainConfigResponse {
        status: Some(status(chain)),
        extra: observed(chain),
        ..response
    }))
}

/// `GET /api/chains/stats`
pub(super) async fn stats(State(app): State<AppState>) -> Json<ChainStatsResponse> {
    let with_head = app
        .chains
        .iter()
        .filter(|chain| chain.source.head().is_some())
        .count();
    // A source tells of its endpoints as one.
    let connected = app
        .chains
        .iter()
        .filter(|chain| chain.source.status().connected)
        .count();
    Json(ChainStatsResponse {
        loaded: true,
        total_chains: app.chains.ids().len() as u64,
        supported_chain_ids: app.chains.ids().iter().copied().map(ChainId::new).collect(),
        last_refresh: Some(app.started_at),
        timestamp: Some(clock::now()),
        active_chains: Some(with_head as u64),
        healthy_rpcs: Some(connected as u64),
        extra: Extra::new(),
    })
}

fn status(chain: &ServedChain) -> ChainStatus {
    let status = chain.source.status();
    if !status.connected && status.last_error.is_some() {
        ChainStatus::Error
    } else {
        ChainStatus::Active
    }
}

/// The configuration under all its names. Of endpoints, which hold keys, only scheme, host and
/// port.
fn settings(chain: &ServedChain) -> ChainSettings {
    let config = &chain.config;
    let shown = |url: &RpcUrl| EndpointUrl::from(url.origin());
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
        historical_max_chunk_size: Some(config.max_blocks_per_request),
        confirmation_blocks: Some(config.confirmation_blocks),
        ..ChainSettings::default()
    }
}

/// What the chain's nodes say, under names of our own.
fn observed(chain: &ServedChain) -> Extra {
    let status = chain.source.status();
    let head = status.head;
    let mut observed = Extra::new();
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
