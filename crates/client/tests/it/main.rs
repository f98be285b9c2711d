//! The client against a scripted service, byte by byte, under the paused clock.

mod acks;
mod api;
mod handlers;
mod harness;
mod heartbeats;
mod lifetime;
mod order;
mod pull;
mod refusals;
mod reorgs;
mod resume;
