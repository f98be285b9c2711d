//! Values of one word.

use super::error::{EncodeError, EncodeErrorKind};
use crate::types::WordType;
use crate::value::AbiValue;
use crate::word::{Word, is_value_of};

/// The word of a value, padded as its type is.
pub(super) fn encode_word(ty: WordType, value: &AbiValue) -> Result<Word, EncodeError> {
    match (ty, value) {
        (WordType::Uint(_) | WordType::Ufixed(..), AbiValue::Uint(number)) => {
            in_range(ty, number.to_be_bytes(), number)
        }
        (WordType::Int(_) | WordType::Fixed(..), AbiValue::Int(number)) => {
            in_range(ty, number.to_be_bytes(), number)
        }
        (WordType::Bool, AbiValue::Bool(value)) => Ok(padded_in_front(&[u8::from(*value)])),
        (WordType::Address, AbiValue::Address(address)) => Ok(padded_in_front(address.as_bytes())),
        (WordType::Function, AbiValue::Function(function)) => Ok(padded_behind(function)),
        (WordType::FixedBytes(length), AbiValue::FixedBytes(bytes)) => {
            if bytes.len() == usize::from(length) {
                return Ok(padded_behind(bytes.as_bytes()));
            }
            let (found, expected) = (bytes.len(), ty.to_string());
            Err(EncodeError::new(EncodeErrorKind::Length {
                found,
                expected,
            }))
        }
        _ => Err(wrong_type(&ty, value)),
    }
}

#[cold]
pub(super) fn wrong_type(expected: &dyn std::fmt::Display, value: &AbiValue) -> EncodeError {
    EncodeError::new(EncodeErrorKind::Type {
        found: value.kind(),
        expected: expected.to_string(),
    })
}

fn in_range(ty: WordType, word: Word, number: &dyn std::fmt::Display) -> Result<Word, EncodeError> {
    if is_value_of(ty, &word) {
        return Ok(word);
    }
    Err(EncodeError::new(EncodeErrorKind::Range {
        found: number.to_string(),
        expected: ty.to_string(),
    }))
}

/// At most 32 bytes at the end of a word.
fn padded_in_front(bytes: &[u8]) -> Word {
    let mut word = [0; 32];
    for (place, byte) in word.iter_mut().rev().zip(bytes.iter().rev()) {
        *place = *byte;
    }
    word
}

/// At most 32 bytes at the beginning of a word.
fn padded_behind(bytes: &[u8]) -> Word {
    let mut word = [0; 32];
    for (place, byte) in word.iter_mut().zip(bytes) {
        *place = *byte;
    }
    word
}
