//! Open streams: what clients say on their side, and what there is.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use event_streamer_models::{
    ClientHeartbeatRequest, ClientHeartbeatResponse, ConnectionHealth, ConnectionStatus, Extra,
};
use tokio::time::Instant;

use super::AppState;
use super::acks::read;
use super::auth::Caller;
use super::error::{ApiError, ApiResult};
use super::extract::{JsonBody, PathParams};
use crate::clock;
use crate::config::DeliveryConfig;

/// `POST /stream/{connection_id}/heartbeat`
pub(super) async fn heartbeat(
    State(app): State<AppState>,
    caller: Caller,
    path: PathParams,
    JsonBody(body): JsonBody,
) -> ApiResult<Json<ClientHeartbeatResponse>> {
    // Neither the client's clock nor its count matters: what counts is that it came.
    let _: ClientHeartbeatRequest = read(body)?;
    let id = path.text("connection_id");
    let connection = app
        .connections
        .get(id)
        .filter(|connection| connection.is_open() && caller.may_see(&connection.subscriber_id()))
        .ok_or_else(|| ApiError::connection_not_found(id))?;
    connection.heard();
    Ok(Json(ClientHeartbeatResponse::new(
        connection.id().clone(),
        clock::now(),
    )))
}

/// `GET /api/connections`
pub(super) async fn list(
    State(app): State<AppState>,
    caller: Caller,
) -> Json<Vec<ConnectionHealth>> {
    let now = Instant::now();
    let mut open = app.connections.all_open();
    open.retain(|connection| caller.may_see(&connection.subscriber_id()));
    let health = open.into_iter().map(|connection| {
        let life = connection.life();
        ConnectionHealth {
            connection_id: connection.id().clone(),
            subscription_id: connection.scope().subscription_id,
            status: status_of(now.duration_since(life.last_sign), &app.config.delivery),
            last_heartbeat: life.last_sign_at,
            events_sent: connection.events_sent(),
            error_rate: connection.error_rate(),
            uptime_seconds: now.duration_since(life.started).as_secs(),
            extra: Extra::new(),
        }
    });
    Json(health.collect())
}

/// By how long nothing was heard of the client.
pub(super) fn status_of(silence: Duration, settings: &DeliveryConfig) -> ConnectionStatus {
    if silence <= settings.heartbeat_interval * 2 {
        ConnectionStatus::Healthy
    } else if silence <= settings.connection_timeout / 2 {
        ConnectionStatus::Warning
    } else {
        ConnectionStatus::Critical
    }
}
