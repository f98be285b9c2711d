//! The chains of the service, as they are configured and as they are doing.

mod change;
mod gaps;
mod shown;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use event_streamer_models::{
    ChainConfigResponse, ChainEntry, ChainId, ChainListResponse, ChainStatsResponse, ChainStatus,
    Extra,
};

use super::AppState;
use super::error::{ApiError, ApiResult};
use super::extract::PathParams;
use crate::chains::ServedChain;
use crate::clock;
use crate::store::StoredChain;

pub(super) use change::{create, deactivate, refresh, update};
pub(super) use gaps::gaps;

/// `GET /api/chains`: deactivated ones too.
pub(super) async fn list(State(app): State<AppState>) -> Json<ChainListResponse> {
    let served = |chain: &Arc<ServedChain>| ChainEntry {
        chain_id: ChainId::new(chain.config.chain_id),
        name: Some(chain.config.name.clone()),
        status: Some(shown::status(chain)),
        settings: shown::settings(&chain.config, chain.given()),
        extra: shown::observed(chain),
    };
    let inactive = |chain: &StoredChain| ChainEntry {
        chain_id: ChainId::new(chain.chain_id),
        name: Some(chain.name.clone()),
        status: Some(ChainStatus::Inactive),
        settings: shown::stored_settings(chain, app.chains.settings()),
        extra: Extra::new(),
    };
    let (all, unused) = (app.chains.all(), app.chains.inactive());
    let mut entries: Vec<_> = all.iter().map(served).collect();
    entries.extend(unused.iter().map(inactive));
    entries.sort_by_key(|it| it.chain_id);
    Json(ChainListResponse::new(entries, clock::now()))
}

/// `GET /api/chains/{chain_id}`
pub(super) async fn get(
    State(app): State<AppState>,
    path: PathParams,
) -> ApiResult<Json<ChainConfigResponse>> {
    let chain_id = path.chain_id()?;
    if let Some(chain) = app.chains.get(chain_id) {
        let message = format!("chain {chain_id} is configured");
        let settings = shown::settings(&chain.config, chain.given());
        let response = ChainConfigResponse::new(ChainId::new(chain_id), message, clock::now())
            .with_settings(chain.config.name.clone(), &settings);
        return Ok(Json(ChainConfigResponse {
            status: Some(shown::status(&chain)),
            extra: shown::observed(&chain),
            ..response
        }));
    }
    let inactive = app.chains.inactive();
    let chain = inactive.iter().find(|it| it.chain_id == chain_id);
    let chain = chain.ok_or_else(|| not_found(chain_id))?;
    let message = format!("chain {chain_id} is deactivated");
    Ok(Json(shown::response(chain, message, app.chains.settings())))
}

/// `GET /api/chains/stats`
pub(super) async fn stats(State(app): State<AppState>) -> Json<ChainStatsResponse> {
    let chains = app.chains.all();
    let count = |wanted: fn(&ServedChain) -> bool| {
        chains.iter().filter(|chain| wanted(chain)).count() as u64
    };
    let ids = app.chains.ids();
    Json(ChainStatsResponse {
        loaded: true,
        total_chains: ids.len() as u64,
        supported_chain_ids: ids.into_iter().map(ChainId::new).collect(),
        last_refresh: Some(app.chains.read_at()),
        timestamp: Some(clock::now()),
        active_chains: Some(count(|chain| chain.source.head().is_some())),
        // A source tells of its endpoints as one.
        healthy_rpcs: Some(count(|chain| chain.source.status().connected)),
        extra: Extra::new(),
    })
}

fn not_found(chain_id: u64) -> ApiError {
    let what = format!("chain {chain_id} does not exist");
    ApiError::not_found("CHAIN_NOT_FOUND", &what)
}
