//! What a contract has, written as one would in Solidity.

use event_streamer_models::{AbiEvent, AbiInput};

use super::is_reserved;
use crate::error::AbiError;
use crate::json::{AbiConstructor, AbiCustomError, AbiFunction, StateMutability};
use crate::path::Path;
use crate::resolve::{is_identifier, name_of, resolve_event, resolve_parameters};
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
    let anonymous = if event.anonymous { " anonymous" } else { "" };
    let parameters = human_parameters(&event.inputs, &types);
    Ok(format!("event {}{parameters}{anonymous}", event.name))
}

impl AbiFunction {
    /// The function as one would write it in Solidity, visibility left out;
    /// [`parse_function_signature`](crate::parse_function_signature) reads it back.
    ///
    /// # Errors
    /// As [`signature`](Self::signature).
    ///
    /// ```
    /// use event_streamer_abi::parse_function_signature;
    ///
    /// let function = parse_function_signature("balanceOf(address) public view returns (uint)")?;
    /// assert_eq!(
    ///     function.human_signature()?,
    ///     "function balanceOf(address) view returns (uint256)",
    /// );
    /// # Ok::<_, event_streamer_abi::AbiError>(())
    /// ```
    pub fn human_signature(&self) -> Result<String, AbiError> {
        let path = Path::of_single("function", &self.name);
        let inputs = resolved(&self.inputs, "inputs", &path)?;
        let mutability = with_space(self.state_mutability);
        let mut text = format!("function {}{inputs}{mutability}", self.name);
        if !self.outputs.is_empty() {
            text.push_str(" returns ");
            text.push_str(&resolved(&self.outputs, "outputs", &path)?);
        }
        Ok(text)
    }
}

impl AbiCustomError {
    /// The error as one would write it in Solidity;
    /// [`parse_error_signature`](crate::parse_error_signature) reads it back.
    ///
    /// # Errors
    /// As [`signature`](Self::signature).
    pub fn human_signature(&self) -> Result<String, AbiError> {
        let path = Path::of_single("error", &self.name);
        let inputs = resolved(&self.inputs, "inputs", &path)?;
        Ok(format!("error {}{inputs}", self.name))
    }
}

impl AbiConstructor {
    /// The constructor as one would write it in Solidity: `constructor(address owner) payable`. An
    /// [`AbiItem`](crate::AbiItem) reads it back.
    ///
    /// # Errors
    /// If a type is not Solidity's; not of constructors that were read from an ABI.
    pub fn human_signature(&self) -> Result<String, AbiError> {
        let path = Path::of_only("constructor", None);
        let inputs = resolved(&self.inputs, "inputs", &path)?;
        let mutability = with_space(self.state_mutability);
        Ok(format!("constructor{inputs}{mutability}"))
    }
}

/// `fallback() payable`
pub(super) fn human_fallback(mutability: StateMutability) -> String {
    format!("fallback(){}", with_space(mutability))
}

/// Whatever an ABI says: receiving ether is all it does.
pub(super) fn human_receive() -> String {
    "receive() payable".to_owned()
}

/// The mutability behind a list of parameters; what goes without saying is not said.
fn with_space(mutability: StateMutability) -> String {
    match mutability {
        StateMutability::NonPayable => String::new(),
        other => format!(" {}", other.as_str()),
    }
}

fn resolved(inputs: &[AbiInput], list: &'static str, path: &Path<'_>) -> Result<String, AbiError> {
    let types = resolve_parameters(inputs, list, path)?;
    Ok(human_parameters(inputs, &types))
}

/// The list with its parentheses.
fn human_parameters(inputs: &[AbiInput], types: &[AbiType]) -> String {
    let parameters: Vec<String> = inputs
        .iter()
        .zip(types)
        .map(|(input, ty)| human_parameter(input, ty))
        .collect();
    format!("({})", parameters.join(", "))
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
