//! What one writes to get JSON out of ethabi.

use ethabi::{Log, Token};
use serde_json::{Map, Value};

pub fn object(log: &Log) -> String {
    let members = log.params.iter();
    let object: Map<String, Value> = members
        .map(|param| (param.name.clone(), value(&param.value)))
        .collect();
    Value::Object(object).to_string()
}

fn value(token: &Token) -> Value {
    match token {
        Token::Address(address) => Value::String(format!("{address:?}")),
        Token::Uint(number) | Token::Int(number) => Value::String(number.to_string()),
        Token::Bool(value) => Value::Bool(*value),
        Token::String(text) => Value::String(text.clone()),
        Token::FixedBytes(bytes) | Token::Bytes(bytes) => {
            Value::String(event_streamer_models::hex::encode(bytes))
        }
        Token::Array(items) | Token::FixedArray(items) | Token::Tuple(items) => {
            Value::Array(items.iter().map(value).collect())
        }
    }
}
