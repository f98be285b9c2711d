//! Subscriptions and the events that they ask for.

use event_streamer_models::*;

use super::{ADDRESS, CHAIN, Case, HASH, TIME, case, extra, subscription_id};

fn abi_input() -> AbiInput {
    AbiInput {
        internal_type: Some("struct Pool.Slot".to_owned()),
        extra: extra(),
        ..AbiInput::indexed("slot", "tuple")
            .with_components(vec![AbiInput::new("price", "uint160")])
    }
}

fn abi_event() -> AbiEvent {
    AbiEvent {
        extra: extra(),
        ..AbiEvent::new("Swap", vec![abi_input()]).with_anonymous(true)
    }
}

fn topics() -> TopicFilter {
    TopicFilter::any().with_topic(2, [HASH]).unwrap()
}

fn subscription() -> SubscriptionResponse {
    SubscriptionResponse {
        id: subscription_id(),
        topic0: HASH,
        event_signature: abi_event(),
        addresses: vec![ADDRESS],
        start_block: 19_000_000,
        end_block: Some(19_010_000),
        last_processed_block: Some(19_000_500),
        chain_id: CHAIN,
        subscriber_id: "my-app".to_owned(),
        is_streaming: true,
        streaming_status: StreamingStatus::Backfilling,
        resume_token: Some("rt_token".into()),
        last_event_id: Some(EventId::at(CHAIN, &HASH, 7)),
        events_delivered: 1500,
        created_at: TIME,
        updated_at: TIME,
        events: vec![EventFilter::new(abi_event())],
        topics: topics(),
        finality: Some(Finality::Confirmations(12)),
        extra: extra(),
    }
}

pub(super) fn subscriptions() -> Vec<Case> {
    let create = SubscriptionCreate {
        extra: extra(),
        ..SubscriptionCreate::new(abi_event(), CHAIN, 19_000_000)
            .with_topic0(HASH)
            .with_addresses([ADDRESS])
            .with_end_block(19_010_000)
            .with_subscriber_id("my-app")
            .with_events([EventFilter::new(abi_event())])
            .with_topics(topics())
            .with_finality(Finality::Safe)
    };
    let update = SubscriptionUpdate {
        topic0: Some(HASH),
        event_signature: Some(abi_event()),
        addresses: Some(vec![ADDRESS]),
        start_block: Some(1.into()),
        end_block: Some(Some(2)),
        chain_id: Some(CHAIN),
        subscriber_id: Some("my-app".to_owned()),
        is_streaming: Some(false),
        streaming_status: Some(StreamingStatus::Paused),
        events: Some(vec![EventFilter::new(abi_event())]),
        topics: Some(topics()),
        finality: Some(Finality::Finalized),
        extra: extra(),
    };
    let list = SubscriptionListResponse {
        subscriptions: vec![subscription()],
        total: 21,
        page: 2,
        page_size: 20,
        extra: extra(),
    };
    vec![
        case("ABIInput", &abi_input()),
        case("ABIEvent", &abi_event()),
        case("SubscriptionCreate", &create),
        case("SubscriptionUpdate", &update),
        case("SubscriptionResponse", &subscription()),
        case("SubscriptionListResponse", &list),
    ]
}
