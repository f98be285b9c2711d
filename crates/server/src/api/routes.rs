//! Every endpoint there is.

use event_streamer_models::{
    BatchAcknowledgmentRequest, BatchAcknowledgmentResponse, BulkBatchAcknowledgmentRequest,
    BulkBatchAcknowledgmentResponse, ChainConfigRequest, ChainConfigResponse, ChainListResponse,
    ChainStatsResponse, CircuitBreakerConfigResponse, CircuitBreakerHealthResponse,
    CircuitBreakerMetrics, CircuitBreakerResetResponse, CircuitBreakerStatusResponse,
    ClientHeartbeatRequest, ClientHeartbeatResponse, ConfirmationRequest, ConfirmationResponse,
    ConnectionHealth, GapDetectionResponse, HealthResponse, LastProcessedBlockResponse,
    MetricsResponse, PositionRequest, PositionResponse, ProcessingStatusResponse, ReadyResponse,
    StreamingMetricsResponse, SubscriptionCreate, SubscriptionListResponse, SubscriptionResponse,
    SubscriptionUpdate,
};

use super::openapi::{self, Endpoint, Method, Tag};
use super::{
    acks, breakers, chains, connections, health, keys, metrics, position, prometheus, refusals,
    stream, subscriptions,
};
use Method::{Delete, Get, Patch, Post, Put};

const LETTER: &str = "/subscriptions/{id}/dead-letters/{letter}";
const ONLY_OF: &str = "Another subscriber's does not exist.";
const IDEMPOTENCY_KEY: &str = "The same key and body again give the first answer.";

type Object = serde_json::Map<String, serde_json::Value>;

/// The router and the document are made from these.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let mut all = subscriptions();
    all.extend(streams());
    all.extend(chains());
    all.extend(breakers());
    all.extend(service());
    all.extend(administration());
    all
}

fn subscriptions() -> Vec<Endpoint> {
    const ONE: &str = "/subscriptions/{id}";
    vec![
        Endpoint::new(
            Post,
            "/subscriptions",
            Tag::Subscriptions,
            subscriptions::create,
        )
        .summary("Makes a subscription")
        .header("Idempotency-Key", IDEMPOTENCY_KEY)
        .takes::<SubscriptionCreate>()
        .answers::<SubscriptionResponse>(201),
        Endpoint::new(
            Get,
            "/subscriptions",
            Tag::Subscriptions,
            subscriptions::list,
        )
        .summary("Lists subscriptions, page by page")
        .query::<u64>("page", "From 1 on.")
        .query::<u64>("page_size", "From 1 to 100; 20 if not given.")
        .query::<String>("subscriber_id", "Only those of this subscriber.")
        .query::<u64>("chain_id", "Only those of this chain.")
        .answers::<SubscriptionListResponse>(200),
        Endpoint::new(Get, ONE, Tag::Subscriptions, subscriptions::get)
            .summary("Gives a subscription")
            .query::<String>("subscriber_id", ONLY_OF)
            .answers::<SubscriptionResponse>(200),
        Endpoint::new(Put, ONE, Tag::Subscriptions, subscriptions::update)
            .summary("Changes what is named of a subscription")
            .query::<String>("subscriber_id", ONLY_OF)
            .takes::<SubscriptionUpdate>()
            .answers::<SubscriptionResponse>(200),
        Endpoint::new(Patch, ONE, Tag::Subscriptions, subscriptions::update)
            .summary("The same as PUT")
            .query::<String>("subscriber_id", ONLY_OF)
            .takes::<SubscriptionUpdate>()
            .answers::<SubscriptionResponse>(200),
        Endpoint::new(Delete, ONE, Tag::Subscriptions, subscriptions::delete)
            .summary("Deletes a subscription and ends its streams")
            .query::<String>("subscriber_id", ONLY_OF)
            .answers_nothing(),
        Endpoint::new(
            Get,
            "/subscriptions/{id}/processing-status",
            Tag::Subscriptions,
            position::processing_status,
        )
        .summary("How far a subscription is")
        .query::<String>("subscriber_id", ONLY_OF)
        .answers::<ProcessingStatusResponse>(200),
        Endpoint::new(
            Get,
            "/subscriptions/{id}/last-processed-block",
            Tag::Subscriptions,
            position::last_processed_block,
        )
        .summary("The last block of which everything is acknowledged")
        .query::<u64>("chain_id", "The subscription's chain.")
        .query::<String>("subscriber_id", ONLY_OF)
        .answers::<LastProcessedBlockResponse>(200),
    ]
}

