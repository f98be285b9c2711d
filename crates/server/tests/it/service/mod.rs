//! The whole service, over loopback, in front of a node that replays a small chain.

mod acks;
mod api;
mod http;
mod lifecycle;
mod mainnet;
mod postgres;
mod reorg;
mod stream;
mod subscriptions;
mod support;
mod tokens;
