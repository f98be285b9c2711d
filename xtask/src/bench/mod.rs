//! `cargo xtask bench WHAT`: measurements that need several programs at once.
//!
//! Every contender is a process of its own. What it uses is read from the operating system while it
//! works, so that neither starting nor connecting counts.

mod client;
mod ingest;
mod programs;
mod running;
mod service;
mod usage;

pub(crate) use client::client;
pub(crate) use ingest::ingest;
pub(crate) use service::{Load, service};
