//! Events written as one would in Solidity.

use event_streamer_models::{AbiEvent, AbiInput};

use super::is_reserved;
use crate::error::AbiError;
use crate::path::Path;
use crate::resolve::{is_identifier, name_of, resolve_event};
use crate::types::AbiType;

/// The event as one would write it in Solidity; [`parse_event_signature`](crate::parse_event_signature)
/// reads it back.
///
/// Names that are no identifiers, or words of the language, are left out: they would not be read
/// back as names.
///
/// # Errors
/// As [`canonical_signature`](crate::canonical_signature).
///
/// ```
/// use event_streamer_abi::{human_signature, parse_event_signature};
///
/// let event = parse_event_signature("Transfer(address indexed from, address indexed, uint value)")?;
/// assert_eq!(
///     human_signature(&event)?,
///     "event Transfer(address indexed from, address indexed, uint256 value)",
/// );
/// # Ok::<_, event_streamer_abi::AbiError>(())
/// ```
pub fn human_signature(event: &AbiEvent) -> Result<String, AbiError> {
    let types = resolve_event(event, &Path::of_single("event", &event.name))?;
    let parameters: Vec<String> = event
        .inputs
        .iter()
        .zip(&types)
        .map(|(input, ty)| human_parameter(input, ty))
        .collect();
    let anonymous = if event.anonymous { " anonymous" } else { "" };
    Ok(format!(
        "event {}({}){anonymous}",
        event.name,
        parameters.join(", ")
    ))
}

pub(crate) fn human_parameter(input: &AbiInput, ty: &AbiType) -> String {
    let mut text = human_type(ty);
    if input.is_indexed() {
        text.push_str(" indexed");
    }
    push_name(&mut text, name_of(input));
    text
}

/// Like the canonical type, with the names of the components.
fn human_type(ty: &AbiType) -> String {
    match ty {
        AbiType::Array(element) => format!("{}[]", human_type(element)),
        AbiType::FixedArray(element, length) => format!("{}[{length}]", human_type(element)),
        AbiType::Tuple(fields) => {
            let mut components = Vec::with_capacity(fields.len());
            for field in fields {
                let mut text = human_type(&field.ty);
                push_name(&mut text, field.name.as_deref());
                components.push(text);
            }
            format!("({})", components.join(", "))
        }
        _ => ty.to_string(),
    }
}

fn push_name(text: &mut String, name: Option<&str>) {
    if let Some(name) = name.filter(|name| is_identifier(name) && !is_reserved(name)) {
        text.push(' ');
        text.push_str(name);
    }
}
