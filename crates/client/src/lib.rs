//! The Event Streamer client: subscriptions, streaming with resume, acknowledgements, handlers.
//!
//! * [`EventStreamer`] makes, reads, changes and deletes subscriptions, asks how far they are, and has
//!   every other call of the service's API: chains, circuit breakers, health, metrics.
//! * [`StreamingClient`] streams a subscription's events to handlers.
//! * [`Deliveries`] are the same stream, pulled.
//!
//! Both give every event at least once, in the order of the chain, across any number of broken
//! connections and restarts; the position moves only over what was handled. The protocol and its
//! promises are described in `docs/protocol.md`.
//!
//! All time is tokio's, so that a program can be tested under its paused clock. Nothing is printed;
//! what happens is traced with `tracing`, without events, tokens or credentials.

mod api;
mod builder;
mod checkpoint;
mod dead_letter;
mod error;
mod event_streamer;
mod idempotency;
mod random;
mod streaming;
mod url;

pub use api::{SubscriptionPages, WaitPolicy};
pub use builder::EventStreamerBuilder;
#[cfg(feature = "sqlx")]
pub use checkpoint::{
    CREATE_CHECKPOINT_TABLE, CheckpointDatabase, PostgresCheckpoints, SqliteCheckpoints,
};
pub use checkpoint::{
    CheckpointError, CheckpointErrorKind, CheckpointFuture, CheckpointKey, CheckpointStore,
    CheckpointWriter, FileCheckpoints, MemoryCheckpoints, SavedPosition,
};
pub use dead_letter::{
    DeadLetter, DeadLetterError, DeadLetterErrorKind, DeadLetterFile, DeadLetterFuture,
    DeadLetterSink, LetterId, OpenLetters,
};
pub use error::{Error, ErrorKind};
pub use event_streamer::EventStreamer;
pub use idempotency::IdempotencyKey;
pub use streaming::{
    AfterFailure, BatchContext, Concurrency, DeliveredBatch, DeliveredRollback, Deliveries,
    Delivery, Features, HandlerError, HandlerPolicy, IntoHandlerResult, Lifecycle, ReplayedLetters,
    RollbackContext, StreamEnd, StreamStats, StreamingClient, StreamingOptions, Typed,
    UnhandledEvents,
};

pub use event_streamer_stream::{AckPolicy, Batch, DecodedEvent, Events, ReconnectPolicy};
pub use event_streamer_transport::{Compression, RetryPolicy};
