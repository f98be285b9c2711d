//! The whole service, over loopback, in front of a node that replays a small chain.

mod acks;
mod api;
mod auth;
mod bad_bodies;
mod bad_input;
mod chains;
mod compression;
mod contract;
mod http;
mod idempotency;
mod lifecycle;
mod mainnet;
mod metrics;
mod postgres;
mod refusals;
mod reorg;
mod stream;
mod subscriptions;
pub(crate) mod support;
mod tls;
mod tokens;
