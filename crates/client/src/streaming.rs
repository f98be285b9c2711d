//! Streams of events: reading, handling, acknowledging, and starting over.

mod acker;
mod attempts;
mod calls;
mod checkpointer;
mod client;
#[cfg(feature = "sqlx")]
mod commit;
mod context;
mod core;
mod deliveries;
mod dispatch;
mod guard;
mod handlers;
mod heads;
mod heartbeat;
mod keeper;
mod lanes;
mod letters;
#[cfg(feature = "metrics")]
mod meters;
mod notices;
mod options;
mod queue;
mod reader;
mod register;
mod replay;
mod run;
mod signals;
mod stats;
mod typed;

pub use client::StreamingClient;
pub use context::{BatchContext, RollbackContext};
pub use deliveries::{DeliveredBatch, DeliveredRollback, Deliveries, Delivery};
pub use handlers::{HandlerError, IntoHandlerResult};
pub use notices::Lifecycle;
pub use options::{
    AfterFailure, Concurrency, Features, HandlerPolicy, StreamingOptions, UnhandledEvents,
};
pub use replay::ReplayedLetters;
pub use run::StreamEnd;
pub use stats::StreamStats;
pub use typed::Typed;
