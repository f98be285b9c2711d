//! Event Streamer's examples: one file per task.
//!
//! | task | command |
//! |---|---|
//! | decode a log with a contract's ABI, offline | `cargo run --example offline_abi` |
//! | stream from a node with the service in the own process | `cargo run --example embedded -- NODE_URL` |
//! | pull batches from a running service | `cargo run --example pull -- SERVICE_URL CHAIN_ID` |
//! | handle events with handlers, resume where it stopped | `cargo run --example handlers -- SERVICE_URL CHAIN_ID` |
