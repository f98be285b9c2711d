//! JSON-RPC 2.0, as EVM nodes speak it.
//!
//! [`RpcClient`] asks one node one question at a time and tells what came back. It does not retry,
//! choose between nodes, or decide whether an answer is true: that is [`ingest`](crate::ingest).

mod budget;
mod classify;
mod client;
mod client_config;
mod compression;
mod counts;
mod dialer;
mod error;
mod filter;
mod logs;
mod patience;
mod public;
mod query;
mod url;
mod websocket;
mod wire;

pub use budget::BudgetConfig;
pub use client::RpcClient;
pub use client_config::RpcClientConfig;
pub use compression::NodeCompression;
pub use counts::MethodCalls;
pub use dialer::NodeDialer;
pub use error::{RpcError, RpcErrorKind};
pub use filter::LogFilter;
pub use query::{BlockTag, LogBlocks, LogQuery};
pub use url::{RpcUrl, RpcUrlError};

pub(crate) use filter::BloomFilter;
pub(crate) use patience::patiently;
pub(crate) use public::is_public;
pub(crate) use websocket::{HeadSocket, HeadsOf};
