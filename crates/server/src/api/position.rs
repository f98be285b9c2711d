//! Where a subscription stands, and how a client moves it without a connection.

use std::cmp::Ordering;

use axum::Json;
use axum::extract::State;
use event_streamer_models::{
    ErrorCode, LastProcessedBlockResponse, PositionRequest, PositionResponse,
    ProcessingStatusResponse,
};

use super::acks::read;
use super::auth::Caller;
use super::error::{ApiError, ApiResult};
use super::extract::{JsonBody, PathParams, QueryParams};
use super::stream::invalid_token;
use super::{AppState, subscriptions, view};
use crate::app::App;
use crate::clock;
use crate::ingest::Cursor;
use crate::store::{Advance, Advanced};
use crate::subscription::{Acknowledged, Subscription, last_whole_block};

/// `POST /subscriptions/{id}/position`
///
/// Everything up to the token is done, on no connection in particular: open streams take their
/// batches up to it for acknowledged.
pub(super) async fn advance(
    State(app): State<AppState>,
    caller: Caller,
    path: PathParams,
    query: QueryParams,
    JsonBody(body): JsonBody,
) -> ApiResult<Json<PositionResponse>> {
    let request: PositionRequest = read(body)?;
    let subscription = subscriptions::find(&app, &caller, &path, &query).await?;
    let key = app.store.token_key();
    let scope = subscription.token_scope();
    let wanted = key
        .open(scope, request.resume_token.as_str())
        .map_err(invalid_token)?;
    let stored = move_to(&app, &subscription, wanted).await?;
    let cursor = stored.cursor.unwrap_or(wanted);
    if cursor.position_cmp(&wanted) == Ordering::Greater {
        let error = "the position is behind the acknowledged one, and never moves back";
        let detail = format!("acknowledged up to block {}", cursor.block.number);
        return Err(ApiError::conflict(ErrorCode::PositionBehind, error).with_detail(detail));
    }
    app.tallies
        .of(&subscription.spec.subscriber_id)
        .made_token();
    let token = key.seal(scope, &cursor);
    Ok(Json(PositionResponse::new(
        token,
        last_whole_block(&cursor),
        clock::now(),
    )))
}

async fn move_to(
    app: &App,
    subscription: &Subscription,
    wanted: Cursor,
) -> ApiResult<Acknowledged> {
    let id = subscription.id;
    // First the streams: they know how many events lie before the position, and whether it is on
    // the good branch after a reorg.
    for connection in app.connections.of(id) {
        if connection.epoch() == subscription.epoch {
            connection.acknowledge_through(&wanted, &*app.store).await?;
        }
    }
    let advance = Advance {
        epoch: subscription.epoch,
        cursor: wanted,
        last_event_id: None,
        steps: Vec::new(),
        replaces: None,
    };
    match app.store.advance(id, advance).await? {
        Advanced::To(acknowledged) => Ok(acknowledged),
        Advanced::Stale => Err(ApiError::conflict(
            "CONFLICT",
            "the subscription was just reset; try again",
        )),
        Advanced::NotFound => Err(ApiError::subscription_not_found(id)),
    }
}

/// `GET /subscriptions/{id}/processing-status`
pub(super) async fn processing_status(
    State(app): State<AppState>,
    caller: Caller,
    path: PathParams,
    query: QueryParams,
) -> ApiResult<Json<ProcessingStatusResponse>> {
    let subscription = subscriptions::find(&app, &caller, &path, &query).await?;
    let connections = app.connections.of(subscription.id);
    let open = connections.iter().filter(|it| it.is_open()).count() as u64;
    Ok(Json(ProcessingStatusResponse::new(
        subscription.id,
        open > 0,
        open,
        clock::now(),
    )))
}

/// `GET /subscriptions/{id}/last-processed-block`
pub(super) async fn last_processed_block(
    State(app): State<AppState>,
    caller: Caller,
    path: PathParams,
    query: QueryParams,
) -> ApiResult<Json<LastProcessedBlockResponse>> {
    let subscription = subscriptions::find(&app, &caller, &path, &query).await?;
    let chain_id = query.integer("chain_id", 1..=u64::MAX)?;
    if chain_id.is_some_and(|chain_id| chain_id != subscription.spec.chain_id.get()) {
        let what = format!("subscription {} is on another chain", subscription.id);
        return Err(ApiError::not_found(ErrorCode::SubscriptionNotFound, &what));
    }
    Ok(Json(LastProcessedBlockResponse::new(
        view::last_processed_block(&app, &subscription),
    )))
}
