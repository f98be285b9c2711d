//! Addresses and topics.

use std::str::FromStr;

use event_streamer_models::{Address, B256, TopicFilter};
use serde_json::{Map, Value};

use super::faults::{Faults, kind, quoted};

/// What one subscription may name (`docs/protocol.md`, section 3).
const MAX_ADDRESSES: usize = 10_000;
/// The same for one topic position.
const MAX_TOPICS: usize = 10_000;

pub(super) fn addresses(body: &Map<String, Value>, faults: &mut Faults) -> Option<Vec<Address>> {
    let value = body.get("addresses").filter(|value| !value.is_null())?;
    list(
        "addresses",
        value,
        MAX_ADDRESSES,
        "an address (0x and 40 hex digits)",
        faults,
    )
}

/// Null or absent positions are "any".
pub(super) fn topics(body: &Map<String, Value>, faults: &mut Faults) -> Option<TopicFilter> {
    let value = body.get("topics").filter(|value| !value.is_null())?;
    let Value::Array(positions) = value else {
        faults.add("topics", format!("expected an array, got {}", kind(value)));
        return None;
    };
    let mut filter = TopicFilter::any();
    for (index, value) in positions
        .iter()
        .enumerate()
        .filter(|(_, value)| !value.is_null())
    {
        let path = format!("topics[{index}]");
        let hashes: Vec<B256> = list(
            &path,
            value,
            MAX_TOPICS,
            "a hash (0x and 64 hex digits)",
            faults,
        )?;
        // The first entry is topic1: topic0 is that of the event.
        match filter.with_topic(index + 1, hashes) {
            Ok(wider) => filter = wider,
            Err(error) => {
                faults.add(&path, error);
                return None;
            }
        }
    }
    Some(filter)
}

/// An array of hex values, each fault with its index.
fn list<T: FromStr>(
    path: &str,
    value: &Value,
    limit: usize,
    expected: &str,
    faults: &mut Faults,
) -> Option<Vec<T>> {
    let Value::Array(items) = value else {
        faults.add(path, format!("expected an array, got {}", kind(value)));
        return None;
    };
    if items.len() > limit {
        faults.add(
            path,
            format!("has {} entries, more than {limit}", items.len()),
        );
        return None;
    }
    let mut parsed = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        match item.as_str().map(|text| (text, text.parse())) {
            Some((_, Ok(one))) => parsed.push(one),
            Some((text, Err(_))) => {
                let what = format!("expected {expected}, got {}", quoted(text));
                faults.add(&format!("{path}[{index}]"), what);
            }
            None => {
                let what = format!("expected {expected}, got {}", kind(item));
                faults.add(&format!("{path}[{index}]"), what);
            }
        }
    }
    (parsed.len() == items.len()).then_some(parsed)
}
