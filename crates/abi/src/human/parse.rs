//! Reading signatures.

use event_streamer_models::{AbiEvent, AbiInput};

use super::is_reserved;
use crate::error::{AbiError, AbiErrorKind, quoted};
use crate::limits::{MAX_SIGNATURE_BYTES, MAX_TUPLE_DEPTH};
use crate::path::Path;
use crate::resolve::{is_identifier, resolve_event};
use crate::types::parse_type;

/// Reads an event as one writes it in Solidity.
///
/// `event` in front, names, and the semicolon are optional; spaces and line breaks may stand
/// anywhere between words. Tuples are `(..)` or `tuple(..)`, with or without names inside. Aliases
/// are resolved (`uint` becomes `uint256`). Without `indexed` no parameter is indexed: that cannot
/// be seen from a canonical signature, and decoding needs it.
///
/// # Errors
/// [`AbiErrorKind::Signature`] says at which byte the text stops making sense; the other kinds as
/// for an ABI in JSON.
///
/// ```
/// use event_streamer_abi::{event_topic0, parse_event_signature};
///
/// let event = parse_event_signature(
///     "event Transfer(address indexed from, address indexed to, uint256 value)",
/// )?;
/// assert_eq!(event.name, "Transfer");
/// assert_eq!(event.inputs[0].indexed, Some(true));
/// assert_eq!(
///     event_topic0(&event)?.unwrap().to_string(),
///     "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
/// );
/// # Ok::<_, event_streamer_abi::AbiError>(())
/// ```
pub fn parse_event_signature(text: &str) -> Result<AbiEvent, AbiError> {
    if text.len() > MAX_SIGNATURE_BYTES {
        let message = format!(
            "the signature is {} bytes long, more than {MAX_SIGNATURE_BYTES}",
            text.len()
        );
        return Err(AbiError::new(AbiErrorKind::Limit, message));
    }
    let event = Parser { text, at: 0 }.event()?;
    resolve_event(&event, &Path::of_single("event", &event.name))?;
    Ok(event)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

/// Which words may follow a type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Parameter,
    Component,
}

impl<'a> Parser<'a> {
    fn event(mut self) -> Result<AbiEvent, AbiError> {
        let mut name = self.word();
        if name == "event" && self.peek() != Some('(') {
            name = self.word();
        }
        if name.is_empty() {
            return Err(self.fault("the name of an event"));
        }
        self.expect('(')?;
        let inputs = self.parameters(Place::Parameter, MAX_TUPLE_DEPTH)?;
        let anonymous = match self.word() {
            "" => false,
            "anonymous" => true,
            word => {
                self.at -= word.len();
                return Err(self.fault("`anonymous` or the end"));
            }
        };
        self.eat(';');
        if self.peek().is_some() {
            return Err(self.fault("the end"));
        }
        Ok(AbiEvent::new(name, inputs).with_anonymous(anonymous))
    }

    /// Up to and with the closing parenthesis; the opening one was read.
    fn parameters(&mut self, place: Place, depth_left: usize) -> Result<Vec<AbiInput>, AbiError> {
        let mut parameters = Vec::new();
        if place == Place::Parameter && self.eat(')') {
            return Ok(parameters);
        }
        loop {
            parameters.push(self.parameter(place, depth_left)?);
            if self.eat(')') {
                return Ok(parameters);
            }
            if !self.eat(',') {
                return Err(self.fault("`,` or `)`"));
            }
        }
    }

    fn parameter(&mut self, place: Place, depth_left: usize) -> Result<AbiInput, AbiError> {
        let (ty, components) = self.ty(depth_left)?;
        let mut indexed = (place == Place::Parameter).then_some(false);
        let mut word = self.word();
        if word == "indexed" && indexed.is_some() {
            indexed = Some(true);
            word = self.word();
        }
        if is_reserved(word) || !(word.is_empty() || is_identifier(word)) {
            self.at -= word.len();
            return Err(self.fault("a name, `,` or `)`"));
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
    fn ty(&mut self, depth_left: usize) -> Result<(String, Option<Vec<AbiInput>>), AbiError> {
        let start = self.at;
        let word = self.word();
        let is_tuple = (word.is_empty() || word == "tuple") && self.eat('(');
        if word.is_empty() && !is_tuple {
            return Err(self.fault("a type"));
        }
        let mut components = None;
        if is_tuple {
            let Some(depth_left) = depth_left.checked_sub(1) else {
                let message =
                    format!("tuples nest more than {MAX_TUPLE_DEPTH} deep, at byte {start}");
                return Err(AbiError::new(AbiErrorKind::Limit, message));
            };
            components = Some(self.parameters(Place::Component, depth_left)?);
        } else if word == "address" {
            self.eat_word("payable");
        }
        let text = format!(
            "{}{}",
            if is_tuple { "tuple" } else { word },
            self.dimensions()?
        );
        let parsed = parse_type(&text, depth_left).map_err(|fault| {
            AbiError::new(fault.kind, format!("{}, at byte {start}", fault.message))
        })?;
        match parsed.base.clone() {
            Some(base) => Ok((parsed.with_base(base).to_string(), components)),
            None => Ok((text, components)),
        }
    }

    /// `[2][]`, spaces left out.
    fn dimensions(&mut self) -> Result<String, AbiError> {
        let mut dimensions = String::new();
        while self.eat('[') {
            let length = self.word();
            self.expect(']')?;
            dimensions.extend(["[", length, "]"]);
        }
        Ok(dimensions)
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&mut self) -> Option<char> {
        self.skip_space();
        self.rest().chars().next()
    }

    fn eat(&mut self, token: char) -> bool {
        let found = self.peek() == Some(token);
        self.at += usize::from(found) * token.len_utf8();
        found
    }

    fn eat_word(&mut self, expected: &str) {
        let before = self.at;
        if self.word() != expected {
            self.at = before;
        }
    }

    fn expect(&mut self, token: char) -> Result<(), AbiError> {
        if self.eat(token) {
            Ok(())
        } else {
            Err(self.fault(&format!("`{token}`")))
        }
    }

    /// The next name, keyword, type or number; empty if something else is next.
    fn word(&mut self) -> &'a str {
        self.skip_space();
        let rest = self.rest();
        let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '$'));
        let word = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
        self.at += word.len();
        word
    }

    fn fault(&mut self, expected: &str) -> AbiError {
        let found = match self.peek() {
            None => "the end".to_owned(),
            Some(_) => quoted(self.rest()),
        };
        let message = format!(
            "signature: expected {expected} at byte {}, found {found}",
            self.at
        );
        AbiError::new(AbiErrorKind::Signature { offset: self.at }, message)
    }
}
