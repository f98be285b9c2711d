//! The counters of a stream, told to whatever recorder the application has (feature `metrics`).

use std::time::Duration;

use super::core::Core;

/// How often they are told.
const INTERVAL: Duration = Duration::from_secs(1);

/// Tells the counters every second, for as long as it is polled. Nothing is told in between, so that
/// events cost nothing more.
pub(crate) async fn publish(core: &Core) -> std::convert::Infallible {
    loop {
        tell(core);
        tokio::time::sleep(INTERVAL).await;
    }
}

/// Tells the counters as they are.
pub(crate) fn tell(core: &Core) {
    let stats = core.stats();
    let labels = [("subscription", core.subscription_id.to_string())];
    for (name, value) in [
        ("event_streamer_client_connections_total", stats.connections),
        ("event_streamer_client_reconnects_total", stats.reconnects),
        (
            "event_streamer_client_batches_received_total",
            stats.batches_received,
        ),
        (
            "event_streamer_client_events_received_total",
            stats.events_received,
        ),
        (
            "event_streamer_client_events_handled_total",
            stats.events_handled,
        ),
        (
            "event_streamer_client_events_ignored_total",
            stats.events_ignored,
        ),
        (
            "event_streamer_client_duplicate_batches_total",
            stats.duplicate_batches,
        ),
        (
            "event_streamer_client_batches_acknowledged_total",
            stats.batches_acknowledged,
        ),
        ("event_streamer_client_checkpoints_total", stats.checkpoints),
        (
            "event_streamer_client_dead_letters_total",
            stats.dead_letters,
        ),
        (
            "event_streamer_client_handler_failures_total",
            stats.handler_failures,
        ),
        (
            "event_streamer_client_protocol_faults_total",
            stats.protocol_faults,
        ),
        (
            "event_streamer_client_notices_dropped_total",
            stats.notices_dropped,
        ),
    ] {
        metrics::counter!(name, &labels).absolute(value);
    }
    if let Some(blocks) = stats.lag_blocks {
        metrics::gauge!("event_streamer_client_lag_blocks", &labels).set(blocks as f64);
    }
    if let Some(lag) = stats.lag {
        metrics::gauge!("event_streamer_client_lag_seconds", &labels).set(lag.as_secs_f64());
    }
}
