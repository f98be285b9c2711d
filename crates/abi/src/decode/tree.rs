//! From encoded values to a tree of them.

use event_streamer_models::{B256, HexBytes, I256, U256};

use super::error::DecodeError;
use super::plan::{ItemPlan, ValuePlan};
use super::reader::{Head, Items, Reader};
use crate::types::WordType;
use crate::value::AbiValue;
use crate::word::Word;

/// A value in the data. The recursion is as deep as the type, and what is kept is bounded by the
/// words that may be visited.
pub(super) fn value(
    reader: &mut Reader<'_>,
    plan: &ValuePlan,
    head: Head,
) -> Result<AbiValue, DecodeError> {
    Ok(match plan {
        ValuePlan::Word(ty) => word(*ty, reader.word(*ty, head)?),
        ValuePlan::Bytes => AbiValue::Bytes(reader.tail(head)?.into()),
        ValuePlan::String => string(reader.tail(head)?),
        ValuePlan::Array(item) => {
            let found = reader.array(item.head, head)?;
            AbiValue::Array(items(reader, item, found)?)
        }
        ValuePlan::FixedArray {
            item,
            length,
            dynamic,
        } => {
            let found = reader.fixed_array(item.head, *length, *dynamic, head)?;
            AbiValue::Array(items(reader, item, found)?)
        }
        ValuePlan::Tuple(tuple) => {
            let head = reader.enter(head, tuple.dynamic)?;
            let mut fields = Vec::with_capacity(tuple.fields.len());
            for (nth, field) in tuple.fields.iter().enumerate() {
                let value = value(reader, &field.value, field.head_in(head))
                    .map_err(|error| error.in_field(nth, field.name.as_deref()))?;
                fields.push(value);
            }
            AbiValue::Tuple(fields)
        }
    })
}

/// A value that stands in a topic; `hashed` is one of which only the hash does.
pub(super) fn topic(
    reader: &Reader<'_>,
    ty: WordType,
    hashed: bool,
    topic: &B256,
) -> Result<AbiValue, DecodeError> {
    if hashed {
        return Ok(AbiValue::Hash(*topic));
    }
    reader.check(ty, topic.as_bytes())?;
    Ok(word(ty, topic.as_bytes()))
}

fn items(
    reader: &mut Reader<'_>,
    item: &ItemPlan,
    items: Items,
) -> Result<Vec<AbiValue>, DecodeError> {
    let mut values = Vec::with_capacity(items.room());
    for nth in 0..items.length {
        let value =
            value(reader, &item.value, items.head(nth)).map_err(|error| error.in_item(nth))?;
        values.push(value);
    }
    Ok(values)
}

/// Of a word that is no value of its type, what the JSON has of it too.
fn word(ty: WordType, word: &Word) -> AbiValue {
    match ty {
        WordType::Uint(_) | WordType::Ufixed(..) => AbiValue::Uint(U256::from_be_bytes(*word)),
        WordType::Int(_) | WordType::Fixed(..) => AbiValue::Int(I256::from_be_bytes(*word)),
        WordType::Bool => AbiValue::Bool(word.iter().any(|byte| *byte != 0)),
        WordType::Address => {
            AbiValue::Address(word.last_chunk::<20>().copied().unwrap_or_default().into())
        }
        WordType::FixedBytes(length) => {
            AbiValue::FixedBytes(HexBytes::from(&word[..usize::from(length.min(32))]))
        }
        WordType::Function => {
            AbiValue::Function(word.first_chunk::<24>().copied().unwrap_or_default())
        }
    }
}

fn string(bytes: &[u8]) -> AbiValue {
    match std::str::from_utf8(bytes) {
        Ok(text) => AbiValue::String(text.to_owned()),
        Err(_) => AbiValue::InvalidString(bytes.into()),
    }
}