fn streams() -> Vec<Endpoint> {
    vec![
        Endpoint::new(
            Get,
            "/subscriptions/{id}/stream",
            Tag::Streams,
            stream::open,
        )
        .summary("Streams the events of a subscription, one JSON message a line")
        .query::<String>("resume_token", "The position after which to begin.")
        .query::<String>("subscriber_id", ONLY_OF)
        .header(
            "X-Event-Streamer-Features",
            "Messages the client understands: reorg,progress,complete,metadata.",
        )
        .answers_text("application/x-ndjson"),
        Endpoint::new(
            Post,
            "/subscriptions/{id}/stream/{connection_id}/ack/batch",
            Tag::Streams,
            acks::one,
        )
        .summary("Acknowledges a batch")
        .takes::<BatchAcknowledgmentRequest>()
        .answers::<BatchAcknowledgmentResponse>(200),
        Endpoint::new(
            Post,
            "/subscriptions/{id}/stream/{connection_id}/ack/batch/bulk",
            Tag::Streams,
            acks::bulk,
        )
        .summary("Acknowledges several batches")
        .takes::<BulkBatchAcknowledgmentRequest>()
        .answers::<BulkBatchAcknowledgmentResponse>(200),
        Endpoint::new(
            Post,
            "/subscriptions/{id}/position",
            Tag::Streams,
            position::advance,
        )
        .summary("Acknowledges everything up to a position")
        .takes::<PositionRequest>()
        .answers::<PositionResponse>(200),
        Endpoint::new(Post, "/confirmations", Tag::Streams, acks::confirm)
            .summary("Acknowledges a batch by its response id, for older clients")
            .takes::<ConfirmationRequest>()
            .answers::<ConfirmationResponse>(200),
        Endpoint::new(
            Post,
            "/stream/{connection_id}/heartbeat",
            Tag::Streams,
            connections::heartbeat,
        )
        .summary("Says that the client of a stream is alive")
        .takes::<ClientHeartbeatRequest>()
        .answers::<ClientHeartbeatResponse>(200),
        Endpoint::new(
            Post,
            "/subscriptions/{id}/stream/{connection_id}/nack/batch",
            Tag::Streams,
            refusals::refuse,
        )
        .summary("Refuses a batch, which comes again or becomes a dead letter")
        .answers::<Object>(200),
        Endpoint::new(
            Get,
            "/subscriptions/{id}/dead-letters",
            Tag::Streams,
            refusals::list,
        )
        .summary("Lists the dead letters of a subscription")
        .answers::<Object>(200),
        Endpoint::new(Get, LETTER, Tag::Streams, refusals::get)
            .summary("Gives a dead letter")
            .answers::<Object>(200),
        Endpoint::new(Delete, LETTER, Tag::Streams, refusals::delete)
            .summary("Deletes a dead letter")
            .answers_nothing(),
        Endpoint::new(
            Post,
            "/subscriptions/{id}/dead-letters/{letter}/replay",
            Tag::Streams,
            refusals::replay,
        )
        .summary("Sends the batch of a dead letter again")
        .answers::<Object>(202),
        Endpoint::new(Get, "/api/connections", Tag::Streams, connections::list)
            .summary("Lists the open streams")
            .answers::<Vec<ConnectionHealth>>(200),
    ]
}

fn chains() -> Vec<Endpoint> {
    const ONE: &str = "/api/chains/{chain_id}";
    vec![
        Endpoint::new(Get, "/api/chains", Tag::Chains, chains::list)
            .summary("Lists the chains, by their ids")
            .answers::<ChainListResponse>(200),
        Endpoint::new(Post, "/api/chains", Tag::Chains, chains::create)
            .summary("Adds a chain")
            .header("Idempotency-Key", IDEMPOTENCY_KEY)
            .takes::<ChainConfigRequest>()
            .answers::<ChainConfigResponse>(201),
        Endpoint::new(Get, "/api/chains/stats", Tag::Chains, chains::stats)
            .summary("The chains in numbers")
            .answers::<ChainStatsResponse>(200),
        Endpoint::new(Post, "/api/chains/refresh", Tag::Chains, chains::refresh)
            .summary("Reads the stored chains again")
            .answers::<ChainConfigResponse>(200),
        Endpoint::new(Get, ONE, Tag::Chains, chains::get)
            .summary("Gives a chain")
            .answers::<ChainConfigResponse>(200),
        Endpoint::new(Put, ONE, Tag::Chains, chains::update)
            .summary("Replaces the configuration of a chain; its streams go on")
            .takes::<ChainConfigRequest>()
            .answers::<ChainConfigResponse>(200),
        Endpoint::new(Delete, ONE, Tag::Chains, chains::deactivate)
            .summary("Deactivates a chain and ends its streams")
            .answers::<ChainConfigResponse>(200),
        Endpoint::new(
            Get,
            "/api/chains/{chain_id}/gaps",
            Tag::Chains,
            chains::gaps,
        )
        .summary("Blocks that streams wait at because the nodes contradict each other")
        .answers::<GapDetectionResponse>(200),
    ]
}

