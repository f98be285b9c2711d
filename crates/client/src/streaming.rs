//! Streams of events: reading, handling, acknowledging, and starting over.

mod acker;
mod client;
mod context;
mod core;
mod deliveries;
mod dispatch;
mod guard;
mod handlers;
mod heartbeat;
mod notices;
mod options;
mod queue;
mod reader;
mod run;
mod stats;

pub use client::StreamingClient;
pub use context::BatchContext;
pub use deliveries::{DeliveredBatch, DeliveredRollback, Deliveries, Delivery};
pub use handlers::{HandlerError, IntoHandlerResult};
pub use notices::Lifecycle;
pub use options::{Features, HandlerPolicy, StreamingOptions, UnhandledEvents};
pub use run::StreamEnd;
pub use stats::StreamStats;
