//! The wire vocabulary of Event Streamer: what a client and the service say to each other, as plain
//! values without IO, clocks or async.
//!
//! # What is here
//!
//! | | |
//! |---|---|
//! | values of a chain | [`Address`], [`B256`], [`U256`], [`I256`], [`HexBytes`], [`LogsBloom`], [`Log`], [`BlockHeader`], [`BlockRef`] |
//! | names of things | [`ChainId`], [`SubscriptionId`], [`ConnectionId`], [`BatchId`], [`ResponseId`], [`ResumeToken`], [`EventId`], [`EndpointUrl`] |
//! | time | [`Timestamp`] |
//! | subscriptions | [`AbiEvent`], [`SubscriptionCreate`], [`SubscriptionUpdate`], [`SubscriptionResponse`], [`Finality`] |
//! | messages of a stream | [`EventBatchMessage`], [`StreamingHeartbeat`], [`StreamingError`], [`ProgressMessage`], [`ReorgMessage`], [`CompleteMessage`] |
//! | acknowledgements | [`BatchAcknowledgmentRequest`], [`BulkBatchAcknowledgmentRequest`], [`PositionRequest`], [`ConfirmationRequest`] |
//! | operation | [`ChainConfigRequest`], [`CircuitBreakerStatus`], [`MetricsResponse`], [`HealthResponse`], [`ErrorResponse`] |
//!
//! # Rules for every model
//!
//! - It is the union of what the two older protocols and our extensions say (`docs/protocol.md`).
//!   Our service always sends what the reference client requires: `new` takes it. What only one
//!   protocol has may be missing on input.
//! - Fields that this version does not know are kept in `extra` and written back.
//! - `null` is as good as a missing field wherever the field may be missing.
//! - Output is deterministic: one form for each value, lower-case hex, UTC with milliseconds.
//! - Nothing panics on any input, and errors quote a bounded excerpt of it.
//!
//! ```
//! use event_streamer_models::{StreamingHeartbeat, Timestamp};
//!
//! let line = r#"{"type": "heartbeat", "connection_id": "conn_1", "subscription_id": 7,
//!                "timestamp": "2024-05-23T10:30:00.000Z", "load": 0.5}"#;
//! let heartbeat: StreamingHeartbeat = serde_json::from_str(line)?;
//! assert_eq!(heartbeat.timestamp, Some(Timestamp::from_unix_seconds(1_716_460_200)));
//! assert_eq!(heartbeat.extra["load"], 0.5);
//! # Ok::<(), serde_json::Error>(())
//! ```

mod abi;
mod ack;
mod bloom;
mod breaker;
mod bytes;
mod chain;
mod chains;
mod confirmation;
mod connection;
mod digits;
mod endpoint_url;
mod error;
mod error_response;
mod event;
mod extra;
mod health;
pub mod hex;
mod i256;
mod ids;
mod metrics;
mod optional;
pub mod quantity;
mod refusal;
#[cfg(feature = "schema")]
mod schema;
mod stream;
mod subscription;
mod text;
mod text_enum;
mod timestamp;
mod u256;

pub use abi::{AbiEvent, AbiInput};
pub use ack::{
    BatchAcknowledgmentRequest, BatchAcknowledgmentResponse, BulkBatchAcknowledgmentRequest,
    BulkBatchAcknowledgmentResponse, PositionRequest, PositionResponse,
};
pub use bloom::LogsBloom;
pub use breaker::{
    BreakerState, ChainLabel, CircuitBreakerConfigResponse, CircuitBreakerHealthResponse,
    CircuitBreakerMetrics, CircuitBreakerResetResponse, CircuitBreakerStatus,
    CircuitBreakerStatusResponse, RpcClientStatus,
};
pub use bytes::{Address, B256, HexBytes};
pub use chain::{BlockHeader, BlockRef, Log};
pub use chains::{
    CHAIN_PRESETS, ChainConfigRequest, ChainConfigResponse, ChainEntry, ChainInfo,
    ChainListResponse, ChainPreset, ChainSettings, ChainStatsResponse, ChainStatus, ChainsResponse,
    GapDetectionResponse,
};
pub use confirmation::{ConfirmationRequest, ConfirmationResponse};
pub use connection::{
    ClientHeartbeatRequest, ClientHeartbeatResponse, ClientMetadata, ConnectionHealth,
    ConnectionStatus, ProcessingStatusResponse, ResumeRequest, ResumeResponse,
    StreamingConnectionRequest, StreamingConnectionResponse,
};
pub use endpoint_url::EndpointUrl;
pub use error::{ParseError, ParseErrorKind};
pub use error_response::ErrorResponse;
pub use event::BaseEvent;
pub use extra::Extra;
pub use health::{HealthResponse, ReadyCheck, ReadyResponse, SchemasResponse, ServiceStatus};
pub use i256::I256;
pub use ids::{BatchId, ChainId, ConnectionId, EventId, ResponseId, ResumeToken, SubscriptionId};
pub use metrics::{ChainMetrics, MetricsResponse, StreamingMetricsResponse};
pub use refusal::{
    BatchRefusalRequest, BatchRefusalResponse, DeadLetterListResponse, DeadLetterResponse,
    RefusalOutcome,
};
pub use stream::{
    CompleteMessage, Coverage, ErrorCode, EventBatchMessage, Events, ProgressMessage, ReorgMessage,
    StreamingError, StreamingEventData, StreamingHeartbeat, UNDECODED_EVENT,
};
pub use subscription::{
    EventFilter, Finality, LastProcessedBlockResponse, StartBlock, StreamingStatus,
    SubscriptionCreate, SubscriptionListResponse, SubscriptionResponse, SubscriptionUpdate,
    TopicFilter, TopicPositionError,
};
pub use timestamp::Timestamp;
pub use u256::U256;
