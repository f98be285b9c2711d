//! Integration tests of the service.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "all of it is test code; clippy only sees the functions with #[test]"
)]

mod doctor;
mod estimate;
mod ingest;
mod node_faults;
mod service;
