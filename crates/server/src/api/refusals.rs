//! Refused batches: `nack`, and those that are kept as dead letters.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use event_streamer_models::{
    BatchRefusalRequest, BatchRefusalResponse, DeadLetterListResponse, DeadLetterResponse,
    ErrorCode, Extra, RefusalOutcome, SubscriptionId,
};
use serde_json::Value;
use tokio::time::Instant;

use super::AppState;
use super::acks::{batch_not_found, check_exists, find, read};
use super::auth::Caller;
use super::error::{ApiError, ApiResult};
use super::extract::{JsonBody, PathParams, QueryParams};
use crate::app::App;
use crate::clock;
use crate::delivery::acks::Refused;
use crate::delivery::refusals::Again;
use crate::store::Letter;

/// The longest wait before a batch is sent again.
const MAX_DELAY_SECONDS: u64 = 24 * 60 * 60;
/// What is kept of a consumer's reason.
const MAX_REASON: usize = 2_000;
const MAX_PAGE: u64 = 1_000;
const PAGE: u32 = 100;

/// `POST /subscriptions/{id}/stream/{connection_id}/nack/batch`
pub(super) async fn refuse(
    State(app): State<AppState>,
    caller: Caller,
    path: PathParams,
    JsonBody(body): JsonBody,
) -> ApiResult<Json<BatchRefusalResponse>> {
    let request: BatchRefusalRequest = read(body)?;
    let settings = &app.config.delivery;
    let default = settings.redelivery_delay.as_secs();
    let delay = request.delay_seconds.unwrap_or(default);
    if delay > MAX_DELAY_SECONDS {
        let what = format!("delay_seconds: is more than {MAX_DELAY_SECONDS}");
        return Err(ApiError::invalid(&what));
    }
    let connection = find(&app, &caller, &path).await?;
    if !connection.is_open() {
        // Nothing can be sent on it; the batch comes again on the next one.
        return Err(ApiError::connection_not_found(connection.id().as_str()));
    }
    connection.heard();
    let ids = connection.ids();
    let refused = ids
        .sequence_of_batch(request.batch_id.as_str())
        .map_or(Refused::Unknown, |sequence| {
            connection.with_acks(|acks| acks.refuse(sequence))
        });
    let (refusals, outcome) = match refused {
        Refused::Unknown => return Err(batch_not_found(&connection)),
        Refused::Acknowledged => {
            let error = "the batch was acknowledged before, and is done";
            return Err(ApiError::conflict("BATCH_ACKNOWLEDGED", error));
        }
        Refused::Letter => (0, RefusalOutcome::DeadLetter),
        Refused::Batch {
            sequence,
            refusals,
            again,
        } => {
            let is_dead = refusals >= settings.max_refusals;
            if again {
                connection.meter().refused_batches.add(1);
                let reason = request
                    .reason
                    .map(|it| it.chars().take(MAX_REASON).collect());
                let wait = std::time::Duration::from_secs(if is_dead { 0 } else { delay });
                let what = Again::Batch {
                    sequence,
                    refusals,
                    reason,
                    is_dead,
                };
                connection.refusals().push(Instant::now() + wait, what);
            }
            let outcome = if is_dead {
                RefusalOutcome::DeadLetter
            } else {
                RefusalOutcome::Redelivery
            };
            (refusals, outcome)
        }
    };
    Ok(Json(BatchRefusalResponse {
        batch_id: request.batch_id,
        refusals,
        max_refusals: settings.max_refusals,
        outcome,
        delay_seconds: (outcome == RefusalOutcome::Redelivery).then_some(delay),
        timestamp: clock::now(),
        extra: Extra::new(),
    }))
}

/// `GET /subscriptions/{id}/dead-letters?after=&limit=`
pub(super) async fn list(
    State(app): State<AppState>,
    caller: Caller,
    path: PathParams,
    query: QueryParams,
) -> ApiResult<Json<DeadLetterListResponse>> {
    let of = path.subscription_id()?;
    let after = query
        .integer("after", 0..=i64::MAX.unsigned_abs())?
        .unwrap_or(0);
    let limit = query.integer("limit", 1..=MAX_PAGE)?;
    let limit = limit.and_then(|it| u32::try_from(it).ok()).unwrap_or(PAGE);
    check_exists(&app, &caller, of).await?;
    let letters = app.store.letters(of, after, limit).await?;
    Ok(Json(DeadLetterListResponse {
        dead_letters: letters.into_iter().map(|it| shown(of, it, None)).collect(),
        extra: Extra::new(),
    }))
}

