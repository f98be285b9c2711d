//! What `ethabi` makes of the same bytes, as the JSON that it should be.

use ethabi::{ParamType, Token};
use event_streamer_abi::event_to_ethabi;
use event_streamer_models::{AbiEvent, AbiInput, B256};
use serde_json::{Map, Value};

/// The values of an event's parameters in order, decoded by `ethabi`.
///
/// Not by its `parse_log`, which looks values up by name and so confuses parameters without one.
pub(crate) fn values(event: &AbiEvent, topics: &[B256], data: &[u8]) -> Option<Vec<Value>> {
    let theirs = event_to_ethabi(event).unwrap();
    let kinds: Vec<ParamType> = theirs
        .inputs
        .iter()
        .filter(|input| !input.indexed)
        .map(|input| input.kind.clone())
        .collect();
    let mut data = ethabi::decode(&kinds, data).ok()?.into_iter();
    let mut topics = topics.iter().skip(usize::from(!event.anonymous));
    let mut values = Vec::new();
    for (input, theirs) in event.inputs.iter().zip(&theirs.inputs) {
        values.push(if theirs.indexed {
            topic_json(input, &theirs.kind, topics.next()?)
        } else {
            json(input, &data.next()?)
        });
    }
    Some(values)
}

fn topic_json(input: &AbiInput, kind: &ParamType, topic: &B256) -> Value {
    let is_word = !matches!(
        kind,
        ParamType::Bytes
            | ParamType::String
            | ParamType::Array(_)
            | ParamType::FixedArray(..)
            | ParamType::Tuple(_)
    );
    if is_word {
        let tokens = ethabi::decode(std::slice::from_ref(kind), topic.as_bytes()).unwrap();
        json(input, &tokens[0])
    } else {
        Value::String(topic.to_string())
    }
}

/// A token as `docs/protocol.md`, section 4, writes it.
pub(crate) fn json(input: &AbiInput, token: &Token) -> Value {
    match token {
        Token::Int(value) if value.bit(255) => {
            Value::String(format!("-{}", value.overflowing_neg().0))
        }
        Token::Uint(value) | Token::Int(value) => Value::String(value.to_string()),
        Token::Bool(value) => Value::Bool(*value),
        Token::Address(address) => Value::String(format!("{address:?}")),
        Token::FixedBytes(bytes) | Token::Bytes(bytes) => {
            Value::String(event_streamer_models::hex::encode(bytes))
        }
        Token::String(text) => Value::String(text.clone()),
        Token::Array(items) | Token::FixedArray(items) => {
            let mut element = input.clone();
            element.ty.truncate(element.ty.rfind('[').unwrap());
            Value::Array(items.iter().map(|item| json(&element, item)).collect())
        }
        Token::Tuple(fields) => tuple_json(input.components.as_deref().unwrap(), fields),
    }
}

fn tuple_json(components: &[AbiInput], fields: &[Token]) -> Value {
    let values = components
        .iter()
        .zip(fields)
        .map(|(component, field)| json(component, field));
    let names = components
        .iter()
        .map(|component| component.name.clone().unwrap_or_default());
    let object: Map<String, Value> = names.zip(values.clone()).collect();
    if object.len() == components.len() && !object.contains_key("") {
        Value::Object(object)
    } else {
        Value::Array(values.collect())
    }
}

/// The values of our JSON, in order.
pub(crate) fn values_of(json: &str) -> Vec<Value> {
    let object: Map<String, Value> = serde_json::from_str(json).unwrap();
    object.into_iter().map(|(_, value)| value).collect()
}
