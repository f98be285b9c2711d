//! Whether the service is alive, and whether it is ready.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use event_streamer_models::{HealthResponse, ReadyCheck, ReadyResponse, ServiceStatus};
use tokio::time::{Instant, timeout};

use super::AppState;
use crate::app::App;
use crate::chains::ServedChain;
use crate::clock;

/// A check must answer within the patience of whoever asks.
const CHECK_TIMEOUT: Duration = Duration::from_secs(2);
/// A head that no node has confirmed for so many block times is old; but not before `OLD_HEAD`.
const OLD_HEAD_BLOCKS: u32 = 20;
const OLD_HEAD: Duration = Duration::from_secs(60);

/// `GET /health`
pub(super) async fn health(State(app): State<AppState>) -> Json<HealthResponse> {
    let fault = |chain: &Arc<ServedChain>| {
        let status = chain.source.status();
        // Before the first answer of a node there is nothing to complain about.
        !status.connected && status.last_error.is_some()
    };
    let degraded = store_fault(&app).await.is_some() || app.chains.all().iter().any(fault);
    let status = if degraded {
        ServiceStatus::Degraded
    } else {
        ServiceStatus::Healthy
    };
    Json(HealthResponse::new(status, clock::now()))
}

/// `GET /ready`
pub(super) async fn ready(State(app): State<AppState>) -> (StatusCode, Json<ReadyResponse>) {
    let store = store_fault(&app).await;
    let mut checks = vec![ReadyCheck {
        detail: store.clone(),
        ..ReadyCheck::new("store", store.is_none())
    }];
    checks.extend(app.chains.all().iter().map(|it| check_chain(it)));
    let answer = ReadyResponse::new(checks, clock::now());
    let status = if answer.ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(answer))
}

fn check_chain(chain: &ServedChain) -> ReadyCheck {
    let status = chain.source.status();
    let limit = (chain.config.block_time * OLD_HEAD_BLOCKS).max(OLD_HEAD);
    let age = status
        .head
        .map(|head| Instant::now().duration_since(head.observed_at));
    let passed = age.is_some_and(|age| age <= limit);
    let found = match age {
        Some(age) => format!("head confirmed {} s ago", age.as_secs()),
        None => "no head yet".to_owned(),
    };
    let detail = match status.last_error {
        Some(error) if !passed => format!("{found}: {error}"),
        _ => found,
    };
    ReadyCheck::new(chain.config.name.clone(), passed).with_detail(detail)
}

async fn store_fault(app: &App) -> Option<String> {
    match timeout(CHECK_TIMEOUT, app.store.check()).await {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(error.to_string()),
        Err(_) => Some("the database did not answer in time".to_owned()),
    }
}
