//! Each of the 45 models against its reference schema.

use std::collections::BTreeSet;

use event_streamer_models::ChainSettings;
use serde_json::{Value, json};

use crate::{
    cases::{self, Case},
    generate::{self, Extent},
    schema::Schemas,
};

impl Case {
    fn read(&self, value: &Value) -> Value {
        (self.round_trip)(&value.to_string())
            .unwrap_or_else(|error| panic!("{}: {error} in {value}", self.name))
    }

    fn accepts(&self, value: &Value) -> bool {
        (self.round_trip)(&value.to_string()).is_ok()
    }
}

#[test]
fn every_reference_model_has_exactly_one_case() {
    let schemas = Schemas::reference();
    let reference: BTreeSet<_> = schemas.names().collect();
    let cases = cases::all();
    let ours: BTreeSet<_> = cases.iter().map(|case| case.name).collect();
    assert_eq!(reference.len(), 45);
    assert_eq!(reference, ours);
    assert_eq!(cases.len(), 45);
}

#[test]
fn a_filled_value_has_every_field_and_validates() {
    let schemas = Schemas::reference();
    for case in cases::all() {
        for field in schemas.fields(case.name) {
            assert!(
                case.filled.get(field).is_some(),
                "{} lacks {field}",
                case.name
            );
        }
        assert_eq!(schemas.faults(case.name, &case.filled), [""; 0]);
        assert_eq!(case.read(&case.filled), case.filled, "{}", case.name);
    }
}

#[test]
fn the_checker_misses_no_required_field() {
    let schemas = Schemas::reference();
    for case in cases::all() {
        for field in schemas.required(case.name) {
            let without = without(&case.filled, field);
            assert_eq!(
                schemas.faults(case.name, &without).len(),
                1,
                "{} {field}",
                case.name
            );
        }
    }
}

#[test]
fn generated_objects_are_read_and_written_again() {
    let schemas = Schemas::reference();
    for case in cases::all() {
        for extent in [Extent::Minimal, Extent::Maximal] {
            let sent = generate::object(&schemas, case.name, extent);
            assert_eq!(
                schemas.faults(case.name, &sent),
                [""; 0],
                "{extent:?} as generated"
            );
            let written = case.read(&sent);
            assert_eq!(
                schemas.faults(case.name, &written),
                [""; 0],
                "{extent:?} as written"
            );
            assert_kept(&sent, &written, case.name);
            assert_eq!(case.read(&written), written, "{} {extent:?}", case.name);
        }
    }
}

#[test]
fn unknown_fields_survive_in_models_within_models_too() {
    let schemas = Schemas::reference();
    for case in cases::all() {
        let sent = generate::object(&schemas, case.name, Extent::Maximal);
        assert!(sent.get(generate::UNKNOWN_FIELD).is_some(), "{}", case.name);
        let unknown = |value: &Value| value.to_string().matches(generate::UNKNOWN_FIELD).count();
        assert_eq!(unknown(&case.read(&sent)), unknown(&sent), "{}", case.name);
    }
}

#[test]
fn null_is_as_good_as_a_field_that_may_be_missing() {
    let schemas = Schemas::reference();
    for case in cases::all() {
        for field in case.filled.as_object().unwrap().keys() {
            let without = without(&case.filled, field);
            let mut null = case.filled.clone();
            null[field] = Value::Null;
            assert_eq!(
                case.accepts(&null),
                case.accepts(&without),
                "{} {field}",
                case.name
            );
        }
        for field in schemas.fields(case.name) {
            if schemas
                .required(case.name)
                .all(|required| required != field)
            {
                let without = without(&case.filled, field);
                assert!(case.accepts(&without), "{} without {field}", case.name);
            }
        }
    }
}

/// Fields whose value only informs: one that cannot be read is dropped, or kept as its text.
const LENIENT: [&str; 7] = [
    "detail",
    "last_failure_time",
    "last_refresh",
    "last_success_time",
    "last_updated",
    "server_timestamp",
    "timestamp",
];

#[test]
fn a_value_of_no_possible_type_is_refused() {
    let schemas = Schemas::reference();
    for case in cases::all() {
        for field in schemas.fields(case.name) {
            let mut object = case.filled.clone();
            object[field] = json!([[[]]]);
            let refused = !case.accepts(&object);
            assert!(
                refused || LENIENT.contains(&field),
                "{} takes any {field}",
                case.name
            );
        }
    }
}

