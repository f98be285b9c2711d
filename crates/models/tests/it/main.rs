//! The models against the reference schemas and the examples of the protocol.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "clippy exempts test functions, not the functions that they call"
)]

mod cases;
mod examples;
mod generate;
mod reference;
mod schema;
