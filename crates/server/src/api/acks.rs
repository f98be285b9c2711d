//! Acknowledgements of batches, by batch id and by response id.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use event_streamer_models::{
    BatchAcknowledgmentRequest, BatchAcknowledgmentResponse, BatchId,
    BulkBatchAcknowledgmentRequest, BulkBatchAcknowledgmentResponse, ConfirmationRequest,
    ConfirmationResponse, ErrorCode, ResumeToken, SubscriptionId,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::AppState;
use super::auth::Caller;
use super::error::{ApiError, ApiResult};
use super::extract::{JsonBody, PathParams};
use crate::app::App;
use crate::clock;
use crate::delivery::acks::Ack;
use crate::delivery::connection::{AckOutcome, Connection, StoredPosition};

/// Ids in one bulk request. Our SDK sends at most 1,000 (`docs/protocol.md`, section 6, G8); the
/// Python client 0.5.0 sends all it has, which the default window bounds, and would repeat a
/// refused request for ever.
const MAX_BATCH_IDS: usize = 65_536;

/// `POST /subscriptions/{id}/stream/{connection_id}/ack/batch`
pub(super) async fn one(
    State(app): State<AppState>,
    caller: Caller,
    path: PathParams,
    JsonBody(body): JsonBody,
) -> ApiResult<Json<BatchAcknowledgmentResponse>> {
    let request: BatchAcknowledgmentRequest = read(body)?;
    let connection = find(&app, &caller, &path).await?;
    let sequence = connection
        .ids()
        .sequence_of_batch(request.batch_id.as_str());
    let outcome = connection.acknowledge([sequence], &*app.store).await?;
    let events_acknowledged = match outcome.acks.first() {
        Some(Ack::New { events }) => *events,
        Some(Ack::Repeated) => 0,
        Some(Ack::Unknown) | None => return Err(batch_not_found(&connection)),
    };
    let id = connection.id().clone();
    let now = clock::now();
    Ok(Json(BatchAcknowledgmentResponse {
        resume_token: resume_token(&app, &connection, &outcome.position)?,
        ..BatchAcknowledgmentResponse::new(id, request.batch_id, events_acknowledged, now)
    }))
}

/// `POST /subscriptions/{id}/stream/{connection_id}/ack/batch/bulk`
pub(super) async fn bulk(
    State(app): State<AppState>,
    caller: Caller,
    path: PathParams,
    JsonBody(body): JsonBody,
) -> ApiResult<Json<BulkBatchAcknowledgmentResponse>> {
    let request: BulkBatchAcknowledgmentRequest = read(body)?;
    if request.connection_id.as_str() != path.text("connection_id") {
        return Err(ApiError::invalid("connection_id: is not that of the path"));
    }
    if request.batch_ids.len() > MAX_BATCH_IDS {
        let count = request.batch_ids.len();
        let what = format!("batch_ids: has {count} entries, more than {MAX_BATCH_IDS}");
        return Err(ApiError::invalid(&what));
    }
    let connection = find(&app, &caller, &path).await?;
    let ids = connection.ids();
    let sequences = request
        .batch_ids
        .iter()
        .map(|id| ids.sequence_of_batch(id.as_str()));
    let AckOutcome { acks, position } = connection.acknowledge(sequences, &*app.store).await?;
    let failed: Vec<BatchId> = request
        .batch_ids
        .iter()
        .zip(&acks)
        .filter(|(_, ack)| **ack == Ack::Unknown)
        .map(|(id, _)| id.clone())
        .collect();
    let done = (acks.len() - failed.len()) as u64;
    let events = acks.iter().map(|ack| {
        if let Ack::New { events } = ack {
            *events
        } else {
            0
        }
    });
    let (id, events, now) = (connection.id().clone(), events.sum(), clock::now());
    Ok(Json(BulkBatchAcknowledgmentResponse {
        resume_token: resume_token(&app, &connection, &position)?,
        ..BulkBatchAcknowledgmentResponse::new(id, done, failed, events, now)
    }))
}

