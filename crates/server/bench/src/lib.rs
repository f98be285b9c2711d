//! What the programs of `cargo xtask bench ingest` and `bench head` have in common.

pub mod chain;
pub mod contender;
pub mod http;
pub mod node;
pub mod random;

/// Any fault ends a program.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;
