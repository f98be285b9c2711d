//! The whole system: node, service and client, as a user runs them.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "these are tests: their helpers fail them"
)]

mod abi;
mod anvil;
mod chains;
mod crash;
mod creation;
mod dead_letters;
mod demo;
mod doctor;
mod estimate;
mod kills;
mod operations;
mod process;
mod python;
mod relay;
mod reliability;
mod serve;
mod simulation;
mod watch;
