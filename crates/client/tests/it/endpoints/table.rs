//! The calls of the API, in one list.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use event_streamer_client::{Error, EventStreamer};
use event_streamer_models::{
    AbiEvent, BatchRefusalRequest, ChainConfigRequest, ChainId, ChainSettings, SubscriptionCreate,
    SubscriptionUpdate,
};
use event_streamer_testkit::answers;
use serde::Serialize;
use serde_json::{Value, json};

use crate::harness::*;

/// One call of the API.
pub(super) struct Endpoint {
    /// Method and target, query included.
    pub(super) request: &'static str,
    /// What is sent, as far as it does not differ from call to call.
    pub(super) body: Option<Value>,
    /// Answers of the design document, of the reference, of both, of ours.
    pub(super) answers: Vec<Value>,
    pub(super) call: Box<Call>,
}

type Answer<'a> = Pin<Box<dyn Future<Output = Result<Value, Error>> + 'a>>;
type Call = dyn Fn(&EventStreamer) -> Answer<'_>;

/// Turns a call into one whose answer is JSON again.
macro_rules! call {
    (|$client:ident| $call:expr) => {
        Box::new(|$client: &EventStreamer| -> Answer<'_> {
            Box::pin(async move { Ok(written(&$call.await?)) })
        })
    };
}

