//! The operation of the service: breakers, metrics, health, errors.

use event_streamer_models::*;
use serde_json::json;

use super::{CHAIN, Case, TIME, case, extra, keyed, map};

pub(super) fn breakers() -> Vec<Case> {
    let status = CircuitBreakerStatus {
        state: BreakerState::HalfOpen,
        failure_count: 5,
        success_count: 95,
        consecutive_failures: 1,
        consecutive_successes: 0,
        total_calls: 100,
        last_failure_time: Some(TIME),
        last_success_time: None,
        state_transitions: keyed("closed_to_open", 1),
        extra: extra(),
    };
    let client = RpcClientStatus {
        state: BreakerState::Closed,
        metrics: map([("total_calls", json!(100))]),
        is_healthy: true,
        extra: extra(),
    };
    let response = CircuitBreakerStatusResponse {
        circuit_breakers: keyed("ethereum_rpc", status.clone()),
        rpc_clients: keyed("ethereum", keyed("ethereum_rpc", client.clone())),
        summary: map([("open", json!(0))]),
        extra: extra(),
    };
    let config = CircuitBreakerConfigResponse {
        failure_threshold: 5,
        recovery_timeout: 60,
        success_threshold: 3,
        timeout: 30,
        half_open_max_calls: 3,
        extra: extra(),
    };
    let reset = CircuitBreakerResetResponse {
        message: "2 breakers are closed".to_owned(),
        status: "success".to_owned(),
        reset_count: Some(2),
        extra: extra(),
    };
    vec![
        case("CircuitBreakerStatus", &status),
        case("RpcClientStatus", &client),
        case("CircuitBreakerStatusResponse", &response),
        case("CircuitBreakerConfigResponse", &config),
        case("CircuitBreakerResetResponse", &reset),
        case("CircuitBreakerHealthResponse", &breaker_health()),
        case("CircuitBreakerMetrics", &breaker_metrics()),
    ]
}

fn breaker_health() -> CircuitBreakerHealthResponse {
    CircuitBreakerHealthResponse {
        overall_health: "healthy".to_owned(),
        health_percentage: 100.0,
        total_circuit_breakers: 2,
        healthy_circuit_breakers: 2,
        unhealthy_circuit_breakers: 0,
        rpc_clients: keyed("ethereum", map([("ethereum_rpc", json!(true))])),
        last_updated: Some(TIME),
        healthy_rpcs: Some(2),
        total_rpcs: Some(2),
        unhealthy_chains: Some(vec![ChainLabel::Name("polygon".to_owned())]),
        extra: extra(),
    }
}

fn breaker_metrics() -> CircuitBreakerMetrics {
    CircuitBreakerMetrics {
        name: "ethereum_rpc".to_owned(),
        failure_count: 5,
        success_count: 95,
        consecutive_failures: 0,
        consecutive_successes: 10,
        total_calls: 100,
        half_open_calls: 0,
        last_failure_time: None,
        last_success_time: Some(TIME),
        state_transitions: keyed("closed_to_open", 1),
        success_rate: 0.95,
        failure_rate: 0.05,
        average_response_time: Some(12.5),
        extra: extra(),
    }
}

pub(super) fn metrics() -> Vec<Case> {
    let chain = ChainMetrics {
        chain_id: CHAIN,
        name: "ethereum".to_owned(),
        subscriptions: 3,
        live_subscriptions: 2,
        active_tasks: 1,
        max_concurrent: 5,
        events_processed: 1500,
        live_events_processed: 500,
        live_processor_running: true,
        extra: extra(),
    };
    let all = MetricsResponse {
        total_subscriptions: 3,
        active_subscriptions: 3,
        live_subscriptions: 2,
        historical_subscriptions: 1,
        hybrid_subscriptions: 2,
        completed_historical: 2,
        in_progress_historical: 1,
        events_processed: 1500,
        processing_active: true,
        supported_chains: vec![CHAIN],
        by_chain: keyed("1", chain.clone()),
        timestamp: TIME,
        extra: extra(),
    };
    let streaming = StreamingMetricsResponse {
        total_connections: 150,
        active_connections: 145,
        connections_by_status: keyed("healthy", 140),
        events_queued: 45_000,
        events_delivered: 44_500,
        delivery_failures: 500,
        delivery_success_rate: 0.989,
        tokens_generated: 1250,
        tokens_used: 89,
        tokens_expired: 156,
        health_checks_performed: 25_000,
        connections_auto_closed: 12,
        subscriptions_with_connections: 75,
        avg_connections_per_subscription: 1.93,
        avg_event_delivery_time: 0.045,
        avg_connection_uptime: 4.2,
        heartbeat_interval: 30,
        connection_timeout: 300,
        healthy_connections: vec![map([("connection_id", json!("conn_1"))])],
        timestamp: TIME,
        extra: extra(),
    };
    vec![
        case("ChainMetrics", &chain),
        case("MetricsResponse", &all),
        case("StreamingMetricsResponse", &streaming),
    ]
}

pub(super) fn status() -> Vec<Case> {
    let health = HealthResponse {
        extra: extra(),
        ..HealthResponse::new(ServiceStatus::Healthy, TIME)
    };
    let error = ErrorResponse {
        extra: extra(),
        ..ErrorResponse::new(ErrorCode::RateLimited, "too many requests", TIME)
            .with_detail("wait 7 s")
    };
    let schemas = SchemasResponse {
        schemas: vec!["public".to_owned()],
        timestamp: TIME,
        extra: extra(),
    };
    vec![
        case("HealthResponse", &health),
        case("ErrorResponse", &error),
        case("SchemasResponse", &schemas),
    ]
}
