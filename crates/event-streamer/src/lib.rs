#![doc = include_str!("../README.md")]
//!
//! # The modules of this crate
//!
//! One dependency instead of many: each module is one of the crates above.
//!
//! | module | what it is |
//! |---|---|
//! | [`client`] | the SDK: subscriptions, streaming with resume, acknowledgements |
//! | [`models`] | the wire vocabulary as plain values |
//! | [`abi`] | contract ABIs, offline: parse, topic0, decode logs |
//! | [`stream`] | the NDJSON stream and its session, without IO |
//! | [`transport`] | one HTTP exchange, done reliably |
//! | `server` (feature `server`) | the service, to embed |
//!
//! Most programs begin with the [`prelude`].
//!
//! # Features
//!
//! | feature | what it brings |
//! |---|---|
//! | `metrics` | counters and gauges of a stream through the `metrics` facade |
//! | `server` | the service, to embed |
//! | `sqlx` | checkpoints in SQLite and PostgreSQL, also inside your own transactions |
//!
//! None is on by default, and none changes a type.

pub use event_streamer_abi as abi;
pub use event_streamer_client as client;
pub use event_streamer_models as models;
#[cfg(feature = "server")]
pub use event_streamer_server as server;
pub use event_streamer_stream as stream;
pub use event_streamer_transport as transport;

/// What a program that receives events needs by name.
///
/// ```no_run
/// use event_streamer::prelude::*;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let client = EventStreamer::new("http://127.0.0.1:8000", "my-backend")?;
/// let transfer = parse_event_signature("event Transfer(address indexed from, address indexed to, uint256 value)")?;
/// let create = SubscriptionCreate::new(transfer, ChainId::new(1), StartBlock::Latest);
/// let subscription = client.create_subscription(create).await?;
/// let mut deliveries = client
///     .create_streaming_client(subscription.id, StreamingOptions::default())
///     .into_deliveries();
/// while let Some(delivery) = deliveries.next().await? {
///     match delivery {
///         Delivery::Batch(batch) => {
///             println!("{} events", batch.batch().len());
///             batch.ack().await?;
///         }
///         // Undo what is above the block before saying so.
///         Delivery::Rollback(rollback) => rollback.ack().await?,
///         _ => {}
///     }
/// }
/// # Ok(())
/// # }
/// ```
pub mod prelude {
    pub use event_streamer_abi::{
        extract_abi_event, extract_abi_events, parse_contract_abi, parse_event_signature,
    };
    pub use event_streamer_client::{
        Deliveries, Delivery, EventStreamer, RetryPolicy, StreamEnd, StreamingClient,
        StreamingOptions, Typed, WaitPolicy,
    };
    pub use event_streamer_models::{
        AbiEvent, Address, B256, ChainId, ChainPreset, EventId, Finality, ResumeToken, StartBlock,
        SubscriptionCreate, SubscriptionId, SubscriptionUpdate,
    };
    #[cfg(feature = "server")]
    pub use event_streamer_server::{ChainConfig, DatabaseConfig, Service, ServiceConfig};
    pub use event_streamer_stream::DecodedEvent;
}
