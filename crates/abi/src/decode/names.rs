//! The keys under which parameters stand in the JSON of an event.

use std::collections::{HashMap, HashSet};

use event_streamer_models::{AbiInput, StreamingEventData};

use crate::resolve::name_of;

/// Whether a key of an event's JSON is one of the metadata.
pub(crate) fn is_metadata(key: &str) -> bool {
    StreamingEventData::PLACE_KEYS.contains(&key)
}

/// What parameters may not be called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reserved {
    /// Names of the metadata of an event.
    Metadata,
    Nothing,
}

impl Reserved {
    fn contains(self, name: &str) -> bool {
        self == Self::Metadata && is_metadata(name)
    }
}

/// One distinct key per parameter (`docs/protocol.md`, section 4).
///
/// The names of the ABI come first: a made-up one (`arg0`, `timestamp_`, `a_2`) never takes a name
/// that another parameter has by itself, and counts on instead.
pub(super) fn parameter_keys(inputs: &[AbiInput], reserved: Reserved) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut keys: Vec<Option<String>> = Vec::with_capacity(inputs.len());
    for input in inputs {
        let own = name_of(input)
            .filter(|name| !reserved.contains(name) && taken.insert((*name).to_owned()));
        keys.push(own.map(str::to_owned));
    }
    let mut counters = HashMap::new();
    let made_up = |(nth, (input, key)): (usize, (&AbiInput, Option<String>))| {
        key.unwrap_or_else(|| {
            let base = match name_of(input) {
                None => format!("arg{nth}"),
                Some(name) if reserved.contains(name) => format!("{name}_"),
                Some(name) => name.to_owned(),
            };
            free_key(base, &mut taken, &mut counters)
        })
    };
    inputs.iter().zip(keys).enumerate().map(made_up).collect()
}

/// `base`, or the first of `base_2`, `base_3`.. that is free. The counters keep a thousand equal
/// names from being counted a thousand times each.
fn free_key(
    base: String,
    taken: &mut HashSet<String>,
    counters: &mut HashMap<String, usize>,
) -> String {
    if taken.insert(base.clone()) {
        return base;
    }
    let next = counters.entry(base.clone()).or_insert(2);
    loop {
        let key = format!("{base}_{next}");
        *next += 1;
        if taken.insert(key.clone()) {
            return key;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(names: &[&str]) -> Vec<String> {
        let input = |name: &&str| AbiInput::new(*name, "bool");
        let inputs: Vec<_> = names.iter().map(input).collect();
        parameter_keys(&inputs, Reserved::Metadata)
    }

    #[test]
    fn unnamed_parameters_are_numbered_by_position() {
        assert_eq!(keys(&["", "to", ""]), ["arg0", "to", "arg2"]);
    }

    #[test]
    fn repeated_names_are_counted() {
        assert_eq!(keys(&["a", "a", "b", "a"]), ["a", "a_2", "b", "a_3"]);
    }

    #[test]
    fn names_of_metadata_get_an_underscore() {
        assert_eq!(
            keys(&["timestamp", "address", "type"]),
            ["timestamp_", "address_", "type"]
        );
        assert_eq!(keys(&["address", "address"]), ["address_", "address__2"]);
    }

    #[test]
    fn a_made_up_name_never_takes_one_of_the_abi() {
        assert_eq!(keys(&["a", "a", "a_2"]), ["a", "a_3", "a_2"]);
        assert_eq!(keys(&["", "arg0"]), ["arg0_2", "arg0"]);
        assert_eq!(
            keys(&["timestamp", "timestamp_"]),
            ["timestamp__2", "timestamp_"]
        );
    }

    #[test]
    fn without_metadata_nothing_is_reserved() {
        let inputs = [AbiInput::new("address", "bool"), AbiInput::new("", "bool")];
        assert_eq!(
            parameter_keys(&inputs, Reserved::Nothing),
            ["address", "arg1"]
        );
    }

    #[test]
    fn ten_thousand_equal_names_are_quick() {
        let keys = keys(&vec!["x"; 10_000]);
        assert_eq!(keys.last().map(String::as_str), Some("x_10000"));
    }
}
