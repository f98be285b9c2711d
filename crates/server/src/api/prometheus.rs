//! `GET /metrics`: the instance in numbers, as Prometheus reads them (`docs/reference/metrics.md`).
//!
//! Text format 0.0.4, <https://prometheus.io/docs/instrumenting/exposition_formats/>.

mod streams;
mod text;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use event_streamer_models::BreakerState;

use super::AppState;
use super::auth::Caller;
use super::error::ApiResult;
use crate::app::App;
use crate::ingest::EndpointSnapshot;
use crate::store::{BOUNDS, Work};
use text::Text;

const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

pub(super) async fn metrics(State(app): State<AppState>, caller: Caller) -> ApiResult<Response> {
    // They name everybody's subscriptions.
    caller.check_admin()?;
    let mut text = Text::default();
    text.family(
        "event_streamer_store_up",
        "gauge",
        "Whether the database answers.",
    );
    text.sample(&[], u8::from(app.store.check().await.is_ok()));
    store(&app, &mut text);
    chains(&app, &mut text);
    endpoints(&app, &mut text);
    streams::write(&app, &mut text);
    Ok(([(header::CONTENT_TYPE, CONTENT_TYPE)], text.text).into_response())
}

fn store(app: &App, text: &mut Text) {
    text.family(
        "event_streamer_store_seconds",
        "histogram",
        "How long the database took, by what was asked of it.",
    );
    let Some(times) = app.store.times() else {
        return;
    };
    for work in Work::ALL {
        let of = times.of(work);
        let name = ("work", work.name());
        for (bound, count) in BOUNDS.iter().zip(of.within) {
            text.sample_of("_bucket", &[name, ("le", &bound.to_string())], count);
        }
        text.sample_of("_bucket", &[name, ("le", "+Inf")], of.count);
        text.sample_of("_sum", &[name], of.seconds);
        text.sample_of("_count", &[name], of.count);
    }
}

fn chains(app: &App, text: &mut Text) {
    let statuses: Vec<_> = app
        .chains
        .all()
        .iter()
        .map(|chain| (chain.config.chain_id.to_string(), chain.source.status()))
        .collect();
    text.family(
        "event_streamer_chain_head_block",
        "gauge",
        "The head of the chain.",
    );
    for (chain, status) in &statuses {
        if let Some(head) = status.head {
            text.sample(&[("chain_id", chain)], head.head.number);
        }
    }
    text.family(
        "event_streamer_chain_head_age_seconds",
        "gauge",
        "The time since a node last confirmed the head.",
    );
    for (chain, status) in &statuses {
        if let Some(head) = status.head {
            let age = head.observed_at.elapsed().as_secs_f64();
            text.sample(&[("chain_id", chain)], age);
        }
    }
    text.family(
        "event_streamer_chain_connected",
        "gauge",
        "Whether the last poll of a node succeeded.",
    );
    for (chain, status) in &statuses {
        text.sample(&[("chain_id", chain)], u8::from(status.connected));
    }
    text.family(
        "event_streamer_chain_incomplete_ranges_total",
        "counter",
        "How often a stream had to wait because the nodes' answers contradicted each other.",
    );
    for (chain, status) in &statuses {
        text.sample(&[("chain_id", chain)], status.incomplete);
    }
}

fn endpoints(app: &App, text: &mut Text) {
    let all: Vec<_> = app
        .chains
        .all()
        .iter()
        .flat_map(|chain| {
            let id = chain.config.chain_id.to_string();
            chain
                .source
                .endpoints()
                .into_iter()
                .map(move |it| (id.clone(), it))
        })
        .collect();
    text.family(
        "event_streamer_rpc_calls_total",
        "counter",
        "Calls of an endpoint, by method and result.",
    );
    for (chain, endpoint) in &all {
        for (method, calls) in &endpoint.calls {
            for (result, count) in [("success", calls.succeeded), ("failure", calls.failed)] {
                let labels = [
                    ("chain_id", &**chain),
                    ("endpoint", &*endpoint.name),
                    ("method", method),
                    ("result", result),
                ];
                text.sample(&labels, count);
            }
        }
    }
    text.family(
        "event_streamer_rpc_breaker_state",
        "gauge",
        "The state of an endpoint's breaker: 0 closed, 1 half open, 2 open.",
    );
    of_each(text, &all, |it| Some(state(&it.breaker.state).into()));
    text.family(
        "event_streamer_rpc_latency_seconds",
        "gauge",
        "The mean time of an endpoint's answers.",
    );
    of_each(text, &all, |it| {
        it.mean_latency.map(|time| time.as_secs_f64())
    });
    text.family(
        "event_streamer_rpc_lag_blocks",
        "gauge",
        "How far an endpoint is behind the chain's head.",
    );
    #[expect(clippy::cast_precision_loss, reason = "a number of blocks below 2^53")]
    of_each(text, &all, |it| it.lag.map(|lag| lag as f64));
}

fn of_each(
    text: &mut Text,
    endpoints: &[(String, EndpointSnapshot)],
    value: impl Fn(&EndpointSnapshot) -> Option<f64>,
) {
    for (chain, endpoint) in endpoints {
        if let Some(value) = value(endpoint) {
            text.sample(&[("chain_id", chain), ("endpoint", &endpoint.name)], value);
        }
    }
}

fn state(state: &BreakerState) -> u8 {
    match state {
        BreakerState::Closed => 0,
        BreakerState::HalfOpen => 1,
        _ => 2,
    }
}
