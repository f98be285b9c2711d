//! Decoding: a plan compiled once, then one pass from encoded values to JSON, to a tree, or into a
//! type.

mod de;
mod decimal;
mod error;
mod event;
mod hex_log;
mod json;
mod names;
mod parameters;
mod params;
mod plan;
mod reader;
mod solidity;
mod strictness;
#[cfg(test)]
mod tests;
mod text;
mod tree;
mod walk;
mod words;

pub use error::{DecodeError, DecodeErrorKind};
pub use event::EventDecoder;
pub(crate) use event::indexed_topics;
pub use hex_log::HexLog;
pub(crate) use names::is_metadata;
pub use params::ParamsDecoder;
pub(crate) use reader::{Head, Items, Reader};
pub(crate) use solidity::{decode_code, decode_message};
pub use strictness::Strictness;
