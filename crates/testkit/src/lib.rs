//! Scripted servers, fault proxies and oracles of Event Streamer's own tests.
//!
//! * [`WireServer`] plays scripts of raw HTTP/1.1 byte by byte, faults included, and records the
//!   requests it saw. [`Gate`]s stand where sleeps would.
//! * [`StreamLines`] writes the lines of a stream for such scripts.
//! * [`FaultProxy`] stands before any address and cuts, stalls or refuses on command.
//! * [`Network`] joins machines in memory, with partitions, resets, latency and crashes from a seed.
//! * [`Ledger`] holds what a consumer saw against what it should have seen.
//! * [`SimNode`] is a chain node over HTTP and WebSocket whose chain, forks and lies a test writes.
//! * [`RpcProxy`] stands before any node and leaves out logs, stalls, refuses and resets.
//! * [`Anvil`] runs a real node; [`tools`] and [`testdata`] find what a machine may have.
//!
//! **Under tokio's paused clock** use connections in memory ([`WireServer::dialer`]): while a byte
//! is on its way through the kernel, tokio sees nothing to do and may let time jump.
//!
//! The crate is for tests only, so it panics where a test would: with a message that says what
//! to do.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a panic is how a test fails"
)]

pub mod answers;
mod anvil;
pub mod certificates;
mod exchange;
mod gate;
mod json_rpc;
mod ledger;
mod lines;
mod network;
mod proxy;
mod refused;
mod rpc_proxy;
mod sim;
pub mod testdata;
pub mod tools;
mod wire;

pub use anvil::{Anvil, AnvilToken, contract};
pub use exchange::exchange;
pub use gate::Gate;
pub use json_rpc::{RpcFailure, json_rpc};
pub use ledger::{Difference, Ledger, Place, Record};
pub use lines::{StreamLines, block_hash, event, event_of_branch, token};
pub use network::{Host, Incoming, Network, Random, Trace};
pub use proxy::FaultProxy;
pub use refused::RefusedPort;
pub use rpc_proxy::{RpcFaultCounts, RpcFaults, RpcProxy};
pub use sim::{
    Announcing, Asked, Block, Cap, Lie, REFUSALS, Refusal, RefusalHint, SimNode, some_logs,
};
pub use wire::{MemoryStream, RecordedRequest, Reply, Routes, Script, WireServer};
