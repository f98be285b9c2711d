//! Ethereum contract ABIs, offline: parse, topic0, decode logs to JSON; safe on hostile input.
//!
//! - From an ABI in JSON: [`extract_abi_event`], [`extract_abi_events`], [`parse_contract_abi`].
//!   From a line of Solidity: [`parse_event_signature`].
//! - [`canonical_signature`], [`event_topic0`], [`keccak256`].
//! - [`EventDecoder`]: compiled once per event, then a log's topics and data to JSON.
//! - [`Registry`]: which of many events a log is one of.
//!
//! Nothing here reads files, opens sockets or waits, and no input makes it panic, recurse deeply, or
//! take more than a small multiple of its own size: [`limits`] has the numbers.
//!
//! ```
//! use event_streamer_abi::{EventDecoder, extract_abi_event};
//!
//! let abi = r#"[{"type": "event", "name": "Noted", "anonymous": false, "inputs": [
//!     {"name": "text", "type": "string", "indexed": false}
//! ]}]"#;
//! let decoder = EventDecoder::new(&extract_abi_event(abi, "Noted")?)?;
//! assert_eq!(decoder.signature(), "Noted(string)");
//!
//! let mut data = [0; 96];
//! data[31] = 32; // where the string begins
//! data[63] = 2; // how long it is
//! data[64..66].copy_from_slice(b"hi");
//! let topics = [decoder.topic0().unwrap()];
//! assert_eq!(decoder.decode_json(&topics, &data)?, r#"{"text":"hi"}"#);
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```
//!
//! # Features
//!
//! `ethabi` (default): conversion to and from the types of the `ethabi` crate.

#[cfg(feature = "ethabi")]
mod convert;
mod decode;
mod error;
mod human;
mod json;
mod keccak;
pub mod limits;
mod path;
mod registry;
mod resolve;
mod signature;
mod types;

#[cfg(feature = "ethabi")]
pub use convert::{event_from_ethabi, event_to_ethabi};
pub use decode::{DecodeError, DecodeErrorKind, EventDecoder, Strictness};
pub use error::{AbiError, AbiErrorKind};
pub use human::{human_signature, parse_event_signature};
pub use json::{
    AbiConstructor, AbiCustomError, AbiFunction, ContractAbi, StateMutability, extract_abi_event,
    extract_abi_events, parse_contract_abi,
};
pub use keccak::keccak256;
pub use registry::{Candidates, Registry};
pub use signature::{canonical_signature, event_topic0};
