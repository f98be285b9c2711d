//! The Event Streamer service as a library: ingest from EVM nodes, store, deliver, HTTP API.
//!
//! A [`Service`] follows the chains of its [`ServiceConfig`], keeps subscriptions and acknowledged
//! positions in a database, and gives every subscription's events to its clients in order, at
//! least once (`docs/protocol.md`). It reads no environment, handles no signals and sets up no
//! logger: that is the business of the program around it. What it has to say it says through
//! [`tracing`].
//!
//! The way of an event, module by module: [`rpc`] asks one node, [`ingest`] makes of many
//! unreliable answers one ordered and complete sequence, `delivery` decodes and batches it for
//! each stream, `api` and `http` carry it out and the acknowledgements in, `store` keeps what must
//! survive.

pub mod doctor;
pub mod estimate;
pub mod ingest;
pub mod rpc;

mod admin;
mod api;
mod app;
mod chains;
mod clock;
mod config;
mod delivery;
mod error;
mod http;
mod keys;
mod service;
mod store;
mod subscription;
mod sync;
mod token;

pub use admin::ApiKeys;
pub use config::{
    CHAIN_PRESETS, ChainApiConfig, ChainConfig, ChainPreset, DatabaseConfig, DeliveryConfig,
    HttpConfig, IdempotencyConfig, IpRange, IpRangeError, MemoryDatabase, PostgresConfig,
    PostgresUrl, PostgresUrlError, ServiceConfig, TlsConfig,
};
#[cfg(feature = "prepared")]
pub use delivery::prepared::PreparedBlocks;
pub use error::{ServiceError, ServiceErrorKind};
pub use http::Accept;
pub use keys::{ApiKey, CreatedKey, KeyScope};
pub use service::Service;
