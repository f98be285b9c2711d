//! A scripted HTTP/1.1 server over raw sockets.

mod connection;
mod request;
mod routes;
mod script;
mod server;
mod socket;

pub use request::RecordedRequest;
pub use routes::Routes;
pub use script::{Reply, Script};
pub use server::WireServer;
pub use socket::MemoryStream;
pub(crate) use socket::memory_pair;

#[cfg(test)]
mod tests;