#[test]
fn hostile_values_are_an_answer_and_never_a_panic() {
    let digits = "9".repeat(5_000);
    let nested = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    let hostile = [
        "-1",
        "1e999",
        "-0",
        "1.0",
        "\"\\ud800\"",
        "NaN",
        "18446744073709551616",
    ];
    let hostile = hostile
        .into_iter()
        .chain([digits.as_str(), nested.as_str(), "{\"a\":", ""]);
    for text in hostile {
        for case in cases::all() {
            let _ = (case.round_trip)(text);
            for field in case.filled.as_object().unwrap().keys() {
                let marked = replaced(&case.filled, field, text);
                if let Ok(written) = (case.round_trip)(&marked) {
                    assert!(written.is_object(), "{} {field}", case.name);
                }
            }
        }
    }
}

#[test]
fn the_defaults_are_those_of_the_reference() {
    let schemas = Schemas::reference();
    let fields = &schemas.model("ChainConfigRequest")["properties"];
    let ours = [
        (
            "historical_max_chunk_size",
            json!(ChainSettings::DEFAULT_HISTORICAL_MAX_CHUNK_SIZE),
        ),
        (
            "historical_max_retries",
            json!(ChainSettings::DEFAULT_HISTORICAL_MAX_RETRIES),
        ),
        (
            "historical_max_concurrent",
            json!(ChainSettings::DEFAULT_HISTORICAL_MAX_CONCURRENT),
        ),
        (
            "historical_progress_interval",
            json!(ChainSettings::DEFAULT_HISTORICAL_PROGRESS_INTERVAL),
        ),
        (
            "live_max_retries",
            json!(ChainSettings::DEFAULT_LIVE_MAX_RETRIES),
        ),
        (
            "live_retry_delay",
            json!(ChainSettings::DEFAULT_LIVE_RETRY_DELAY),
        ),
        (
            "live_reconnect_delay",
            json!(ChainSettings::DEFAULT_LIVE_RECONNECT_DELAY),
        ),
        (
            "live_enable_gap_detection",
            json!(ChainSettings::DEFAULT_LIVE_ENABLE_GAP_DETECTION),
        ),
        (
            "live_max_gap_size",
            json!(ChainSettings::DEFAULT_LIVE_MAX_GAP_SIZE),
        ),
        (
            "live_block_check_interval",
            json!(ChainSettings::DEFAULT_LIVE_BLOCK_CHECK_INTERVAL),
        ),
        (
            "live_gap_fill_chunk_size",
            json!(ChainSettings::DEFAULT_LIVE_GAP_FILL_CHUNK_SIZE),
        ),
    ];
    for (field, default) in &ours {
        assert_eq!(&fields[field]["default"], default, "{field}");
    }
    let with_default = fields
        .as_object()
        .unwrap()
        .values()
        .filter(|field| field.get("default").is_some());
    assert_eq!(with_default.count(), ours.len());
}

fn without(object: &Value, field: &str) -> Value {
    let mut object = object.clone();
    object.as_object_mut().unwrap().shift_remove(field);
    object
}

/// The text of an object in which a field has this text, JSON or not, as its value.
fn replaced(object: &Value, field: &str, text: &str) -> String {
    let mut object = object.clone();
    object[field] = json!("the value goes here");
    object.to_string().replace("\"the value goes here\"", text)
}

/// Everything that was sent is written again; a field with `null` may be left out.
fn assert_kept(sent: &Value, written: &Value, path: &str) {
    match (sent, written) {
        (Value::Object(sent), Value::Object(written)) => {
            for (name, field) in sent {
                let path = format!("{path}.{name}");
                match written.get(name) {
                    Some(again) => assert_kept(field, again, &path),
                    None => assert!(field.is_null(), "{path} is lost: {field}"),
                }
            }
        }
        (Value::Array(sent), Value::Array(written)) => {
            assert_eq!(sent.len(), written.len(), "{path}");
            for (index, (sent, written)) in sent.iter().zip(written).enumerate() {
                assert_kept(sent, written, &format!("{path}[{index}]"));
            }
        }
        _ => assert_eq!(sent, written, "{path} is changed"),
    }
}
