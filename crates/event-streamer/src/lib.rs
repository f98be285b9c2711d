//! Receive the events of EVM contracts: every event, decoded, in order, none lost.
//!
//! This crate re-exports the others, so that one dependency is enough:
//!
//! | module | what it is | crate |
//! |---|---|---|
//! | [`client`] | the SDK: subscriptions, streaming with resume, acknowledgements | `event-streamer-client` |
//! | [`models`] | the wire vocabulary as plain values | `event-streamer-models` |
//! | [`abi`] | contract ABIs, offline: parse, topic0, decode logs | `event-streamer-abi` |
//! | [`stream`] | the NDJSON stream and its session, without IO | `event-streamer-stream` |
//! | [`transport`] | one HTTP exchange, done reliably | `event-streamer-transport` |
//! | `server` (feature `server`) | the service, to embed | `event-streamer-server` |
//!
//! Most programs begin with the [`prelude`].

pub use event_streamer_abi as abi;
pub use event_streamer_client as client;
pub use event_streamer_models as models;
#[cfg(feature = "server")]
pub use event_streamer_server as server;
pub use event_streamer_stream as stream;
pub use event_streamer_transport as transport;
