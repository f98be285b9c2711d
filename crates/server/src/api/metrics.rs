//! The service in numbers, as JSON (`docs/reference/metrics.md`).

use std::collections::{BTreeMap, BTreeSet};

use axum::Json;
use axum::extract::State;
use event_streamer_models::{
    ChainId, ChainMetrics, ConnectionStatus, Extra, MetricsResponse, StreamingMetricsResponse,
};
use serde_json::json;
use tokio::time::Instant;

use super::AppState;
use super::auth::Caller;
use super::connections::status_of;
use super::error::ApiResult;
use crate::app::App;
use crate::clock;
use crate::delivery::connection::Connection;
use crate::delivery::tally::Counts;
use crate::store::PageQuery;
use crate::subscription::Subscription;

/// Subscriptions that are read at once.
const PAGE: u32 = 1000;
/// Connections that are listed one by one.
const MAX_LISTED: usize = 1000;

/// `GET /api/metrics`: of a subscriber's key that subscriber's subscriptions, else all.
pub(super) async fn service(
    State(app): State<AppState>,
    caller: Caller,
) -> ApiResult<Json<MetricsResponse>> {
    let mut metrics = MetricsResponse {
        supported_chains: app.chains.ids().into_iter().map(ChainId::new).collect(),
        processing_active: !app.chains.ids().is_empty(),
        by_chain: app.chains.all().iter().map(|it| chain(it)).collect(),
        total_subscriptions: 0,
        active_subscriptions: 0,
        live_subscriptions: 0,
        historical_subscriptions: 0,
        hybrid_subscriptions: 0,
        completed_historical: 0,
        in_progress_historical: 0,
        events_processed: 0,
        timestamp: clock::now(),
        extra: Extra::new(),
    };
    let mut offset = 0;
    loop {
        let page = app
            .store
            .list(PageQuery {
                subscriber_id: caller.subscriber(),
                chain_id: None,
                offset,
                limit: PAGE,
            })
            .await?;
        for subscription in &page.subscriptions {
            count(&app, subscription, &mut metrics);
        }
        offset += u64::from(PAGE);
        if offset >= page.total {
            return Ok(Json(metrics));
        }
    }
}

fn chain(chain: &crate::chains::ServedChain) -> (String, ChainMetrics) {
    let id = chain.config.chain_id;
    let metrics = ChainMetrics {
        chain_id: ChainId::new(id),
        name: chain.config.name.clone(),
        live_processor_running: chain.source.status().connected,
        ..ChainMetrics::default()
    };
    (id.to_string(), metrics)
}

fn count(app: &App, subscription: &Subscription, metrics: &mut MetricsResponse) {
    let spec = &subscription.spec;
    let acknowledged = &subscription.acknowledged;
    let connections = app.connections.of(subscription.id);
    let open: Vec<_> = connections.iter().filter(|it| it.is_open()).collect();
    let live = open.iter().any(|it| it.life().live);
    let complete = spec.is_complete_at(acknowledged.cursor.as_ref());

    metrics.total_subscriptions += 1;
    metrics.active_subscriptions += u64::from(!open.is_empty());
    metrics.events_processed += acknowledged.events_delivered;
    match spec.end_block {
        Some(_) => metrics.historical_subscriptions += 1,
        None if live => metrics.live_subscriptions += 1,
        None => metrics.hybrid_subscriptions += 1,
    }
    metrics.completed_historical += u64::from(complete);
    metrics.in_progress_historical += u64::from(!open.is_empty() && !live && !complete);
    if let Some(chain) = metrics.by_chain.get_mut(&spec.chain_id.to_string()) {
        chain.subscriptions += 1;
        chain.live_subscriptions += u64::from(live);
        chain.active_tasks += open.len() as u64;
        chain.max_concurrent = app.config.delivery.max_connections as u64;
        chain.events_processed += acknowledged.events_delivered;
    }
}

/// `GET /api/streaming/metrics`: of the streams of this instance that the caller can see, those
/// that are open and, in the counts, all since the start.
pub(super) async fn streaming(
    State(app): State<AppState>,
    caller: Caller,
) -> Json<StreamingMetricsResponse> {
    let (now, settings) = (Instant::now(), &app.config.delivery);
    let mut open = app.connections.all_open();
    open.retain(|connection| caller.may_see(&connection.subscriber_id()));
    let mut by_status = BTreeMap::new();
    let (mut healthy, mut uptime, mut events, mut queued) = (Vec::new(), 0.0, 0, 0);
    for connection in &open {
        let life = connection.life();
        let status = status_of(now.duration_since(life.last_sign), settings);
        *by_status.entry(status.to_string()).or_insert(0) += 1;
        let age = now.duration_since(life.started);
        uptime += age.as_secs_f64();
        events += connection.events_sent();
        queued += unacknowledged(connection);
        if status == ConnectionStatus::Healthy && healthy.len() < MAX_LISTED {
            let shown = json!({
                "connection_id": connection.id(),
                "subscription_id": connection.scope().subscription_id,
                "events_sent": connection.events_sent(),
                "uptime_seconds": age.as_secs(),
            });
            healthy.extend(shown.as_object().cloned());
        }
    }
    let subscriptions: BTreeSet<_> = open.iter().map(|it| it.scope().subscription_id).collect();
    let since_start = app.tallies.counts(caller.subscriber());
    let (count, of) = (open.len() as u64, subscriptions.len() as u64);
    Json(StreamingMetricsResponse {
        total_connections: since_start.connections,
        active_connections: count,
        connections_by_status: by_status,
        events_queued: queued,
        events_delivered: events,
        delivery_failures: since_start.messages_lost,
        delivery_success_rate: success_rate(&since_start),
        tokens_generated: since_start.tokens_made,
        tokens_used: since_start.tokens_used,
        tokens_expired: since_start.tokens_expired,
        health_checks_performed: since_start.checks,
        connections_auto_closed: since_start.closed_silent,
        avg_event_delivery_time: delivery_seconds(&since_start),
        subscriptions_with_connections: of,
        avg_connections_per_subscription: mean(count as f64, of),
        avg_connection_uptime: mean(uptime, count),
        heartbeat_interval: settings.heartbeat_interval.as_secs(),
        connection_timeout: settings.connection_timeout.as_secs(),
        healthy_connections: healthy,
        timestamp: clock::now(),
        extra: Extra::new(),
    })
}

/// Written messages in all; where there are none, none has failed.
#[expect(clippy::cast_precision_loss, reason = "a ratio of counts below 2^53")]
fn success_rate(counts: &Counts) -> f64 {
    match counts.messages_written + counts.messages_lost {
        0 => 1.0,
        all => counts.messages_written as f64 / all as f64,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a mean to the microsecond")]
fn delivery_seconds(counts: &Counts) -> f64 {
    mean(counts.delivery_micros as f64 / 1e6, counts.events_written)
}

/// Events on their way that are not acknowledged.
fn unacknowledged(connection: &Connection) -> u64 {
    connection.with_acks(|acks| acks.delivered_events() - acks.stored_events())
}

#[expect(clippy::cast_precision_loss, reason = "a mean of counts below 2^53")]
fn mean(sum: f64, count: u64) -> f64 {
    if count == 0 { 0.0 } else { sum / count as f64 }
}
