//! The two errors that Solidity has by itself, without their selectors.

use event_streamer_models::U256;

use super::error::DecodeError;
use super::plan::ValuePlan;
use super::reader::{Head, Reader};
use super::strictness::Strictness;
use super::tree;
use crate::types::WordType;
use crate::value::AbiValue;

const FIRST: Head = Head { base: 0, at: 0 };

/// What `Error(string)` carries.
pub(crate) fn decode_message(data: &[u8]) -> Result<AbiValue, DecodeError> {
    let mut reader = Reader::new(data, Strictness::Lenient);
    tree::value(&mut reader, &ValuePlan::String, FIRST)
        .map_err(|error| error.in_parameter("message"))
}

/// What `Panic(uint256)` carries.
pub(crate) fn decode_code(data: &[u8]) -> Result<U256, DecodeError> {
    Reader::new(data, Strictness::Lenient)
        .word(WordType::Uint(256), FIRST)
        .map(|word| U256::from_be_bytes(*word))
        .map_err(|error| error.in_parameter("code"))
}
