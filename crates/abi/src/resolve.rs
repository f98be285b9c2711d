//! From the parameters of an ABI, which are text, to types.

use event_streamer_models::{AbiEvent, AbiInput};

use crate::error::{AbiError, AbiErrorKind, quoted};
use crate::limits::{MAX_HEAD_BYTES, MAX_NAME_BYTES, MAX_TUPLE_DEPTH};
use crate::path::Path;
use crate::types::{AbiType, TupleField, parse_type};

/// The types of the parameters in `list` (`inputs`, `outputs`) of what lies at `path`.
pub(crate) fn resolve_parameters(
    parameters: &[AbiInput],
    list: &'static str,
    path: &Path<'_>,
) -> Result<Vec<AbiType>, AbiError> {
    let resolve = |(nth, parameter)| resolve_parameter(parameter, &path.parameter(list, nth));
    parameters.iter().enumerate().map(resolve).collect()
}

/// The type of one parameter, and that it is within every bound.
pub(crate) fn resolve_parameter(
    parameter: &AbiInput,
    path: &Path<'_>,
) -> Result<AbiType, AbiError> {
    let ty = resolve(parameter, path, MAX_TUPLE_DEPTH)?;
    if ty.layout().is_none() {
        let message = format!(
            "type {} is larger than {MAX_HEAD_BYTES} bytes",
            quoted(&parameter.ty)
        );
        return Err(AbiError::at(AbiErrorKind::Limit, path, message));
    }
    Ok(ty)
}

/// Types of an event's parameters; that the event has a name, and no more indexed parameters than
/// a log has topics.
pub(crate) fn resolve_event(event: &AbiEvent, path: &Path<'_>) -> Result<Vec<AbiType>, AbiError> {
    check_identifier(&event.name, "the name of an event", path)?;
    let types = resolve_parameters(&event.inputs, "inputs", path)?;
    let indexed = event
        .inputs
        .iter()
        .filter(|input| input.is_indexed())
        .count();
    let most = if event.anonymous { 4 } else { 3 };
    if indexed > most {
        let kind_of_event = if event.anonymous {
            "an anonymous event"
        } else {
            "an event"
        };
        let message = format!("{indexed} indexed parameters, {kind_of_event} has at most {most}");
        return Err(AbiError::at(AbiErrorKind::Indexed, path, message));
    }
    Ok(types)
}

/// The name, unless it is missing or empty, which is the same.
pub(crate) fn name_of(input: &AbiInput) -> Option<&str> {
    input.name.as_deref().filter(|name| !name.is_empty())
}

/// An identifier as Solidity and Vyper have them: ASCII letters, digits, `_` and `$`.
pub(crate) fn is_identifier(name: &str) -> bool {
    !name.is_empty() && stranger_in(name).is_none()
}

/// The first character that an identifier does not have there, and at which byte.
fn stranger_in(name: &str) -> Option<(usize, char)> {
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_' || c == '$';
    name.char_indices()
        .find(|(at, c)| !letter(*c) && (*at == 0 || !c.is_ascii_digit()))
}

/// Refuses a name that is no identifier: it would make the canonical signature ambiguous.
pub(crate) fn check_identifier(name: &str, what: &str, path: &Path<'_>) -> Result<(), AbiError> {
    check_name_length(name, what, path)?;
    let message = match stranger_in(name) {
        None if name.is_empty() => format!("{what} is empty"),
        None => return Ok(()),
        // Some look like a letter and are another one.
        Some((at, stranger)) => format!(
            "{what} is {}, which is not an identifier (letters, digits, `_`, `$`): `{}` at byte {at}",
            quoted(name),
            stranger.escape_default()
        ),
    };
    Err(AbiError::at(AbiErrorKind::Name, path, message))
}

fn check_name_length(name: &str, what: &str, path: &Path<'_>) -> Result<(), AbiError> {
    if name.len() > MAX_NAME_BYTES {
        let message = format!(
            "{what} is {} bytes long, more than {MAX_NAME_BYTES}",
            name.len()
        );
        return Err(AbiError::at(AbiErrorKind::Limit, path, message));
    }
    Ok(())
}

fn resolve(input: &AbiInput, path: &Path<'_>, depth_left: usize) -> Result<AbiType, AbiError> {
    check_name_length(
        input.name.as_deref().unwrap_or_default(),
        "the name of a parameter",
        path,
    )?;
    let parsed = parse_type(&input.ty, depth_left)
        .map_err(|fault| AbiError::at(fault.kind, path, fault.message))?;
    let components = input.components.as_deref().unwrap_or_default();
    let base = match &parsed.base {
        None => resolve_tuple(components, path, depth_left)?,
        Some(base) if components.is_empty() => base.clone(),
        Some(base) => {
            let tuple = resolve_tuple(components, path, depth_left)?;
            if tuple.to_string() != base.to_string() {
                let message = format!(
                    "type {} does not have the components {tuple}",
                    quoted(&input.ty)
                );
                return Err(AbiError::at(AbiErrorKind::Inputs, path, message));
            }
            tuple
        }
    };
    Ok(parsed.with_base(base))
}

fn resolve_tuple(
    components: &[AbiInput],
    path: &Path<'_>,
    depth_left: usize,
) -> Result<AbiType, AbiError> {
    let Some(depth_left) = depth_left.checked_sub(1) else {
        let message = format!("tuples nest more than {MAX_TUPLE_DEPTH} deep");
        return Err(AbiError::at(AbiErrorKind::Limit, path, message));
    };
    if components.is_empty() {
        let message = "type `tuple` without components: a tuple has at least one";
        return Err(AbiError::at(AbiErrorKind::Inputs, path, message));
    }
    let mut fields = Vec::with_capacity(components.len());
    for (nth, component) in components.iter().enumerate() {
        let ty = resolve(component, &path.component(nth), depth_left)?;
        fields.push(TupleField {
            name: name_of(component).map(str::to_owned),
            ty,
        });
    }
    Ok(AbiType::Tuple(fields))
}
