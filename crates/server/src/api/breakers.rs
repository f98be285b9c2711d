//! The breakers of the chains' endpoints.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Json;
use axum::extract::State;
use event_streamer_models::{
    BreakerState, ChainId, ChainLabel, CircuitBreakerConfigResponse, CircuitBreakerHealthResponse,
    CircuitBreakerMetrics, CircuitBreakerResetResponse, CircuitBreakerStatus,
    CircuitBreakerStatusResponse, Extra, RpcClientStatus, Timestamp,
};
use serde_json::{Map, Value, json};

use super::AppState;
use super::auth::Caller;
use super::error::{ApiError, ApiResult};
use super::extract::PathParams;
use crate::app::App;
use crate::chains::ServedChain;
use crate::clock;
use crate::ingest::{BreakerConfig, EndpointSnapshot};
use crate::rpc::RpcClientConfig;

/// `GET /api/circuit-breakers/status`
pub(super) async fn status(State(app): State<AppState>) -> Json<CircuitBreakerStatusResponse> {
    let all = all(&app);
    let open = all.iter().filter(|it| !is_well(it)).count();
    let mut summary = Map::new();
    summary.insert("total".to_owned(), all.len().into());
    summary.insert("healthy".to_owned(), (all.len() - open).into());
    summary.insert("unhealthy".to_owned(), open.into());
    let chains = app.chains.all();
    let clients = chains.iter().map(|chain| {
        let clients = chain.source.endpoints().into_iter().map(|it| {
            let client = RpcClientStatus {
                state: it.breaker.state.clone(),
                metrics: numbers(&it),
                is_healthy: is_well(&it),
                extra: Extra::new(),
            };
            (it.name, client)
        });
        (chain.config.chain_id.to_string(), clients.collect())
    });
    Json(CircuitBreakerStatusResponse {
        rpc_clients: clients.collect(),
        circuit_breakers: all
            .into_iter()
            .map(|it| (it.name.clone(), shown(&it)))
            .collect(),
        summary,
        extra: Extra::new(),
    })
}

/// `GET /api/circuit-breakers/health`
pub(super) async fn health(State(app): State<AppState>) -> Json<CircuitBreakerHealthResponse> {
    let all = all(&app);
    let total = all.len() as u64;
    let healthy = all.iter().filter(|it| is_well(it)).count() as u64;
    let chains = app.chains.all();
    let without = |chain: &&Arc<ServedChain>| !chain.source.endpoints().iter().any(is_well);
    let unhealthy_chains: Vec<_> = chains
        .iter()
        .filter(without)
        .map(|chain| ChainLabel::Id(ChainId::new(chain.config.chain_id)))
        .collect();
    let overall = match healthy {
        _ if healthy == total => "healthy",
        0 => "unhealthy",
        _ => "degraded",
    };
    let clients = chains.iter().map(|chain| {
        let endpoints = chain.source.endpoints();
        let mut client = Map::new();
        let well = endpoints.iter().filter(|it| is_well(it)).count();
        client.insert("name".to_owned(), chain.config.name.clone().into());
        client.insert("total".to_owned(), endpoints.len().into());
        client.insert("healthy".to_owned(), well.into());
        client.insert("is_healthy".to_owned(), (well > 0).into());
        (chain.config.chain_id.to_string(), client)
    });
    Json(CircuitBreakerHealthResponse {
        overall_health: overall.to_owned(),
        health_percentage: share(healthy, total) * 100.0,
        total_circuit_breakers: total,
        healthy_circuit_breakers: healthy,
        unhealthy_circuit_breakers: total - healthy,
        rpc_clients: clients.collect(),
        last_updated: Some(clock::now()),
        healthy_rpcs: Some(healthy),
        total_rpcs: Some(total),
        unhealthy_chains: Some(unhealthy_chains),
        extra: Extra::new(),
    })
}

/// `GET /api/circuit-breakers/{name}/metrics`
pub(super) async fn metrics(
    State(app): State<AppState>,
    path: PathParams,
) -> ApiResult<Json<CircuitBreakerMetrics>> {
    let name = path.text("name");
    let found = all(&app).into_iter().find(|it| it.name == name);
    let it = found.ok_or_else(|| not_found(name))?;
    let breaker = &it.breaker;
    Ok(Json(CircuitBreakerMetrics {
        failure_count: breaker.failures,
        success_count: breaker.successes,
        consecutive_failures: breaker.consecutive_failures,
        consecutive_successes: breaker.consecutive_successes,
        total_calls: breaker.total_calls(),
        half_open_calls: breaker.half_open_calls,
        last_failure_time: breaker.last_failure.and_then(time),
        last_success_time: breaker.last_success.and_then(time),
        state_transitions: transitions(&it),
        // Where nothing was called nothing has failed.
        success_rate: share(breaker.successes, breaker.total_calls()),
        failure_rate: 1.0 - share(breaker.successes, breaker.total_calls()),
        average_response_time: it.mean_latency.map(|time| time.as_secs_f64() * 1000.0),
        name: it.name,
        extra: Extra::new(),
    }))
}

