//! Examples of every shape in the protocol document, as the text that another program sends.

mod api;
mod stream;

use event_streamer_models::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

fn read<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

fn write(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

fn time() -> Timestamp {
    Timestamp::from_unix_seconds(1_716_460_200)
}

fn hash(byte: &str) -> String {
    format!("0x{}", byte.repeat(32))
}
