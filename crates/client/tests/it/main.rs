//! The client against a scripted service, byte by byte, under the paused clock.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a panic is how a test fails"
)]

mod acks;
mod api;
mod closing;
mod creation;
mod endpoints;
mod faults;
mod handlers;
mod harness;
mod heartbeats;
mod lifetime;
mod order;
mod pages;
mod pull;
mod refusals;
mod reorgs;
mod resume;
mod settings;
mod waiting;