/// `GET /subscriptions/{id}/dead-letters/{letter}`, with its events.
pub(super) async fn get(
    State(app): State<AppState>,
    caller: Caller,
    path: PathParams,
) -> ApiResult<Json<DeadLetterResponse>> {
    let (of, mut letter) = found(&app, &caller, &path).await?;
    let body = letter.body.take().unwrap_or_default();
    let events = serde_json::from_str(&body).map_err(|error| {
        tracing::error!(subscription = %of, letter = letter.id, %error, "a dead letter is damaged");
        ApiError::internal()
    })?;
    Ok(Json(shown(of, letter, Some(events))))
}

/// `POST /subscriptions/{id}/dead-letters/{letter}/replay`: on an open stream of this instance.
pub(super) async fn replay(
    State(app): State<AppState>,
    caller: Caller,
    path: PathParams,
) -> ApiResult<(StatusCode, Json<DeadLetterResponse>)> {
    let (of, letter) = found(&app, &caller, &path).await?;
    let streams = app.connections.of(of);
    let Some(stream) = streams.iter().rev().find(|it| it.is_open()) else {
        let error = format!("subscription {of} has no open stream here to replay it on");
        return Err(ApiError::conflict("NO_STREAM", error));
    };
    if !stream.refusals().replay(letter.id) {
        let error = "too many dead letters wait to be replayed on this stream";
        return Err(
            ApiError::new(StatusCode::TOO_MANY_REQUESTS, ErrorCode::RateLimited, error)
                .with_retry_after(std::time::Duration::from_secs(1)),
        );
    }
    let letter = shown(
        of,
        Letter {
            body: None,
            ..letter
        },
        None,
    );
    Ok((StatusCode::ACCEPTED, Json(letter)))
}

/// `DELETE /subscriptions/{id}/dead-letters/{letter}`
pub(super) async fn delete(
    State(app): State<AppState>,
    caller: Caller,
    path: PathParams,
) -> ApiResult<StatusCode> {
    let of = path.subscription_id()?;
    check_exists(&app, &caller, of).await?;
    match letter_number(&path) {
        Some(letter) if app.store.delete_letter(of, letter).await? => {
            tracing::info!(subscription = %of, letter, "a dead letter was deleted");
            Ok(StatusCode::NO_CONTENT)
        }
        _ => Err(letter_not_found(&path)),
    }
}

async fn found(
    app: &App,
    caller: &Caller,
    path: &PathParams,
) -> ApiResult<(SubscriptionId, Letter)> {
    let of = path.subscription_id()?;
    check_exists(app, caller, of).await?;
    let letter = match letter_number(path) {
        Some(number) => app.store.letter(of, number).await?,
        None => None,
    };
    letter
        .map(|letter| (of, letter))
        .ok_or_else(|| letter_not_found(path))
}

fn letter_number(path: &PathParams) -> Option<u64> {
    let number: u64 = path.text("letter").parse().ok()?;
    i64::try_from(number).is_ok().then_some(number)
}

fn letter_not_found(path: &PathParams) -> ApiError {
    let letter: String = path.text("letter").chars().take(40).collect();
    ApiError::not_found("DEAD_LETTER_NOT_FOUND", &format!("no dead letter {letter}"))
}

fn shown(
    of: SubscriptionId,
    letter: Letter,
    events: Option<BTreeMap<String, Vec<Value>>>,
) -> DeadLetterResponse {
    DeadLetterResponse {
        id: letter.id,
        subscription_id: of,
        first_block: letter.blocks.0,
        last_block: letter.blocks.1,
        batch_size: letter.events,
        bytes: letter.bytes,
        refusals: letter.refusals,
        reason: letter.reason,
        created_at: letter.at,
        events,
        extra: Extra::new(),
    }
}
