//! The service under load: a node whose blocks come when told to, the service as a process of its
//! own, so that what it uses is its own, and clients on plain sockets, so that they use little.

pub mod client;
pub mod figures;
pub mod http;
pub mod node;
pub mod parts;
pub mod process;

/// Whatever ends the bench.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
/// What may end the bench.
pub type Result<T> = std::result::Result<T, Error>;
