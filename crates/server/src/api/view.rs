//! Subscriptions as the API shows them: what is stored, and what their streams are doing.

use std::sync::Arc;

use event_streamer_abi::event_topic0;
use event_streamer_models::{
    AbiEvent, B256, EventFilter, Extra, StreamingStatus, SubscriptionResponse,
};

use crate::app::App;
use crate::delivery::connection::Connection;
use crate::ingest::Cursor;
use crate::subscription::{Events, Subscription, last_whole_block};

/// As it is.
pub(super) fn subscription(app: &App, subscription: &Subscription) -> SubscriptionResponse {
    with_connections(app, subscription, &app.connections.of(subscription.id))
}

/// As it was when it was made, whatever became of it.
pub(super) fn new(app: &App, subscription: &Subscription) -> SubscriptionResponse {
    with_connections(app, subscription, &[])
}

fn with_connections(
    app: &App,
    subscription: &Subscription,
    connections: &[Arc<Connection>],
) -> SubscriptionResponse {
    let spec = &subscription.spec;
    let mut open = connections.iter().filter(|it| it.is_open()).peekable();
    let acknowledged = &subscription.acknowledged;
    let token = |cursor: &Cursor| {
        app.tallies.of(&spec.subscriber_id).made_token();
        app.store
            .token_key()
            .seal(subscription.token_scope(), cursor)
    };
    SubscriptionResponse {
        id: subscription.id,
        topic0: topic0(&spec.events.first),
        event_signature: spec.events.first.clone(),
        addresses: spec.addresses.clone(),
        start_block: spec.start_block,
        end_block: spec.end_block,
        chain_id: spec.chain_id,
        subscriber_id: spec.subscriber_id.clone(),
        is_streaming: open.peek().is_some(),
        streaming_status: status(subscription, open),
        resume_token: acknowledged.cursor.as_ref().map(token),
        last_event_id: acknowledged.last_event_id.clone(),
        last_processed_block: last_block(subscription, connections),
        events_delivered: acknowledged.events_delivered,
        created_at: subscription.created_at,
        updated_at: subscription.updated_at,
        events: events(&spec.events),
        topics: spec.topics.clone(),
        finality: spec.finality,
        extra: Extra::new(),
    }
}

/// The last block of which everything is acknowledged, also where that is not stored yet because
/// nobody waits for it.
pub(super) fn last_processed_block(app: &App, subscription: &Subscription) -> Option<u64> {
    last_block(subscription, &app.connections.of(subscription.id))
}

fn last_block(subscription: &Subscription, connections: &[Arc<Connection>]) -> Option<u64> {
    let stored = subscription.acknowledged.cursor;
    let further = connections
        .iter()
        .filter(|it| it.epoch() == subscription.epoch)
        .filter_map(|it| it.unstored_position());
    let furthest = stored
        .into_iter()
        .chain(further)
        .max_by(Cursor::position_cmp)?;
    last_whole_block(&furthest)
}

fn status<'a>(
    subscription: &Subscription,
    mut open: impl Iterator<Item = &'a Arc<Connection>>,
) -> StreamingStatus {
    let acknowledged = subscription.acknowledged.cursor;
    if subscription.paused {
        return StreamingStatus::Paused;
    }
    if subscription.failure.is_some() {
        return StreamingStatus::Error;
    }
    if subscription.spec.is_complete_at(acknowledged.as_ref()) {
        return StreamingStatus::Completed;
    }
    match open.next() {
        Some(first) if first.life().live || open.any(|it| it.life().live) => StreamingStatus::Live,
        Some(_) => StreamingStatus::Backfilling,
        None if acknowledged.is_some() => StreamingStatus::Active,
        None => StreamingStatus::Pending,
    }
}

/// All of them, where there is more than the one that `event_signature` holds.
fn events(events: &Events) -> Vec<EventFilter> {
    if events.further.is_empty() {
        return Vec::new();
    }
    let shown = |event: &AbiEvent| EventFilter {
        event_signature: event.clone(),
        topic0: Some(topic0(event)),
        extra: Extra::new(),
    };
    events.iter().map(shown).collect()
}

/// 32 zero bytes for an anonymous event, which has none.
fn topic0(event: &AbiEvent) -> B256 {
    // A stored event was valid when it came in.
    event_topic0(event).ok().flatten().unwrap_or_default()
}
