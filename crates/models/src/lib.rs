//! The wire vocabulary of Event Streamer: subscriptions, batches, acknowledgements, chains, errors.

mod abi;
mod bloom;
mod bytes;
mod chain;
mod error;
mod extra;
pub mod hex;
mod i256;
mod ids;
mod optional;
pub mod quantity;
mod stream;
mod subscription;
mod text;
mod text_enum;
mod timestamp;
mod u256;

pub use abi::{AbiEvent, AbiInput};
pub use bloom::LogsBloom;
pub use bytes::{Address, B256, HexBytes};
pub use chain::{BlockHeader, BlockRef, Log};
pub use error::{ParseError, ParseErrorKind};
pub use extra::Extra;
pub use i256::I256;
pub use ids::{BatchId, ChainId, ConnectionId, EventId, ResponseId, ResumeToken, SubscriptionId};
pub use stream::{
    CompleteMessage, Coverage, ErrorCode, EventBatchMessage, Events, ProgressMessage, ReorgMessage,
    StreamingError, StreamingEventData, StreamingHeartbeat, UNDECODED_EVENT,
};
pub use subscription::{
    EventFilter, Finality, StartBlock, StreamingStatus, SubscriptionCreate,
    SubscriptionListResponse, SubscriptionResponse, SubscriptionUpdate, TopicFilter,
    TopicPositionError,
};
pub use timestamp::Timestamp;
pub use u256::U256;

mod ack;
mod breaker;
mod chain_config;
mod connection;
mod service;

pub use ack::{
    BatchAcknowledgmentRequest, BatchAcknowledgmentResponse, BulkBatchAcknowledgmentRequest,
    BulkBatchAcknowledgmentResponse, ClientHeartbeatRequest, ClientHeartbeatResponse, ConfirmationRequest,
    ConfirmationResponse,
};
pub use breaker::{
    CircuitBreakerConfigResponse, CircuitBreakerHealthResponse, CircuitBreakerMetrics, CircuitBreakerResetResponse,
    CircuitBreakerStatus, CircuitBreakerStatusResponse, RpcClientStatus,
};
pub use chain_config::{
    ChainCollection, ChainConfigRequest, ChainConfigResponse, ChainInfo, ChainListResponse, ChainStatsResponse,
    ChainsResponse, GapDetectionResponse,
};
pub use connection::{
    ClientMetadata, ConnectionHealth, ResumeRequest, ResumeResponse, StreamingConnectionRequest,
    StreamingConnectionResponse,
};
pub use service::{
    BaseEvent, ChainMetrics, ErrorResponse, HealthResponse, MetricsResponse, SchemasResponse, StreamingMetricsResponse,
};
