//! The events of a subscription, and the hashes that are said to be theirs.

use event_streamer_abi::EventDecoder;
use event_streamer_models::{AbiEvent, B256};
use serde_json::{Map, Value};

use super::faults::{Faults, kind, quoted};
use crate::subscription::Events;

/// More than any contract has; a filter with more topics is refused by most nodes.
const MAX_EVENTS: usize = 1_000;

/// The events a body names: `event_signature` first, then those of `events` that are not it.
pub(super) fn events(body: &Map<String, Value>, faults: &mut Faults) -> Option<Events> {
    let named = body
        .get("event_signature")
        .is_some_and(|value| !value.is_null());
    let signature = one(body, "", faults);
    let listed = match body.get("events").filter(|value| !value.is_null()) {
        Some(value) => several(value, faults)?,
        None => Vec::new(),
    };
    if named && signature.is_none() {
        return None;
    }
    let mut all: Vec<AbiEvent> = Vec::new();
    for event in signature.into_iter().chain(listed) {
        if !all.contains(&event) {
            all.push(event);
        }
    }
    let mut all = all.into_iter();
    Some(Events {
        first: all.next()?,
        further: all.collect(),
    })
}

fn several(value: &Value, faults: &mut Faults) -> Option<Vec<AbiEvent>> {
    let Value::Array(items) = value else {
        faults.add("events", format!("expected an array, got {}", kind(value)));
        return None;
    };
    if items.len() > MAX_EVENTS {
        faults.add(
            "events",
            format!("has {} entries, more than {MAX_EVENTS}", items.len()),
        );
        return None;
    }
    let mut events = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let path = format!("events[{index}]");
        match item {
            Value::Object(object)
                if object
                    .get("event_signature")
                    .is_some_and(|it| !it.is_null()) =>
            {
                events.extend(one(object, &format!("{path}."), faults));
            }
            Value::Object(_) => faults.add(&format!("{path}.event_signature"), "is required"),
            _ => faults.add(&path, format!("expected an object, got {}", kind(item))),
        }
    }
    (events.len() == items.len()).then_some(events)
}

/// `event_signature` of one object, held against the `topic0` beside it.
fn one(object: &Map<String, Value>, prefix: &str, faults: &mut Faults) -> Option<AbiEvent> {
    let topic0 = match topic0(object) {
        Some(Err(what)) => {
            faults.add(&format!("{prefix}topic0"), what);
            None
        }
        other => other.and_then(Result::ok),
    };
    let value = object
        .get("event_signature")
        .filter(|value| !value.is_null())?;
    let (event, decoder) = match read_event(value) {
        Ok(read) => read,
        Err(what) => {
            faults.add(&format!("{prefix}event_signature"), what);
            return None;
        }
    };
    if let Some(what) = topic0.and_then(|given| mismatch(given, &decoder)) {
        faults.add(&format!("{prefix}topic0"), what);
    }
    Some(event)
}

fn read_event(value: &Value) -> Result<(AbiEvent, EventDecoder), String> {
    if !value.is_object() {
        return Err(format!("expected an abi event, got {}", kind(value)));
    }
    let event: AbiEvent = serde_json::from_value(value.clone())
        .map_err(|error| format!("not an abi event: {error}"))?;
    let decoder = EventDecoder::new(&event).map_err(|error| error.to_string())?;
    Ok((event, decoder))
}

/// A `topic0` that comes without its event: of an update, where it can only confirm. That it is a
/// hash at all was checked already.
pub(super) fn check_topic0(body: &Map<String, Value>, event: &AbiEvent, faults: &mut Faults) {
    if let (Some(Ok(given)), Ok(decoder)) = (topic0(body), EventDecoder::new(event))
        && let Some(what) = mismatch(given, &decoder)
    {
        faults.add("topic0", what);
    }
}

fn topic0(object: &Map<String, Value>) -> Option<Result<B256, String>> {
    let value = object.get("topic0").filter(|value| !value.is_null())?;
    let expected = "expected a hash (0x and 64 hex digits), got ";
    Some(match value {
        Value::String(text) => text
            .parse()
            .map_err(|_| format!("{expected}{}", quoted(text))),
        _ => Err(format!("{expected}{}", kind(value))),
    })
}

/// What is wrong with a topic0 that is said to be an event's.
fn mismatch(given: B256, decoder: &EventDecoder) -> Option<String> {
    match decoder.topic0() {
        Some(computed) if computed != given => Some(format!(
            "{given} is not that of {}, which is {computed}",
            decoder.signature()
        )),
        None if given != B256::default() => Some(format!(
            "{given} is given for an anonymous event, which has none: leave it out, or send {}",
            B256::default()
        )),
        _ => None,
    }
}
