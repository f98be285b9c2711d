//! Finding the array of elements: bare, in an artefact, or in an explorer's answer.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::value::{Allowance, StrictValue, kind_of};
use crate::error::{AbiError, AbiErrorKind, quoted};
use crate::limits::{MAX_DOCUMENT_BYTES, MAX_DOCUMENT_VALUES};

/// Reads the elements of the ABI that `text` holds; at least one.
pub(crate) fn read_elements(text: &str) -> Result<Vec<Value>, AbiError> {
    read_nested(text, None)
}

/// `inside` names the string that `text` came out of.
fn read_nested(text: &str, inside: Option<&str>) -> Result<Vec<Value>, AbiError> {
    if text.len() > MAX_DOCUMENT_BYTES {
        let message = format!(
            "the ABI is {} bytes long, more than {MAX_DOCUMENT_BYTES}",
            text.len()
        );
        return Err(AbiError::new(AbiErrorKind::Limit, message));
    }
    let holder = read_holder(text, inside)?;
    let (place, value) = match holder {
        Holder::Itself(Value::String(text)) if inside.is_none() => {
            return read_nested(&text, Some("the string"));
        }
        Holder::Itself(value) => ("the ABI", value),
        Holder::Artefact(value) => ("`abi`", value),
        Holder::Answer(value) => ("`result`", value),
        Holder::Neither(keys) => return Err(no_abi(&keys)),
    };
    match value {
        Value::Array(elements) if elements.is_empty() => Err(AbiError::new(
            AbiErrorKind::Empty,
            format!("{place} is an array without elements"),
        )),
        Value::Array(elements) => Ok(elements),
        // An explorer answers with a sentence where there is no ABI.
        Value::String(text) if inside.is_none() => {
            if !text.trim_start().starts_with(['[', '{']) {
                let message = format!("{place} holds no ABI but the text {}", quoted(&text));
                return Err(AbiError::new(AbiErrorKind::Document, message));
            }
            read_nested(&text, Some(place))
        }
        value => {
            let message = format!(
                "{place} is {}, expected an array of ABI elements",
                kind_of(&value)
            );
            Err(AbiError::new(AbiErrorKind::Document, message))
        }
    }
}

fn read_holder(text: &str, inside: Option<&str>) -> Result<Holder, AbiError> {
    // Editors on Windows put a byte order mark in front.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let allowance = Allowance::new(MAX_DOCUMENT_VALUES);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let holder = Seed(&allowance).deserialize(&mut deserializer);
    holder
        .and_then(|holder| deserializer.end().map(|()| holder))
        .map_err(|error| {
            if allowance.is_exhausted() {
                let message = format!("the ABI has more than {MAX_DOCUMENT_VALUES} JSON values");
                return AbiError::new(AbiErrorKind::Limit, message);
            }
            let kind = AbiErrorKind::Json {
                line: error.line(),
                column: error.column(),
            };
            let place = inside.map_or(String::new(), |place| format!("the text in {place} is "));
            AbiError::new(kind, format!("{place}not JSON as an ABI has it: {error}"))
        })
}

fn no_abi(keys: &[String]) -> AbiError {
    let keys: Vec<String> = keys.iter().map(|key| quoted(key)).collect();
    let keys = if keys.is_empty() {
        "none".to_owned()
    } else {
        keys.join(", ")
    };
    let message = format!("an object without `abi` and `result`; its first keys: {keys}");
    AbiError::new(AbiErrorKind::Document, message)
}

/// Where a document keeps its ABI.
enum Holder {
    Itself(Value),
    Artefact(Value),
    Answer(Value),
    /// An object with neither; some of the keys it has.
    Neither(Vec<String>),
}

/// Reads a [`Holder`]. The rest of an artefact (bytecode, syntax tree, metadata) is skipped without
/// being kept.
struct Seed<'a>(&'a Allowance);

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Holder;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Holder, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Holder;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of ABI elements, or an object that holds one")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Holder, A::Error> {
        const KEYS_SHOWN: usize = 8;
        let (mut abi, mut result, mut others) = (None, None, Vec::new());
        while let Some(key) = entries.next_key::<String>()? {
            let place = match key.as_str() {
                "abi" => &mut abi,
                "result" => &mut result,
                _ => {
                    entries.next_value::<IgnoredAny>()?;
                    if others.len() < KEYS_SHOWN {
                        others.push(key);
                    }
                    continue;
                }
            };
            if place.is_some() {
                return Err(A::Error::custom(format_args!("key `{key}` twice")));
            }
            *place = Some(entries.next_value_seed(StrictValue(self.0))?);
        }
        Ok(match (abi, result) {
            (Some(abi), _) => Holder::Artefact(abi),
            (None, Some(result)) => Holder::Answer(result),
            (None, None) => Holder::Neither(others),
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Holder, A::Error> {
        StrictValue(self.0).visit_seq(items).map(Holder::Itself)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Holder, E> {
        StrictValue(self.0).visit_str(value).map(Holder::Itself)
    }

    fn visit_unit<E: Error>(self) -> Result<Holder, E> {
        StrictValue(self.0).visit_unit().map(Holder::Itself)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Holder, E> {
        StrictValue(self.0).visit_bool(value).map(Holder::Itself)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Holder, E> {
        StrictValue(self.0).visit_u64(value).map(Holder::Itself)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Holder, E> {
        StrictValue(self.0).visit_i64(value).map(Holder::Itself)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Holder, E> {
        StrictValue(self.0).visit_f64(value).map(Holder::Itself)
    }
}