fn breakers() -> Vec<Endpoint> {
    vec![
        Endpoint::new(
            Get,
            "/api/circuit-breakers/status",
            Tag::Breakers,
            breakers::status,
        )
        .summary("All breakers, and the endpoints behind them")
        .answers::<CircuitBreakerStatusResponse>(200),
        Endpoint::new(
            Get,
            "/api/circuit-breakers/health",
            Tag::Breakers,
            breakers::health,
        )
        .summary("How many breakers are closed")
        .answers::<CircuitBreakerHealthResponse>(200),
        Endpoint::new(
            Get,
            "/api/circuit-breakers/config",
            Tag::Breakers,
            breakers::config,
        )
        .summary("When breakers open and close")
        .answers::<CircuitBreakerConfigResponse>(200),
        Endpoint::new(
            Get,
            "/api/circuit-breakers/{name}/metrics",
            Tag::Breakers,
            breakers::metrics,
        )
        .summary("A breaker in numbers")
        .answers::<CircuitBreakerMetrics>(200),
        Endpoint::new(
            Post,
            "/api/circuit-breakers/reset",
            Tag::Breakers,
            breakers::reset_all,
        )
        .summary("Closes all breakers")
        .answers::<CircuitBreakerResetResponse>(200),
        Endpoint::new(
            Post,
            "/api/circuit-breakers/{name}/reset",
            Tag::Breakers,
            breakers::reset,
        )
        .summary("Closes a breaker")
        .answers::<CircuitBreakerResetResponse>(200),
    ]
}

fn service() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Get, "/health", Tag::Service, health::health)
            .summary("Whether the service is alive")
            .open()
            .answers::<HealthResponse>(200),
        Endpoint::new(Get, "/ready", Tag::Service, health::ready)
            .summary("Whether the store answers and every chain has a head")
            .open()
            .answers::<ReadyResponse>(200)
            .answers::<ReadyResponse>(503),
        Endpoint::new(Get, "/metrics", Tag::Service, prometheus::metrics)
            .summary("The service in numbers, for Prometheus")
            .answers_text("text/plain"),
        Endpoint::new(Get, "/api/metrics", Tag::Service, metrics::service)
            .summary("Subscriptions and chains in numbers")
            .answers::<MetricsResponse>(200),
        Endpoint::new(
            Get,
            "/api/streaming/metrics",
            Tag::Service,
            metrics::streaming,
        )
        .summary("Streams in numbers")
        .answers::<StreamingMetricsResponse>(200),
        Endpoint::new(Get, "/openapi.json", Tag::Service, openapi::openapi)
            .summary("This document")
            .open()
            .answers::<Object>(200),
        Endpoint::new(Get, "/docs", Tag::Service, openapi::docs)
            .summary("This document as a page")
            .open()
            .answers_text("text/html"),
    ]
}

fn administration() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Post, "/api/keys", Tag::Administration, keys::create)
            .summary("Makes an API key; its text is shown this once")
            .takes::<keys::KeyRequest>()
            .answers::<keys::CreatedKeyShown>(201),
        Endpoint::new(Get, "/api/keys", Tag::Administration, keys::list)
            .summary("Lists the API keys, without their texts")
            .query::<u64>("after", "Only those with a higher number.")
            .query::<u64>("limit", "From 1 to 1000; 100 if not given.")
            .answers::<keys::KeyList>(200),
        Endpoint::new(
            Delete,
            "/api/keys/{key_id}",
            Tag::Administration,
            keys::revoke,
        )
        .summary("Takes an API key back and ends its streams")
        .answers_nothing(),
        Endpoint::new(Get, "/api/audit", Tag::Administration, keys::audit)
            .summary("Lists administrative calls, the newest first")
            .query::<u64>("limit", "From 1 to 1000; 100 if not given.")
            .answers::<keys::AuditLog>(200),
    ]
}
