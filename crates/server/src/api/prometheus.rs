//! `GET /metrics`: the instance in numbers, as Prometheus reads them (`docs/reference/metrics.md`).
//!
//! Text format 0.0.4, <https://prometheus.io/docs/instrumenting/exposition_formats/>.

use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use event_streamer_models::BreakerState;

use super::AppState;
use super::auth::Caller;
use super::error::ApiResult;
use crate::app::App;
use crate::ingest::EndpointSnapshot;
use crate::subscription::last_whole_block;

const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";
/// Subscriptions that have numbers of their own; each costs whoever stores them a series.
const MAX_SUBSCRIPTIONS: usize = 10_000;

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
    chains(&app, &mut text);
    endpoints(&app, &mut text);
    streams(&app, &mut text);
    Ok(([(header::CONTENT_TYPE, CONTENT_TYPE)], text.text).into_response())
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
        "Calls of an endpoint, by result.",
    );
    for (chain, endpoint) in &all {
        for (result, count) in [
            ("success", endpoint.breaker.successes),
            ("failure", endpoint.breaker.failures),
        ] {
            let labels = [
                ("chain_id", &**chain),
                ("endpoint", &*endpoint.name),
                ("result", result),
            ];
            text.sample(&labels, count);
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

fn streams(app: &App, text: &mut Text) {
    let open = app.connections.all_open();
    text.family("event_streamer_connections", "gauge", "Open streams.");
    text.sample(&[], open.len());
    // Several streams of one subscription: the one that is ahead tells how far it is.
    let mut lags = BTreeMap::new();
    for connection in &open {
        let scope = connection.scope();
        let head = app
            .chains
            .get(scope.chain_id.get())
            .and_then(|it| it.source.head());
        let done = connection.with_acks(|acks| acks.acknowledged().and_then(last_whole_block));
        let (Some(head), Some(done)) = (head, done) else {
            continue;
        };
        let lag = head.head.number.saturating_sub(done);
        let of_subscription = lags
            .entry(scope.subscription_id)
            .or_insert((scope.chain_id, lag));
        of_subscription.1 = lag.min(of_subscription.1);
    }
    text.family(
        "event_streamer_subscription_lag_blocks",
        "gauge",
        "Blocks from the acknowledged position of a subscription with an open stream to the head.",
    );
    for (subscription, (chain, lag)) in lags.into_iter().take(MAX_SUBSCRIPTIONS) {
        let (chain, subscription) = (chain.to_string(), subscription.to_string());
        text.sample(
            &[("chain_id", &chain), ("subscription_id", &subscription)],
            lag,
        );
    }
}

/// The text, one family of metrics after the other.
#[derive(Default)]
struct Text {
    text: String,
    name: &'static str,
}

impl Text {
    fn family(&mut self, name: &'static str, kind: &str, help: &str) {
        self.name = name;
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn sample(&mut self, labels: &[(&str, &str)], value: impl Display) {
        self.text.push_str(self.name);
        for (index, (label, of)) in labels.iter().enumerate() {
            let before = if index == 0 { '{' } else { ',' };
            let _ = write!(self.text, "{before}{label}=\"{}\"", escaped(of));
        }
        let after = if labels.is_empty() { "" } else { "}" };
        let _ = writeln!(self.text, "{after} {value}");
    }
}

fn escaped(label: &str) -> String {
    label
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_cannot_break_out_of_their_line() {
        let mut text = Text::default();
        text.family("up", "gauge", "Whether it is.");
        text.sample(&[("a", "b\"\\\n"), ("c", "d")], 1);
        text.sample(&[], 0.5);
        let expected =
            "# HELP up Whether it is.\n# TYPE up gauge\nup{a=\"b\\\"\\\\\\n\",c=\"d\"} 1\nup 0.5\n";
        assert_eq!(text.text, expected);
    }
}
