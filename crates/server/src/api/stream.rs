//! `GET /subscriptions/{id}/stream`

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use event_streamer_models::ErrorCode;
use tracing::Instrument as _;

use super::auth::Caller;
use super::error::{ApiError, ApiResult};
use super::extract::{PathParams, QueryParams};
use super::{AppState, subscriptions};
use crate::app::App;
use crate::chains::LiveChain;
use crate::delivery::body::LineBody;
use crate::delivery::connection::Connection;
use crate::delivery::connections::Refused;
use crate::delivery::features::Features;
use crate::delivery::lines::{Line, line_queue};
use crate::delivery::pump::{Pump, PumpParts};
use crate::ingest::Cursor;
use crate::subscription::Subscription;

/// How long a client waits that has too many streams open, or is one too many.
const RETRY_AFTER: Duration = Duration::from_secs(10);

/// Opens a stream.
pub(super) async fn open(
    State(app): State<AppState>,
    caller: Caller,
    path: PathParams,
    query: QueryParams,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let subscription = subscriptions::find(&app, &caller, &path, &query).await?;
    check_streamable(&subscription)?;
    let chain = chain_of(&app, &subscription)?;
    let start = start_of(&app, &subscription, query.text("resume_token")?)?;

    let tally = app.tallies.of(&subscription.spec.subscriber_id);
    let meter = app.meters.of(subscription.spec.chain_id);
    let connection = Connection::new(subscription, start, tally)
        .with_meter(meter)
        .with_key(caller.key());
    let connection = Arc::new(connection);
    app.connections.open(&connection).map_err(refused)?;
    connection.tally().opened();
    connection.meter().streams.add(1);
    let closing = Closing {
        app: Arc::clone(&app),
        connection: Arc::clone(&connection),
    };
    // Only from here on do others know of the connection: what they did to the subscription
    // before, it has to find out itself.
    catch_up(&app, &connection).await?;

    let (lines, receiver) = line_queue(app.config.delivery.queued_lines);
    let parts = PumpParts {
        chain,
        connection: Arc::clone(&connection),
        lines,
        store: Arc::clone(&app.store),
        settings: Arc::clone(&app.config.delivery),
        features: features(&headers),
        start,
    };
    #[cfg(feature = "prepared")]
    if let Some(blocks) = app.prepared.clone() {
        app.pumps.spawn(async move {
            let _closing = closing;
            blocks.play(parts).await
        });
        return respond(receiver, connection);
    }
    let pump = Pump::new(parts).map_err(|error| {
        tracing::error!(connection = %closing.connection.id(), %error, "stored event is invalid");
        ApiError::internal()
    })?;
    // Everything that is logged of the stream from here on carries its id.
    let span = tracing::info_span!(
        parent: None,
        "stream",
        connection = %connection.id(),
        subscription = %connection.scope().subscription_id,
    );
    app.pumps.spawn(drive(pump, closing).instrument(span));
    respond(receiver, connection)
}

/// Runs a pump to its end, and tidies up.
async fn drive(pump: Pump<LiveChain>, closing: Closing) {
    let subscription = closing.connection.scope().subscription_id;
    tracing::info!("stream opened");
    let ending = pump.run().await;
    tracing::info!(?ending, "stream ended");
    if let Some(failure) = ending.lasting_failure()
        && let Err(error) = closing
            .app
            .store
            .set_failure(subscription, closing.connection.epoch(), Some(failure))
            .await
    {
        tracing::error!(%error, "failure not stored");
    }
}

/// Takes the connection off the list of open ones however its task ends.
struct Closing {
    app: Arc<App>,
    connection: Arc<Connection>,
}

impl Drop for Closing {
    fn drop(&mut self) {
        self.app.connections.close(&self.connection);
    }
}

fn check_streamable(subscription: &Subscription) -> ApiResult<()> {
    if subscription.paused {
        let error = format!("subscription {} is paused", subscription.id);
        return Err(ApiError::conflict(ErrorCode::ProcessingStopped, error));
    }
    if let Some(failure) = &subscription.failure {
        let error = format!(
            "subscription {} was stopped; update it, for instance its start_block, to start it \
             again",
            subscription.id
        );
        return Err(ApiError::conflict(ErrorCode::ReorgTooDeep, error).with_detail(failure));
    }
    Ok(())
}

fn chain_of(app: &App, subscription: &Subscription) -> ApiResult<LiveChain> {
    let chain_id = subscription.spec.chain_id;
    app.chains.live(chain_id.get()).ok_or_else(|| {
        let error = format!("chain {chain_id} is not active");
        ApiError::conflict(ErrorCode::ChainDeactivated, error)
    })
}

/// The position of the token, else the acknowledged one, else none.
fn start_of(
    app: &App,
    subscription: &Subscription,
    token: Option<&str>,
) -> ApiResult<Option<Cursor>> {
    let Some(token) = token else {
        return Ok(subscription.acknowledged.cursor);
    };
    let (key, scope) = (app.store.token_key(), subscription.token_scope());
    let tally = app.tallies.of(&subscription.spec.subscriber_id);
    match key.open(scope, token) {
        Ok(cursor) => {
            tally.used_token();
            Ok(Some(cursor))
        }
        Err(error) => {
            if key.is_expired(scope, token) {
                tally.refused_expired_token();
            }
            Err(invalid_token(error))
        }
    }
}

pub(super) fn invalid_token(error: crate::token::TokenError) -> ApiError {
    let code = ErrorCode::InvalidResumeToken;
    ApiError::new(
        StatusCode::BAD_REQUEST,
        code,
        "the resume token is not valid",
    )
    .with_detail(error.to_string())
}

/// What happened to the subscription between reading it and registering its connection.
async fn catch_up(app: &App, connection: &Connection) -> ApiResult<()> {
    let id = connection.scope().subscription_id;
    let now = app
        .store
        .get(id)
        .await?
        .ok_or_else(|| ApiError::subscription_not_found(id))?;
    check_streamable(&now)?;
    if now.epoch != connection.epoch() {
        return Err(ApiError::conflict(
            "CONFLICT",
            "the subscription was just reset; try again",
        ));
    }
    connection.update(&now);
    Ok(())
}

fn refused(refused: Refused) -> ApiError {
    let (status, code, error) = match refused {
        Refused::Total => (
            StatusCode::SERVICE_UNAVAILABLE,
            ErrorCode::RateLimited,
            "the service has as many open streams as it may",
        ),
        Refused::Subscription => (
            StatusCode::TOO_MANY_REQUESTS,
            ErrorCode::RateLimited,
            "the subscription has as many open streams as it may",
        ),
        Refused::Closing => (
            StatusCode::SERVICE_UNAVAILABLE,
            ErrorCode::ServerShutdown,
            "the service is shutting down",
        ),
    };
    ApiError::new(status, code, error).with_retry_after(RETRY_AFTER)
}

/// The header may come in several lines, which is the same as one with commas.
fn features(headers: &HeaderMap) -> Features {
    let values = headers.get_all("x-event-streamer-features").iter();
    let texts: Vec<_> = values.filter_map(|value| value.to_str().ok()).collect();
    Features::parse(&texts.join(","))
}

fn respond(
    lines: tokio::sync::mpsc::Receiver<Box<Line>>,
    connection: Arc<Connection>,
) -> ApiResult<Response> {
    let id = HeaderValue::from_str(connection.id().as_str()).map_err(|_| ApiError::internal())?;
    let mut response = Body::new(LineBody::new(lines, connection)).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/x-ndjson"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-connection-id", id);
    // Proxies of the nginx kind would otherwise gather lines before they pass them on.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}