/// `POST /api/circuit-breakers/reset`
pub(super) async fn reset_all(
    State(app): State<AppState>,
    caller: Caller,
) -> ApiResult<Json<CircuitBreakerResetResponse>> {
    caller.check_admin()?;
    let names = all(&app).into_iter().map(|it| it.name);
    let count = names.filter(|name| reset_one(&app, name)).count() as u64;
    caller.note(&app, "breaker.reset", "all").await;
    Ok(Json(CircuitBreakerResetResponse {
        message: format!("{count} breakers are closed"),
        status: "success".to_owned(),
        reset_count: Some(count),
        extra: Extra::new(),
    }))
}

/// `POST /api/circuit-breakers/{name}/reset`
pub(super) async fn reset(
    State(app): State<AppState>,
    caller: Caller,
    path: PathParams,
) -> ApiResult<Json<CircuitBreakerResetResponse>> {
    caller.check_admin()?;
    let name = path.text("name");
    if !reset_one(&app, name) {
        return Err(not_found(name));
    }
    caller.note(&app, "breaker.reset", name).await;
    Ok(Json(CircuitBreakerResetResponse {
        message: format!("breaker {name} is closed"),
        status: "success".to_owned(),
        reset_count: Some(1),
        extra: Extra::new(),
    }))
}

/// `GET /api/circuit-breakers/config`
pub(super) async fn config(State(app): State<AppState>) -> Json<CircuitBreakerConfigResponse> {
    // All chains have the same.
    let chains = app.chains.all();
    let config = chains
        .first()
        .map_or_else(BreakerConfig::default, |it| it.source.breaker_config());
    Json(CircuitBreakerConfigResponse {
        failure_threshold: config.failure_threshold.into(),
        recovery_timeout: config.recovery_timeout.as_secs(),
        success_threshold: config.success_threshold.into(),
        timeout: RpcClientConfig::default().request_timeout.as_secs(),
        half_open_max_calls: config.half_open_max_calls.into(),
        extra: Extra::new(),
    })
}

fn all(app: &App) -> Vec<EndpointSnapshot> {
    app.chains
        .all()
        .iter()
        .flat_map(|chain| chain.source.endpoints())
        .collect()
}

fn reset_one(app: &App, name: &str) -> bool {
    app.chains
        .all()
        .iter()
        .any(|chain| chain.source.reset_breaker(name))
}

fn is_well(endpoint: &EndpointSnapshot) -> bool {
    endpoint.breaker.state == BreakerState::Closed
}

fn shown(endpoint: &EndpointSnapshot) -> CircuitBreakerStatus {
    let breaker = &endpoint.breaker;
    CircuitBreakerStatus {
        state: breaker.state.clone(),
        failure_count: breaker.failures,
        success_count: breaker.successes,
        consecutive_failures: breaker.consecutive_failures,
        consecutive_successes: breaker.consecutive_successes,
        total_calls: breaker.total_calls(),
        last_failure_time: breaker.last_failure.and_then(time),
        last_success_time: breaker.last_success.and_then(time),
        state_transitions: transitions(endpoint),
        extra: Extra::new(),
    }
}

/// The endpoint in numbers. Of its URL only scheme, host and port.
fn numbers(endpoint: &EndpointSnapshot) -> Map<String, Value> {
    let seconds = |time: Option<std::time::Duration>| time.map(|time| time.as_secs_f64());
    let numbers = json!({
        "url": endpoint.url,
        "total_calls": endpoint.breaker.total_calls(),
        "failure_count": endpoint.breaker.failures,
        "success_count": endpoint.breaker.successes,
        "error_rate": endpoint.error_rate,
        "mean_latency_seconds": seconds(endpoint.mean_latency),
        "p95_latency_seconds": seconds(endpoint.p95_latency),
        "head_block": endpoint.head,
        "lag_blocks": endpoint.lag,
        "under_way": endpoint.under_way,
        "quiet_for_seconds": seconds(endpoint.quiet_for),
        "untrue_answers": endpoint.untrue_answers,
        "hedged": endpoint.hedged,
    });
    match numbers {
        Value::Object(numbers) => numbers,
        _ => Map::new(),
    }
}

fn transitions(endpoint: &EndpointSnapshot) -> BTreeMap<String, u64> {
    let transitions = endpoint.breaker.transitions.iter();
    transitions
        .map(|(name, count)| ((*name).to_owned(), *count))
        .collect()
}

/// 1 where there is nothing to share.
#[expect(clippy::cast_precision_loss, reason = "a share of counts below 2^53")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        1.0
    } else {
        part as f64 / whole as f64
    }
}

fn time(time: SystemTime) -> Option<Timestamp> {
    let since = time.duration_since(UNIX_EPOCH).ok()?;
    let millis = i64::try_from(since.as_millis()).ok()?;
    Some(Timestamp::from_unix_millis(millis))
}

fn not_found(name: &str) -> ApiError {
    let name: String = name.chars().take(64).collect();
    let what = format!("there is no breaker {name:?}");
    ApiError::not_found("CIRCUIT_BREAKER_NOT_FOUND", &what)
}
