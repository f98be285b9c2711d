//! The client against a scripted service, byte by byte, under the paused clock.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a panic is how a test fails"
)]

mod acks;
mod api;
mod checkpoints;
mod closing;
#[cfg(feature = "sqlx")]
mod commits;
#[cfg(feature = "sqlx")]
mod crashes;
mod creation;
mod dead_letters;
mod endpoints;
mod faults;
mod handlers;
mod harness;
mod heartbeats;
mod lanes;
mod lifetime;
#[cfg(feature = "metrics")]
mod meters;
mod order;
mod pages;
mod pull;
mod refusals;
mod reorgs;
mod resume;
mod settings;
mod turns;
mod typed;
mod waiting;
