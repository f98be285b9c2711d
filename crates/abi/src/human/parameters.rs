//! Lists of parameters: `(address indexed from, (uint256 a, bool)[] list)`.

use event_streamer_models::AbiInput;

use super::is_reserved;
use super::scanner::Scanner;
use crate::error::{AbiError, AbiErrorKind};
use crate::limits::MAX_TUPLE_DEPTH;
use crate::resolve::is_identifier;
use crate::types::parse_type;

/// Whose parameters they are, which says which words may follow a type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// `indexed`
    Event,
    /// `memory`, `calldata`
    Function,
    /// No word at all.
    ErrorOrTuple,
}

/// A list with its parentheses.
pub(super) fn read(scanner: &mut Scanner<'_>, owner: Owner) -> Result<Vec<AbiInput>, AbiError> {
    scanner.expect('(')?;
    if scanner.eat(')') {
        return Ok(Vec::new());
    }
    after_parenthesis(scanner, owner, MAX_TUPLE_DEPTH)
}

/// At least one, up to and with the closing parenthesis.
fn after_parenthesis(
    scanner: &mut Scanner<'_>,
    owner: Owner,
    depth_left: usize,
) -> Result<Vec<AbiInput>, AbiError> {
    let mut parameters = Vec::new();
    loop {
        parameters.push(parameter(scanner, owner, depth_left)?);
        if scanner.eat(')') {
            return Ok(parameters);
        }
        if !scanner.eat(',') {
            return Err(scanner.fault("`,` or `)`"));
        }
    }
}

fn parameter(
    scanner: &mut Scanner<'_>,
    owner: Owner,
    depth_left: usize,
) -> Result<AbiInput, AbiError> {
    let (ty, components) = type_and_components(scanner, depth_left)?;
    let mut indexed = (owner == Owner::Event).then_some(false);
    match owner {
        Owner::Event if scanner.eat_word("indexed") => indexed = Some(true),
        // Where the value is kept says nothing about how it is encoded.
        Owner::Function => {
            let _ = scanner.eat_word("memory") || scanner.eat_word("calldata");
        }
        _ => {}
    }
    let before = scanner.at();
    let word = scanner.word();
    if is_reserved(word) || !(word.is_empty() || is_identifier(word)) {
        scanner.back_to(before);
        return Err(scanner.fault("a name, `,` or `)`"));
    }
    let name = (!word.is_empty()).then(|| word.to_owned());
    Ok(AbiInput {
        name,
        ty,
        indexed,
        components,
        ..AbiInput::default()
    })
}

/// A type as it stands in JSON: its text, and the components of a tuple.
fn type_and_components(
    scanner: &mut Scanner<'_>,
    depth_left: usize,
) -> Result<(String, Option<Vec<AbiInput>>), AbiError> {
    let start = scanner.at();
    let word = scanner.word();
    let is_tuple = (word.is_empty() || word == "tuple") && scanner.eat('(');
    if word.is_empty() && !is_tuple {
        return Err(scanner.fault("a type"));
    }
    let mut components = None;
    if is_tuple {
        let Some(depth_left) = depth_left.checked_sub(1) else {
            let message = format!("tuples nest more than {MAX_TUPLE_DEPTH} deep, at byte {start}");
            return Err(AbiError::new(AbiErrorKind::Limit, message));
        };
        components = Some(after_parenthesis(scanner, Owner::ErrorOrTuple, depth_left)?);
    } else if word == "address" {
        scanner.eat_word("payable");
    }
    let base = if is_tuple { "tuple" } else { word };
    let text = format!("{base}{}", dimensions(scanner)?);
    let parsed = parse_type(&text, depth_left).map_err(|fault| {
        AbiError::new(fault.kind, format!("{}, at byte {start}", fault.message))
    })?;
    match parsed.base.clone() {
        Some(base) => Ok((parsed.with_base(base).to_string(), components)),
        None => Ok((text, components)),
    }
}

/// `[2][]`, spaces left out.
fn dimensions(scanner: &mut Scanner<'_>) -> Result<String, AbiError> {
    let mut dimensions = String::new();
    while scanner.eat('[') {
        let length = scanner.word();
        scanner.expect(']')?;
        dimensions.extend(["[", length, "]"]);
    }
    Ok(dimensions)
}
