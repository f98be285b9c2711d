//! The wire vocabulary of Event Streamer as plain values: no IO, no clocks, no runtime.
//!
//! Every model is the union of what the design document (D) and the reference client (R) say,
//! plus our extensions (X); `docs/protocol.md` tells which field is whose. A field that only one
//! of them has may be absent, an unknown field is kept in `extra`, and neither is ever an error.
//!
//! ```
//! use event_streamer_models::SubscriptionResponse;
//! # let body = r#"{"id":7,"topic0":"0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
//! #  "event_signature":{"type":"event","name":"Transfer","inputs":[]},"addresses":[],"start_block":1,"end_block":null,
//! #  "chain_id":1,"subscriber_id":"me","is_streaming":false,"streaming_status":"pending","events_delivered":0,
//! #  "created_at":"2024-05-23T10:30:00.000Z","updated_at":"2024-05-23T10:30:00.000Z","shiny":true}"#;
//! let subscription: SubscriptionResponse = serde_json::from_str(body)?;
//! assert_eq!(subscription.id.get(), 7);
//! assert_eq!(subscription.extra["shiny"], true);
//! # Ok::<(), serde_json::Error>(())
//! ```

mod abi;
mod ack;
mod breaker;
mod chain;
mod chain_config;
mod connection;
mod error_code;
mod hex;
mod ids;
mod number;
pub mod quantity;
mod service;
mod stream;
mod subscription;
mod time;

pub use abi::{AbiEvent, AbiInput};
pub use ack::{
    BatchAcknowledgmentRequest, BatchAcknowledgmentResponse, BulkBatchAcknowledgmentRequest,
    BulkBatchAcknowledgmentResponse, ClientHeartbeatRequest, ClientHeartbeatResponse,
    ConfirmationRequest, ConfirmationResponse,
};
pub use breaker::{
    CircuitBreakerConfigResponse, CircuitBreakerHealthResponse, CircuitBreakerMetrics,
    CircuitBreakerResetResponse, CircuitBreakerStatus, CircuitBreakerStatusResponse,
    RpcClientStatus,
};
pub use chain::{BlockHeader, BlockRef, Log};
pub use chain_config::{
    ChainCollection, ChainConfigRequest, ChainConfigResponse, ChainInfo, ChainListResponse,
    ChainStatsResponse, ChainsResponse, GapDetectionResponse,
};
pub use connection::{
    ClientMetadata, ConnectionHealth, ResumeRequest, ResumeResponse, StreamingConnectionRequest,
    StreamingConnectionResponse,
};
pub use error_code::ErrorCode;
pub use hex::{Address, B256, HexBytes, HexError, LogsBloom, write_hex};
pub use ids::{BatchId, ChainId, ConnectionId, EventId, ResponseId, ResumeToken, SubscriptionId};
pub use number::{I256, NumberError, U256};
pub use service::{
    BaseEvent, ChainMetrics, ErrorResponse, HealthResponse, MetricsResponse, SchemasResponse,
    StreamingMetricsResponse,
};
pub use stream::{
    CompleteMessage, Coverage, EventsByName, ProgressMessage, ReorgMessage, RollbackTo,
    StreamingError, StreamingEventBatch, StreamingEventData, StreamingHeartbeat,
};
pub use subscription::{
    EventFilter, Finality, LastProcessedBlockResponse, PositionRequest, PositionResponse,
    ProcessingStatusResponse, StartBlock, StreamingStatus, SubscriptionCreate,
    SubscriptionListResponse, SubscriptionResponse, SubscriptionUpdate, TopicFilter,
};
pub use time::{Timestamp, TimestampError};

/// Fields that this version does not know, kept.
pub type Extra = serde_json::Map<String, serde_json::Value>;
