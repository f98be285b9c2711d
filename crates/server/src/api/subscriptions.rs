//! Subscriptions: made, read, changed, deleted.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use event_streamer_models::{ErrorCode, Extra, SubscriptionListResponse, SubscriptionResponse};
use tokio::time::timeout;

use super::auth::Caller;
use super::error::{ApiError, ApiResult};
use super::extract::{JsonBody, PathParams, QueryParams};
use super::idempotency::{self, IdempotencyKey};
use super::{AppState, validate, view};
use crate::app::App;
use crate::clock;
use crate::store::{Change, Created, PageQuery, Updated};
use crate::subscription::Subscription;

const DEFAULT_PAGE_SIZE: u64 = 20;
const MAX_PAGE_SIZE: u64 = 100;
/// How long a request for `start_block: "latest"` waits for a chain that just started.
const HEAD_WAIT: Duration = Duration::from_secs(5);
/// How often an update is tried again when others change the subscription under it.
const UPDATE_ATTEMPTS: usize = 5;

/// `POST /subscriptions`
pub(super) async fn create(
    State(app): State<AppState>,
    caller: Caller,
    key: IdempotencyKey,
    JsonBody(body): JsonBody,
) -> ApiResult<(StatusCode, Json<SubscriptionResponse>)> {
    let validate::Valid {
        mut spec,
        start_at_head,
        ..
    } = validate::create(&body, &app.chains.ids())?;
    caller.check_subscriber(&spec.subscriber_id)?;
    if start_at_head {
        spec.start_block = after_head(&app, spec.chain_id.get()).await?;
    }
    let subscription = match key.of(&body, &app.config.idempotency) {
        None => app.store.insert(&spec, clock::now()).await?,
        Some(key) => match app.store.insert_once(&spec, &key, clock::now()).await? {
            Created::New(subscription) => subscription,
            Created::Before(subscription) => return Ok(created(view::new(&app, &subscription))),
            Created::OtherRequest => return Err(idempotency::other_request()),
        },
    };
    tracing::info!(subscription = %subscription.id, chain = %spec.chain_id, "subscription created");
    Ok(created(view::new(&app, &subscription)))
}

fn created(made: SubscriptionResponse) -> (StatusCode, Json<SubscriptionResponse>) {
    (StatusCode::CREATED, Json(made))
}

/// `GET /subscriptions`
pub(super) async fn list(
    State(app): State<AppState>,
    caller: Caller,
    query: QueryParams,
) -> ApiResult<Json<SubscriptionListResponse>> {
    let wanted = query.text("subscriber_id")?;
    if let Some(wanted) = wanted {
        caller.check_subscriber(wanted)?;
    }
    let chain_id = query.integer("chain_id", 1..=u64::MAX)?;
    let page = query.integer("page", 1..=u64::MAX)?.unwrap_or(1);
    let page_size = query
        .integer("page_size", 1..=MAX_PAGE_SIZE)?
        .unwrap_or(DEFAULT_PAGE_SIZE);
    let found = app
        .store
        .list(PageQuery {
            subscriber_id: wanted.or(caller.subscriber()),
            chain_id,
            offset: (page - 1).saturating_mul(page_size),
            // Bounded above.
            limit: u32::try_from(page_size).unwrap_or(u32::MAX),
        })
        .await?;
    Ok(Json(SubscriptionListResponse {
        subscriptions: found
            .subscriptions
            .iter()
            .map(|it| view::subscription(&app, it))
            .collect(),
        total: found.total,
        page,
        page_size,
        extra: Extra::new(),
    }))
}

/// `GET /subscriptions/{id}`
pub(super) async fn get(
    State(app): State<AppState>,
    caller: Caller,
    path: PathParams,
    query: QueryParams,
) -> ApiResult<Json<SubscriptionResponse>> {
    let subscription = find(&app, &caller, &path, &query).await?;
    Ok(Json(view::subscription(&app, &subscription)))
}

/// `PUT` and `PATCH /subscriptions/{id}`
///
/// Open streams follow a change of events, addresses, topics, finality or end block in place, from
/// where they are. A new start block or chain resets the position, and pausing stops: both end the
/// streams with `PROCESSING_STOPPED`.
pub(super) async fn update(
    State(app): State<AppState>,
    caller: Caller,
    path: PathParams,
    query: QueryParams,
    JsonBody(body): JsonBody,
) -> ApiResult<Json<SubscriptionResponse>> {
    for _ in 0..UPDATE_ATTEMPTS {
        let current = find(&app, &caller, &path, &query).await?;
        let validate::Valid {
            mut spec,
            start_at_head,
            paused,
        } = validate::update(&body, &current, &app.chains.ids())?;
        caller.check_subscriber(&spec.subscriber_id)?;
        if start_at_head {
            spec.start_block = after_head(&app, spec.chain_id.get()).await?;
        }
        let reset_position =
            spec.chain_id != current.spec.chain_id || spec.start_block != current.spec.start_block;
        let revision = current.revision;
        let change = Change {
            revision,
            spec,
            paused,
            reset_position,
            now: clock::now(),
        };
        match app.store.update(current.id, &change).await? {
            Updated::Conflict => {}
            Updated::NotFound => return Err(ApiError::subscription_not_found(current.id)),
            Updated::Done(subscription) => {
                app.connections.follow(&subscription);
                return Ok(Json(view::subscription(&app, &subscription)));
            }
        }
    }
    Err(ApiError::conflict(
        "CONFLICT",
        "the subscription is being changed by others; try again",
    ))
}

/// `DELETE /subscriptions/{id}`
pub(super) async fn delete(
    State(app): State<AppState>,
    caller: Caller,
    path: PathParams,
    query: QueryParams,
) -> ApiResult<StatusCode> {
    let subscription = find(&app, &caller, &path, &query).await?;
    if !app.store.delete(subscription.id).await? {
        return Err(ApiError::subscription_not_found(subscription.id));
    }
    app.connections.deleted(subscription.id);
    tracing::info!(subscription = %subscription.id, "subscription deleted");
    Ok(StatusCode::NO_CONTENT)
}

/// The subscription of the path. With `subscriber_id` in the query, somebody else's does not exist.
pub(super) async fn find(
    app: &App,
    caller: &Caller,
    path: &PathParams,
    query: &QueryParams,
) -> ApiResult<Subscription> {
    let id = path.subscription_id()?;
    let subscriber = query.text("subscriber_id")?;
    let found = app.store.get(id).await?;
    found
        .filter(|it| caller.may_see(&it.spec.subscriber_id))
        .filter(|it| subscriber.is_none_or(|subscriber| subscriber == it.spec.subscriber_id))
        .ok_or_else(|| ApiError::subscription_not_found(id))
}

/// The block after the head, where "latest" begins. Resolved when the subscription is made, so
/// that nothing is lost between that and its first stream.
async fn after_head(app: &App, chain_id: u64) -> ApiResult<u64> {
    let unknown = || {
        let error = format!("the head of chain {chain_id} is not known yet; try again");
        ApiError::unavailable(ErrorCode::UpstreamIncomplete, error)
    };
    let chain = app.chains.get(chain_id).ok_or_else(unknown)?;
    let mut heads = chain.source.watch();
    let known = timeout(HEAD_WAIT, heads.wait_for(Option::is_some)).await;
    let head = known
        .ok()
        .and_then(Result::ok)
        .and_then(|state| *state)
        .ok_or_else(unknown)?;
    Ok(head.head.number.saturating_add(1))
}
