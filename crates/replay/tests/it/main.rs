//! The crate as its users see it: files, HTTP and WebSocket.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "all of it is test code; clippy only sees the functions with #[test]"
)]

mod hostile;
mod http;
mod lifecycle;
mod logs;
mod mainnet;
mod recording;
mod support;
mod websocket;
mod writer;
