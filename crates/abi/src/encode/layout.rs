//! Heads and tails (Solidity's ABI specification, "Formal Specification of the Encoding").

use super::error::{EncodeError, EncodeErrorKind};
use super::word::{encode_word, wrong_type};
use crate::types::{AbiType, Layout};
use crate::value::AbiValue;

/// Appends the encoding of parameters: their heads, then the tails of those that have one.
///
/// Each part is a key, a type and a value.
pub(crate) fn encode_parameters<'a>(
    parts: impl Iterator<Item = (&'a str, &'a AbiType, &'a AbiValue)> + Clone,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let mut frame = Frame::of(parts.clone().map(|(_, ty, _)| ty));
    for (key, ty, value) in parts {
        frame
            .push(ty, value)
            .map_err(|error| error.in_parameter(key))?;
    }
    frame.close(out);
    Ok(())
}

/// Parts that lie beside each other. Heads grow with the values that are there, not with the size
/// that the types claim.
struct Frame {
    /// How long the heads will be.
    heads_end: usize,
    heads: Vec<u8>,
    tails: Vec<u8>,
}

impl Frame {
    fn of<'a>(types: impl Iterator<Item = &'a AbiType>) -> Self {
        Self {
            heads_end: types.map(|ty| layout_of(ty).head()).sum(),
            heads: Vec::new(),
            tails: Vec::new(),
        }
    }

    fn push(&mut self, ty: &AbiType, value: &AbiValue) -> Result<(), EncodeError> {
        if layout_of(ty).dynamic {
            let offset = self.heads_end + self.tails.len();
            self.heads.extend(number_word(offset));
            push_tail(ty, value, &mut self.tails)
        } else {
            push_static(ty, value, &mut self.heads)
        }
    }

    fn close(self, out: &mut Vec<u8>) {
        out.extend(self.heads);
        out.extend(self.tails);
    }
}

/// Appends a static value, which stands in the head whole.
fn push_static(ty: &AbiType, value: &AbiValue, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    if let AbiType::Word(word) = ty {
        out.extend(encode_word(*word, value)?);
        return Ok(());
    }
    for_each_part(ty, value, |ty, value| push_static(ty, value, out))
}

/// The layout of a type whose bounds were checked when it was resolved.
fn layout_of(ty: &AbiType) -> Layout {
    ty.layout().unwrap_or(Layout::NOTHING)
}

/// Appends a dynamic value.
fn push_tail(ty: &AbiType, value: &AbiValue, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    if let AbiType::Bytes | AbiType::String = ty {
        let bytes = content_of(ty, value)?;
        out.extend(number_word(bytes.len()));
        push_padded(bytes, out);
        return Ok(());
    }
    if let (AbiType::Array(_), AbiValue::Array(items)) = (ty, value) {
        out.extend(number_word(items.len()));
    }
    let mut types = Vec::new();
    for_each_part(ty, value, |ty, _| {
        types.push(ty);
        Ok(())
    })?;
    let mut frame = Frame::of(types.into_iter());
    for_each_part(ty, value, |ty, value| frame.push(ty, value))?;
    frame.close(out);
    Ok(())
}

/// The bytes of a value that is bytes or a string.
pub(super) fn content_of<'a>(ty: &AbiType, value: &'a AbiValue) -> Result<&'a [u8], EncodeError> {
    match (ty, value) {
        (AbiType::Bytes, AbiValue::Bytes(bytes))
        | (AbiType::String, AbiValue::InvalidString(bytes)) => Ok(bytes.as_bytes()),
        (AbiType::String, AbiValue::String(text)) => Ok(text.as_bytes()),
        _ => Err(wrong_type(ty, value)),
    }
}

/// Goes through the parts of an array or a tuple, as many as the type says.
pub(super) fn for_each_part<'a>(
    ty: &'a AbiType,
    value: &'a AbiValue,
    mut then: impl FnMut(&'a AbiType, &'a AbiValue) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    match (ty, value) {
        (AbiType::Array(element), AbiValue::Array(items)) => {
            let mut items = items.iter().enumerate();
            items.try_for_each(|(nth, item)| then(element, item).map_err(|e| e.in_item(nth)))
        }
        (AbiType::FixedArray(element, length), AbiValue::Array(items)) => {
            check_count(items.len(), usize::try_from(*length).unwrap_or(usize::MAX))?;
            let mut items = items.iter().enumerate();
            items.try_for_each(|(nth, item)| then(element, item).map_err(|e| e.in_item(nth)))
        }
        (AbiType::Tuple(fields), AbiValue::Tuple(values)) => {
            check_count(values.len(), fields.len())?;
            let mut pairs = fields.iter().zip(values).enumerate();
            pairs.try_for_each(|(nth, (field, value))| {
                let name = field.name.as_deref();
                then(&field.ty, value).map_err(|error| error.in_field(nth, name))
            })
        }
        _ => Err(wrong_type(ty, value)),
    }
}

pub(crate) fn check_count(found: usize, expected: usize) -> Result<(), EncodeError> {
    if found == expected {
        return Ok(());
    }
    Err(EncodeError::new(EncodeErrorKind::Count { found, expected }))
}

/// Appends bytes, and zeros up to a whole word.
pub(super) fn push_padded(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(bytes);
    out.resize(
        out.len() + bytes.len().next_multiple_of(32) - bytes.len(),
        0,
    );
}

fn number_word(number: usize) -> [u8; 32] {
    let mut word = [0; 32];
    word[24..].copy_from_slice(&(number as u64).to_be_bytes());
    word
}
