//! What a message says beyond what this version knows.

use serde::de;
use serde_json::Value;

use crate::{ParseError, ParseErrorKind};

/// The fields of a model that this version does not know by name, kept as they came and written
/// back after the known ones.
///
/// Two services may speak different versions of the protocol: a field that only one of them knows
/// is never an error and never lost. A number that neither `i64`, `u64` nor `f64` holds exactly
/// loses digits here, as everywhere in [`serde_json::Value`]; the protocol writes such numbers as
/// strings. Putting a known field's name in here writes it twice.
pub type Extra = serde_json::Map<String, serde_json::Value>;

/// Defines the `deserialize_with` of the `extra` field of a model with a fixed `"type"`.
///
/// `#[serde(tag = "type", rename = "..")]` on a struct writes the type but does not read it: on
/// input it arrives among the unknown fields. The function takes it out there and checks it.
/// `required` is one of `required` and `optional`.
macro_rules! typed_extra {
    ($function:ident, $name:literal, $missing:ident) => {
        fn $function<'de, D: serde::Deserializer<'de>>(
            deserializer: D,
        ) -> Result<$crate::Extra, D::Error> {
            let mut extra: $crate::Extra = serde::Deserialize::deserialize(deserializer)?;
            let found = extra.shift_remove("type");
            $crate::extra::check_type(found.as_ref(), $name, $crate::extra::Missing::$missing)?;
            Ok(extra)
        }
    };
}
pub(crate) use typed_extra;

/// Whether a message without `type` is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    Refused,
    Tolerated,
}

pub(crate) fn check_type<E: de::Error>(
    found: Option<&Value>,
    expected: &'static str,
    missing: Missing,
) -> Result<(), E> {
    match found {
        Some(Value::String(text)) if text == expected => Ok(()),
        None | Some(Value::Null) => match missing {
            Missing::Tolerated => Ok(()),
            Missing::Refused => Err(E::missing_field("type")),
        },
        Some(other) => {
            let text = other
                .as_str()
                .map_or_else(|| other.to_string(), str::to_owned);
            let error = ParseError::new(ParseErrorKind::Malformed, expected, &text);
            Err(E::custom(format_args!("field `type`: {error}")))
        }
    }
}