fn written(answer: &impl Serialize) -> Value {
    serde_json::to_value(answer).unwrap()
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The first with the fields of the second.
fn joined(mut a: Value, b: &Value) -> Value {
    let fields = b.as_object().unwrap().clone();
    a.as_object_mut().unwrap().extend(fields);
    a
}

const TIME: &str = "2024-05-23T10:30:00.000Z";

fn chain_config() -> ChainConfigRequest {
    let settings = ChainSettings {
        rpc_urls: vec!["https://node.example/key".into()],
        ..ChainSettings::default()
    };
    ChainConfigRequest::new(ChainId::new(1), "Ethereum", settings)
}

fn subscriptions() -> Vec<Endpoint> {
    let reference = parsed(answers::SUBSCRIPTION);
    let ours = json!({
        "events": [{"event_signature": {"type": "event", "name": "Unpaused", "inputs": [], "anonymous": false}}],
        "topics": [null, [format!("0x{}", "ab".repeat(32))]], "finality": {"confirmations": 12},
    });
    let whole = joined(reference.clone(), &ours);
    let both = || vec![reference.clone(), whole.clone()];
    vec![
        Endpoint {
            request: "POST /subscriptions",
            body: Some(json!({"subscriber_id": "tester", "start_block": 5, "chain_id": 1})),
            answers: both(),
            call: call!(|client| client.create_subscription(SubscriptionCreate::new(
                AbiEvent::new("Paused", vec![]),
                ChainId::new(1),
                5
            ))),
        },
        Endpoint {
            request: "GET /subscriptions/7?subscriber_id=tester",
            body: None,
            answers: both(),
            call: call!(|client| client.get_subscription(subscription())),
        },
        Endpoint {
            request: "GET /subscriptions?page=2&page_size=50&subscriber_id=tester",
            body: None,
            answers: vec![
                json!({"subscriptions": both(), "total": 52, "page": 2, "page_size": 50}),
            ],
            call: call!(|client| client.list_subscriptions(2, 50)),
        },
        Endpoint {
            request: "PUT /subscriptions/7",
            body: Some(json!({"end_block": null})),
            answers: both(),
            call: Box::new(|client| {
                Box::pin(async {
                    let end_block = Some(None);
                    let update = SubscriptionUpdate {
                        end_block,
                        ..SubscriptionUpdate::default()
                    };
                    let answer = client.update_subscription(subscription(), &update).await?;
                    Ok(written(&answer))
                })
            }),
        },
        Endpoint {
            request: "POST /subscriptions/7/position",
            body: Some(json!({"resume_token": "rt_9"})),
            answers: vec![
                json!({"acknowledged": true, "resume_token": "rt_9", "last_processed_block": 9, "timestamp": TIME}),
            ],
            call: call!(|client| client.set_position(subscription(), "rt_9")),
        },
        Endpoint {
            request: "GET /subscriptions/7/processing-status",
            body: None,
            answers: vec![
                json!({"subscription_id": 7, "is_processing": true, "connection_count": 2, "timestamp": TIME}),
            ],
            call: call!(|client| client.get_processing_status(subscription())),
        },
    ]
}

fn refusals() -> Vec<Endpoint> {
    let letter = json!({
        "id": 3, "subscription_id": 7, "first_block": 5, "last_block": 6, "batch_size": 1, "bytes": 28,
        "refusals": 5, "reason": "no such account", "created_at": TIME,
    });
    let whole = joined(
        letter.clone(),
        &json!({"events": {"Transfer": [{"value": "1"}]}}),
    );
    vec![
        Endpoint {
            request: "POST /subscriptions/7/stream/c%2F1/nack/batch",
            body: Some(json!({"batch_id": "a"})),
            answers: vec![
                json!({"batch_id": "a", "refusals": 1, "max_refusals": 5, "outcome": "redelivery", "delay_seconds": 5, "timestamp": TIME}),
                json!({"batch_id": "a", "refusals": 5, "max_refusals": 5, "outcome": "dead_letter", "delay_seconds": null, "timestamp": TIME}),
            ],
            call: Box::new(|client| {
                Box::pin(async {
                    let refusal = BatchRefusalRequest::new("a".into());
                    let connection = "c/1".into();
                    let answer = client.refuse_batch(subscription(), &connection, &refusal);
                    Ok(written(&answer.await?))
                })
            }),
        },
        Endpoint {
            request: "GET /subscriptions/7/dead-letters?after=2&limit=50",
            body: None,
            answers: vec![json!({"dead_letters": [letter.clone()]})],
            call: call!(|client| client.list_dead_letters(subscription(), 2, 50)),
        },
        Endpoint {
            request: "GET /subscriptions/7/dead-letters/3",
            body: None,
            answers: vec![whole],
            call: call!(|client| client.get_dead_letter(subscription(), 3)),
        },
        Endpoint {
            request: "POST /subscriptions/7/dead-letters/3/replay",
            body: None,
            answers: vec![letter],
            call: call!(|client| client.replay_dead_letter(subscription(), 3)),
        },
    ]
}

fn acknowledgements() -> Vec<Endpoint> {
    let bulk = json!({
        "total_batches": 2, "acknowledged_batches": 1, "failed_batches": 1, "failed_batch_ids": ["b"],
        "total_events_acknowledged": 9, "connection_id": "c/1", "resume_token": "rt_9", "timestamp": TIME,
    });
    vec![
        Endpoint {
            request: "POST /subscriptions/7/stream/c%2F1/ack/batch",
            body: Some(json!({"batch_id": "a"})),
            answers: vec![
                json!({"acknowledged": true}),
                json!({"acknowledged": true, "batch_id": "a", "events_acknowledged": 3, "connection_id": "c/1", "timestamp": TIME, "resume_token": "rt_9"}),
            ],
            call: call!(|client| client.acknowledge_batch(subscription(), &"c/1".into(), "a")),
        },
        Endpoint {
            request: "POST /subscriptions/7/stream/c%2F1/ack/batch/bulk",
            body: Some(json!({"batch_ids": ["a", "b"], "connection_id": "c/1"})),
            answers: vec![
                json!({"acknowledged_batches": 2, "total_events_acknowledged": 9, "failed_batch_ids": []}),
                bulk,
            ],
            call: call!(|client| client.acknowledge_batch_bulk(
                subscription(),
                &"c/1".into(),
                ["a", "b"]
            )),
        },
        Endpoint {
            request: "POST /stream/c%2F1/heartbeat",
            body: Some(json!({"sequence_number": 4})),
            answers: vec![
                json!({"timestamp": TIME}),
                json!({"acknowledged": true, "server_timestamp": TIME, "connection_id": "c/1"}),
                json!({"acknowledged": true, "server_timestamp": TIME, "connection_id": "c/1", "timestamp": TIME}),
            ],
            call: call!(|client| client.send_heartbeat(&"c/1".into(), 4, Duration::from_secs(5))),
        },
        Endpoint {
            request: "POST /confirmations",
            body: Some(json!({"subscription_id": 7, "response_id": "r"})),
            answers: vec![
                json!({"success": true}),
                json!({"success": true, "message": "confirmed"}),
            ],
            call: call!(|client| client.confirm(subscription(), "r")),
        },
    ]
}

fn breakers() -> Vec<Endpoint> {
    let breaker = json!({
        "state": "half_open", "failure_count": 5, "success_count": 95, "consecutive_failures": 1,
        "consecutive_successes": 0, "total_calls": 100, "last_failure_time": TIME,
        "last_success_time": TIME, "state_transitions": {"closed_to_open": 1},
    });
    let client = json!({"state": "closed", "metrics": {"total_calls": 100}, "is_healthy": true});
    let health = json!({
        "overall_health": "healthy", "health_percentage": 100.0, "total_circuit_breakers": 2,
        "healthy_circuit_breakers": 2, "unhealthy_circuit_breakers": 0,
        "rpc_clients": {"ethereum": {"ethereum_rpc": true}}, "last_updated": TIME,
    });
    let metrics = joined(
        breaker.clone(),
        &json!({"name": "a b", "half_open_calls": 1, "success_rate": 0.95, "failure_rate": 0.05}),
    );
    let metrics = {
        let mut metrics = metrics;
        metrics.as_object_mut().unwrap().shift_remove("state");
        metrics
    };
    let health_of_design =
        json!({"healthy_rpcs": 3, "total_rpcs": 4, "unhealthy_chains": [137, "base"]});
    let metrics_of_design = json!({"success_rate": 0.95, "average_response_time": 12.5});
    let reset = json!({"message": "2 are closed", "status": "success"});
    let reset_of_design = json!({"reset_count": 2});
    let resets = || {
        vec![
            reset_of_design.clone(),
            reset.clone(),
            joined(reset.clone(), &reset_of_design),
        ]
    };
    vec![
        Endpoint {
            request: "GET /api/circuit-breakers/status",
            body: None,
            answers: vec![
                json!({"circuit_breakers": {"ethereum_rpc": {"state": "open", "failure_count": 5}}}),
                json!({"circuit_breakers": {"ethereum_rpc": breaker}, "rpc_clients": {"ethereum": {"ethereum_rpc": client}}, "summary": {"open": 0}}),
            ],
            call: call!(|client| client.get_circuit_breaker_status()),
        },
        Endpoint {
            request: "GET /api/circuit-breakers/health",
            body: None,
            answers: vec![
                health_of_design.clone(),
                health.clone(),
                joined(health, &health_of_design),
            ],
            call: call!(|client| client.get_circuit_breaker_health()),
        },
        Endpoint {
            request: "GET /api/circuit-breakers/a%20b/metrics",
            body: None,
            answers: vec![
                metrics_of_design.clone(),
                metrics.clone(),
                joined(metrics, &metrics_of_design),
            ],
            call: call!(|client| client.get_circuit_breaker_metrics("a b")),
        },
        Endpoint {
            request: "POST /api/circuit-breakers/reset",
            body: None,
            answers: resets(),
            call: call!(|client| client.reset_all_circuit_breakers()),
        },
        Endpoint {
            request: "POST /api/circuit-breakers/a%20b/reset",
            body: None,
            answers: resets(),
            call: call!(|client| client.reset_circuit_breaker("a b")),
        },
        Endpoint {
            request: "GET /api/circuit-breakers/config",
            body: None,
            answers: vec![
                json!({"failure_threshold": 5, "recovery_timeout": 60, "success_threshold": 3, "timeout": 30, "half_open_max_calls": 3}),
            ],
            call: call!(|client| client.get_circuit_breaker_config()),
        },
    ]
}

fn chains() -> Vec<Endpoint> {
    let design = json!({
        "chain_id": 1, "name": "Ethereum", "rpc_urls": ["https://node.example/…"],
        "average_block_time": 12.0, "max_blocks_per_request": 100, "confirmation_blocks": 10,
    });
    let reference = json!({"message": "done", "chain_id": 1, "timestamp": TIME});
    let union = joined(design.clone(), &reference);
    let all = || vec![design.clone(), reference.clone(), union.clone()];
    let stats = json!({"loaded": true, "total_chains": 7, "supported_chain_ids": [1, 137], "last_refresh": TIME, "timestamp": TIME});
    let stats_of_design = json!({"total_chains": 7, "active_chains": 6, "healthy_rpcs": 9});
    let config =
        json!({"chain_id": 1, "name": "Ethereum", "rpc_urls": ["https://node.example/key"]});
    vec![
        Endpoint {
            request: "GET /api/chains",
            body: None,
            answers: vec![
                json!({"chains": {"1": joined(design.clone(), &json!({"status": "active"}))}, "total_chains": 1, "timestamp": TIME}),
            ],
            call: call!(|client| client.get_all_chains()),
        },
        Endpoint {
            request: "GET /api/chains/stats",
            body: None,
            answers: vec![
                stats_of_design.clone(),
                stats.clone(),
                joined(stats, &stats_of_design),
            ],
            call: call!(|client| client.get_chain_stats()),
        },
        Endpoint {
            request: "GET /api/chains/1",
            body: None,
            answers: all(),
            call: call!(|client| client.get_chain(ChainId::new(1))),
        },
        Endpoint {
            request: "POST /api/chains",
            body: Some(config.clone()),
            answers: all(),
            call: call!(|client| client.create_chain(&chain_config())),
        },
        Endpoint {
            request: "PUT /api/chains/1",
            body: Some(config),
            answers: all(),
            call: call!(|client| client.update_chain(ChainId::new(1), &chain_config())),
        },
        Endpoint {
            request: "DELETE /api/chains/1",
            body: None,
            answers: all(),
            call: call!(|client| client.delete_chain(ChainId::new(1))),
        },
        Endpoint {
            request: "POST /api/chains/refresh",
            body: None,
            answers: vec![json!({"message": "read", "chain_id": 0, "timestamp": TIME})],
            call: call!(|client| client.refresh_chains()),
        },
        Endpoint {
            request: "GET /api/chains/1/gaps",
            body: None,
            answers: vec![parsed(answers::GAPS)],
            call: call!(|client| client.get_chain_gaps(ChainId::new(1))),
        },
    ]
}

fn service() -> Vec<Endpoint> {
    let connection = json!({
        "connection_id": "c", "subscription_id": 7, "status": "active", "last_heartbeat": TIME,
        "uptime_seconds": 9, "events_sent": 41, "error_rate": 0.0, "shiny": true,
    });
    vec![
        Endpoint {
            request: "GET /health",
            body: None,
            answers: vec![
                json!({"status": "healthy"}),
                json!({"status": "degraded", "timestamp": TIME}),
            ],
            call: call!(|client| client.get_health()),
        },
        Endpoint {
            request: "GET /ready",
            body: None,
            answers: vec![
                json!({"ready": false, "checks": [{"name": "store", "passed": false, "detail": "locked"}]}),
            ],
            call: call!(|client| client.get_ready()),
        },
        Endpoint {
            request: "GET /api/metrics",
            body: None,
            answers: vec![parsed(answers::METRICS)],
            call: call!(|client| client.get_metrics()),
        },
        Endpoint {
            request: "GET /api/streaming/metrics",
            body: None,
            answers: vec![parsed(answers::STREAMING_METRICS)],
            call: call!(|client| client.get_streaming_metrics()),
        },
        Endpoint {
            request: "GET /api/connections",
            body: None,
            answers: vec![json!([]), json!([connection])],
            call: call!(|client| client.get_connections()),
        },
    ]
}

pub(super) fn all() -> Vec<Endpoint> {
    let groups = [
        subscriptions(),
        acknowledgements(),
        refusals(),
        breakers(),
        chains(),
        service(),
    ];
    groups.into_iter().flatten().collect()
}
