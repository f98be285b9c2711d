//! Indexed parameters (Solidity's ABI specification, "Encoding of Indexed Event Parameters").

use event_streamer_models::B256;

use super::error::EncodeError;
use super::layout::{content_of, for_each_part, push_padded};
use super::word::encode_word;
use crate::keccak::keccak256;
use crate::types::AbiType;
use crate::value::AbiValue;

/// The topic of a value: its word, or the hash of what does not fit into one.
pub(crate) fn encode_topic(ty: &AbiType, value: &AbiValue) -> Result<B256, EncodeError> {
    match (ty, value) {
        (AbiType::Word(word), _) => encode_word(*word, value).map(B256::from),
        // What a log has of it: all that is known of most.
        (_, AbiValue::Hash(hash)) => Ok(*hash),
        (AbiType::Bytes | AbiType::String, _) => content_of(ty, value).map(keccak256),
        _ => {
            let mut in_place = Vec::new();
            push_in_place(ty, value, &mut in_place)?;
            Ok(keccak256(&in_place))
        }
    }
}

/// Appends the parts one after the other, without offsets and lengths.
fn push_in_place(ty: &AbiType, value: &AbiValue, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    match ty {
        AbiType::Word(word) => out.extend(encode_word(*word, value)?),
        AbiType::Bytes | AbiType::String => push_padded(content_of(ty, value)?, out),
        _ => return for_each_part(ty, value, |ty, value| push_in_place(ty, value, out)),
    }
    Ok(())
}
