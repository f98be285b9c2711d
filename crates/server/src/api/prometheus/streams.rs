//! What the streams and their subscriptions are doing.

use std::collections::BTreeMap;

use event_streamer_models::{ChainId, SubscriptionId};

use super::text::Text;
use crate::app::App;
use crate::delivery::meter::{Counter, Meter};
use crate::subscription::last_whole_block;

/// Subscriptions that have numbers of their own; each costs whoever stores them two series.
const MAX_SUBSCRIPTIONS: usize = 10_000;

/// A counter of each chain: its name, what it says, where it is.
type Family = (&'static str, &'static str, fn(&Meter) -> &Counter);

const FAMILIES: [Family; 9] = [
    (
        "event_streamer_streams_opened_total",
        "Streams that were opened.",
        |it| &it.streams,
    ),
    (
        "event_streamer_batches_total",
        "Batches that were sent.",
        |it| &it.batches,
    ),
    (
        "event_streamer_events_total",
        "Events in the sent batches.",
        |it| &it.events,
    ),
    (
        "event_streamer_acknowledged_batches_total",
        "Batches that were acknowledged by their ids.",
        |it| &it.acknowledged_batches,
    ),
    (
        "event_streamer_acknowledged_events_total",
        "Events in the acknowledged batches.",
        |it| &it.acknowledged_events,
    ),
    (
        "event_streamer_reorgs_total",
        "Reorgs that streams were told of, each stream by itself.",
        |it| &it.reorgs,
    ),
    (
        "event_streamer_undecoded_logs_total",
        "Logs that matched and did not decode, in the sent batches.",
        |it| &it.undecoded,
    ),
    (
        "event_streamer_refused_batches_total",
        "Batches that their consumers refused, each time.",
        |it| &it.refused_batches,
    ),
    (
        "event_streamer_dead_letters_total",
        "Batches that were refused too often and became dead letters.",
        |it| &it.dead_letters,
    ),
];

pub(super) fn write(app: &App, text: &mut Text) {
    let meters = app.meters.all();
    for (name, help, counter) in FAMILIES {
        text.family(name, "counter", help);
        for (chain, meter) in &meters {
            text.sample(&[("chain_id", &chain.to_string())], counter(meter).get());
        }
    }
    text.family("event_streamer_connections", "gauge", "Open streams.");
    text.sample(&[], app.connections.all_open().len());
    let lags = lags(app);
    text.family(
        "event_streamer_subscription_lag_blocks",
        "gauge",
        "Blocks from the acknowledged position of a subscription with an open stream to the head.",
    );
    for (labels, lag) in &lags {
        text.sample(&labels.each(), lag.blocks);
    }
    text.family(
        "event_streamer_subscription_lag_seconds",
        "gauge",
        "The same in the chain's time.",
    );
    for (labels, lag) in &lags {
        if let Some(seconds) = lag.seconds {
            text.sample(&labels.each(), seconds);
        }
    }
}

struct Labels {
    chain: String,
    subscription: String,
}

impl Labels {
    fn each(&self) -> [(&str, &str); 2] {
        [
            ("chain_id", &self.chain),
            ("subscription_id", &self.subscription),
        ]
    }
}

struct Lag {
    blocks: u64,
    seconds: Option<f64>,
}

/// Of several streams of one subscription, the one that is ahead tells how far it is.
fn lags(app: &App) -> Vec<(Labels, Lag)> {
    let mut done: BTreeMap<SubscriptionId, (ChainId, u64)> = BTreeMap::new();
    for connection in app.connections.all_open() {
        let scope = connection.scope();
        if let Some(block) =
            connection.with_acks(|acks| acks.acknowledged().and_then(last_whole_block))
        {
            let ahead = done
                .entry(scope.subscription_id)
                .or_insert((scope.chain_id, block));
            ahead.1 = ahead.1.max(block);
        }
    }
    let lag = |(subscription, (chain, block)): (SubscriptionId, (ChainId, u64))| {
        let source = &app.chains.get(chain.get())?.source;
        let head = source.head()?.head.number;
        let labels = Labels {
            chain: chain.to_string(),
            subscription: subscription.to_string(),
        };
        let lag = Lag {
            blocks: head.saturating_sub(block),
            seconds: source.seconds_behind(block),
        };
        Some((labels, lag))
    };
    let all = done.into_iter().filter_map(lag);
    all.take(MAX_SUBSCRIPTIONS).collect()
}