/// `POST /confirmations`: older clients know the response id only, not the connection.
pub(super) async fn confirm(
    State(app): State<AppState>,
    caller: Caller,
    JsonBody(body): JsonBody,
) -> ApiResult<Json<ConfirmationResponse>> {
    let request: ConfirmationRequest = read(body)?;
    let response_id = request.response_id.as_str();
    let found = app
        .connections
        .of(request.subscription_id)
        .into_iter()
        .filter(|connection| caller.may_see(&connection.subscriber_id()))
        .find_map(|connection| {
            connection
                .ids()
                .sequence_of_response(response_id)
                .map(|sequence| (connection, sequence))
        });
    let Some((connection, sequence)) = found else {
        check_exists(&app, &caller, request.subscription_id).await?;
        return Err(response_not_found());
    };
    let outcome = connection
        .acknowledge([Some(sequence)], &*app.store)
        .await?;
    if outcome.acks.contains(&Ack::Unknown) {
        return Err(response_not_found());
    }
    // Says whether the position could be stored at all.
    resume_token(&app, &connection, &outcome.position)?;
    Ok(Json(ConfirmationResponse::new(
        true,
        "the batch is acknowledged",
    )))
}

/// The connection of the path, if it belongs to the subscription of the path.
pub(super) async fn find(
    app: &App,
    caller: &Caller,
    path: &PathParams,
) -> ApiResult<Arc<Connection>> {
    let subscription_id = path.subscription_id()?;
    let id = path.text("connection_id");
    match app.connections.get(id) {
        Some(connection)
            if connection.scope().subscription_id == subscription_id
                && caller.may_see(&connection.subscriber_id()) =>
        {
            Ok(connection)
        }
        _ => {
            check_exists(app, caller, subscription_id).await?;
            Err(ApiError::connection_not_found(id))
        }
    }
}

pub(super) async fn check_exists(app: &App, caller: &Caller, id: SubscriptionId) -> ApiResult<()> {
    match app.store.get(id).await? {
        Some(found) if caller.may_see(&found.spec.subscriber_id) => Ok(()),
        _ => Err(ApiError::subscription_not_found(id)),
    }
}

/// The token of the subscription's position after an acknowledgement.
fn resume_token(
    app: &App,
    connection: &Connection,
    position: &StoredPosition,
) -> ApiResult<Option<ResumeToken>> {
    match position {
        StoredPosition::At(cursor) => {
            let key = app.store.token_key();
            Ok(cursor
                .as_ref()
                .inspect(|_| connection.tally().made_token())
                .map(|cursor| key.seal(connection.scope(), cursor)))
        }
        StoredPosition::Stale => Err(ApiError::connection_not_found(connection.id().as_str())),
        StoredPosition::NotFound => Err(ApiError::subscription_not_found(
            connection.scope().subscription_id,
        )),
    }
}

pub(super) fn batch_not_found(connection: &Connection) -> ApiError {
    let what = format!("no such batch was sent on {}", connection.id());
    ApiError::not_found(ErrorCode::BatchNotFound, &what)
}

fn response_not_found() -> ApiError {
    let what = "no batch with this response id is known to an open connection";
    ApiError::not_found(ErrorCode::BatchNotFound, what)
}

/// A small body, by its model. It has few fields, so the first fault is usually the only one.
pub(super) fn read<T: DeserializeOwned>(body: Value) -> ApiResult<T> {
    if !body.is_object() {
        return Err(ApiError::invalid("body: must be a json object"));
    }
    serde_json::from_value(body).map_err(|error| ApiError::invalid(&format!("body: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{DeliveryConfig, HttpConfig};
    use crate::delivery::ids::MessageIds;

    /// The Python client 0.5.0 sends all it has in one request, with a space behind each comma.
    #[test]
    fn the_acknowledgements_of_a_whole_window_fit_in_one_request() {
        let window = DeliveryConfig::default().unacknowledged_batches;
        assert!(window <= MAX_BATCH_IDS);
        let id = MessageIds::random().batch_id(1);
        let bytes = window * format!("\"{}\", ", id.as_str()).len();
        let others = 1024;
        assert!(bytes + others <= HttpConfig::default().max_body_bytes);
    }
}
