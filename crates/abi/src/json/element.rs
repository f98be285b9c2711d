//! The fields of ABI elements, each checked and named when it is wrong.

use event_streamer_models::{AbiEvent, AbiInput};
use serde_json::{Map, Value};

use super::value::kind_of;
use crate::error::{AbiError, AbiErrorKind};
use crate::limits::MAX_TUPLE_DEPTH;
use crate::path::Path;
use crate::resolve::resolve_event;

pub(super) type Object = Map<String, Value>;

/// An element of the ABI array, which has to be an object with a `type`.
pub(super) struct Element<'a> {
    pub(super) index: usize,
    pub(super) kind: &'a str,
    pub(super) fields: &'a Object,
}

impl<'a> Element<'a> {
    pub(super) fn new(index: usize, value: &'a Value) -> Result<Self, AbiError> {
        let path = Path::of_element(index);
        let fault = |message: String| AbiError::at(AbiErrorKind::Element, &path, message);
        let Value::Object(fields) = value else {
            let hint = if value.is_string() {
                "; a human-readable signature is read by `parse_human_abi`"
            } else {
                ""
            };
            return Err(fault(format!(
                "expected an object, found {}{hint}",
                kind_of(value)
            )));
        };
        match fields.get("type") {
            Some(Value::String(kind)) => Ok(Self {
                index,
                kind,
                fields,
            }),
            Some(other) => Err(fault(format!(
                "`type` is {}, expected a string",
                kind_of(other)
            ))),
            None => Err(fault("no `type`".to_owned())),
        }
    }

    /// The path of this element as the n-th of its group; with its name, if it has a usable one.
    pub(super) fn path(&self, group: &'static str, nth: usize) -> Path<'a> {
        Path::of_item(
            group,
            nth,
            self.index,
            self.fields.get("name").and_then(Value::as_str),
        )
    }

    /// The path of this element as the only one of its kind.
    pub(super) fn only_path(&self, what: &'static str) -> Path<'static> {
        Path::of_only(what, Some(self.index))
    }

    /// Reads this element as an event, types and names checked.
    pub(super) fn read_event(&self, nth: usize) -> Result<AbiEvent, AbiError> {
        let path = self.path("events", nth);
        let name = read_name(self.fields, "event", &path)?;
        let inputs = read_parameters(self.fields, "inputs", &path)?;
        let anonymous =
            read_bool(self.fields, "anonymous", AbiErrorKind::Element, &path)?.unwrap_or(false);
        let event = AbiEvent::new(name, inputs).with_anonymous(anonymous);
        resolve_event(&event, &path)?;
        Ok(event)
    }
}

/// The `name` of an event, function or error.
pub(super) fn read_name<'a>(
    fields: &'a Object,
    what: &str,
    path: &Path<'_>,
) -> Result<&'a str, AbiError> {
    match fields.get("name") {
        Some(Value::String(name)) => Ok(name),
        Some(other) => {
            let message = format!("`name` is {}, expected a string", kind_of(other));
            Err(AbiError::at(AbiErrorKind::Name, path, message))
        }
        None => Err(AbiError::at(
            AbiErrorKind::Name,
            path,
            format!("{what} without `name`"),
        )),
    }
}

/// The parameters in `inputs` or `outputs`; a missing list is an empty one.
pub(super) fn read_parameters(
    fields: &Object,
    list: &'static str,
    path: &Path<'_>,
) -> Result<Vec<AbiInput>, AbiError> {
    match fields.get(list) {
        None => Ok(Vec::new()),
        Some(Value::Array(parameters)) => {
            let read =
                |(nth, value)| read_parameter(value, &path.parameter(list, nth), MAX_TUPLE_DEPTH);
            parameters.iter().enumerate().map(read).collect()
        }
        Some(other) => {
            let message = format!("`{list}` is {}, expected an array", kind_of(other));
            Err(AbiError::at(AbiErrorKind::Inputs, path, message))
        }
    }
}

fn read_parameter(value: &Value, path: &Path<'_>, depth_left: usize) -> Result<AbiInput, AbiError> {
    let fault = |message: String| AbiError::at(AbiErrorKind::Inputs, path, message);
    let Value::Object(fields) = value else {
        return Err(fault(format!(
            "expected an object, found {}",
            kind_of(value)
        )));
    };
    let Some(ty) = read_string(fields, "type", path)? else {
        return Err(fault("no `type`".to_owned()));
    };
    Ok(AbiInput {
        name: read_string(fields, "name", path)?,
        ty,
        indexed: read_bool(fields, "indexed", AbiErrorKind::Inputs, path)?,
        internal_type: read_string(fields, "internalType", path)?,
        components: read_components(fields, path, depth_left)?,
        ..AbiInput::default()
    })
}

fn read_components(
    fields: &Object,
    path: &Path<'_>,
    depth_left: usize,
) -> Result<Option<Vec<AbiInput>>, AbiError> {
    let components = match fields.get("components") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(components)) => components,
        Some(other) => {
            let message = format!("`components` is {}, expected an array", kind_of(other));
            return Err(AbiError::at(AbiErrorKind::Inputs, path, message));
        }
    };
    let Some(depth_left) = depth_left.checked_sub(1) else {
        let message = format!("tuples nest more than {MAX_TUPLE_DEPTH} deep");
        return Err(AbiError::at(AbiErrorKind::Limit, path, message));
    };
    let read = |(nth, value)| read_parameter(value, &path.component(nth), depth_left);
    components
        .iter()
        .enumerate()
        .map(read)
        .collect::<Result<_, _>>()
        .map(Some)
}

/// A string that may be missing or null.
fn read_string(fields: &Object, key: &str, path: &Path<'_>) -> Result<Option<String>, AbiError> {
    match fields.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(other) => {
            let message = format!("`{key}` is {}, expected a string", kind_of(other));
            Err(AbiError::at(AbiErrorKind::Inputs, path, message))
        }
    }
}

/// A boolean that may be missing or null; anything else is a fault of that kind.
pub(super) fn read_bool(
    fields: &Object,
    key: &str,
    kind: AbiErrorKind,
    path: &Path<'_>,
) -> Result<Option<bool>, AbiError> {
    match fields.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(value)) => Ok(Some(*value)),
        Some(other) => {
            let message = format!("`{key}` is {}, expected true or false", kind_of(other));
            Err(AbiError::at(kind, path, message))
        }
    }
}
