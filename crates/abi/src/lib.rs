//! Ethereum contract ABIs, offline: parse, topic0, decode logs to JSON; safe on hostile input.
//!
//! - From an ABI in JSON: [`extract_abi_event`], [`extract_abi_events`], [`parse_contract_abi`].
//!   From lines of Solidity: [`parse_event_signature`], [`parse_function_signature`],
//!   [`parse_error_signature`], [`AbiItem`], [`parse_human_abi`]; and back: [`human_signature`],
//!   [`ContractAbi::human_signatures`].
//! - [`canonical_signature`], [`event_topic0`], [`keccak256`].
//! - [`EventDecoder`]: compiled once per event, then a log's topics and data to JSON, to [`AbiValue`]s, or
//!   into any type of yours that `serde` can fill. [`HexLog`] takes the hex text of a node.
//! - [`FunctionDecoder`], [`FunctionRegistry`], [`RevertDecoder`]: calls, their answers, reverts.
//!   [`ParamsDecoder`] is what they are made of.
//! - [`EventDecoder::encode_log`], [`EventDecoder::topics_for`], [`ParamsDecoder::encode`]: the way
//!   back, and what to ask a node for.
//! - [`codegen`], [`FromEvent`], [`typed`]: events as Rust structs of their own; [`catalogue`]: those of
//!   well-known standards and protocols, ready made.
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

mod call;
/// Well-known events: tokens, vaults, proxies, exchanges, lenders, names, price feeds.
///
/// Each module has the events of one standard or protocol, each event is a struct that implements
/// [`FromEvent`]. [`CATALOGUE`] is what they are generated from.
///
/// ```
/// use event_streamer_abi::{FromEvent, catalogue::erc20::Transfer};
///
/// assert_eq!(Transfer::SIGNATURE, "Transfer(address,address,uint256)");
/// let topics = [Transfer::TOPIC0.unwrap(), [0; 32].into(), [0; 32].into()];
/// assert!(Transfer::from_log(&topics, &[0; 32])?.value.is_zero());
/// # Ok::<_, event_streamer_abi::DecodeError>(())
/// ```
#[path = "generated/catalogue.rs"]
pub mod catalogue;
pub mod codegen;
#[cfg(feature = "ethabi")]
mod convert;
mod decode;
mod distinct;
mod encode;
mod error;
mod human;
mod json;
mod keccak;
pub mod limits;
mod path;
mod registry;
mod resolve;
mod signature;
pub mod typed;
mod types;
mod value;
mod value_path;
mod word;

pub use call::{FunctionDecoder, FunctionRegistry, Revert, RevertDecoder, panic_reason};
#[cfg(feature = "ethabi")]
pub use convert::{event_from_ethabi, event_to_ethabi};
pub use decode::{DecodeError, DecodeErrorKind, EventDecoder, HexLog, ParamsDecoder, Strictness};
pub use encode::{EncodeError, EncodeErrorKind};
pub use error::{AbiError, AbiErrorKind};
pub use human::{
    AbiItem, human_signature, parse_error_signature, parse_event_signature,
    parse_function_signature, parse_human_abi,
};
pub use json::{
    AbiConstructor, AbiCustomError, AbiFunction, ContractAbi, StateMutability, extract_abi_event,
    extract_abi_events, parse_contract_abi,
};
pub use keccak::keccak256;
pub use registry::{Candidates, Registry};
pub use signature::{canonical_signature, event_topic0};
pub use typed::FromEvent;
pub use value::AbiValue;

/// The list that the [`catalogue`] is generated from: sections of human-readable events, each with
/// the EIP or protocol they come from. [`codegen::generate_list`] reads it.
pub const CATALOGUE: &str = include_str!("../catalogue/events.txt");
