//! Whole contracts as lists of human-readable lines.

use serde_json::Value;

use super::format::{human_fallback, human_receive, human_signature};
use super::item::AbiItem;
use super::parse::item;
use super::scanner::Scanner;
use crate::error::{AbiError, AbiErrorKind};
use crate::json::{
    AbiConstructor, AbiCustomError, AbiFunction, ContractAbi, read_elements, set_once,
};
use crate::limits::{MAX_HUMAN_ABI_BYTES, MAX_SIGNATURE_BYTES};
use crate::path::Path;

/// Reads the ABI of a contract from human-readable text.
///
/// The text is what an interface in Solidity has between its braces: one item after the other, each
/// with its keyword, semicolons optional, comments passed over. Or it is JSON, as
/// [`parse_contract_abi`](crate::parse_contract_abi) takes it, whose array may hold such lines
/// instead of objects, or both. [`raw`](ContractAbi::raw) then has the elements of the ABI in JSON:
/// this is also the way from the one form to the other.
///
/// # Errors
/// As [`parse_contract_abi`](crate::parse_contract_abi) and
/// [`parse_event_signature`](crate::parse_event_signature); the path begins with the line of the
/// item, `line 3`, and offsets count from the beginning of the item.
///
/// ```
/// use event_streamer_abi::{extract_abi_events, parse_human_abi};
///
/// let abi = parse_human_abi("
///     event Transfer(address indexed from, address indexed to, uint256 value);
///     function transfer(address to, uint256 value) external returns (bool);
///     error InsufficientBalance(uint256 available, uint256 required);
/// ")?;
/// assert_eq!((abi.events.len(), abi.functions.len(), abi.errors.len()), (1, 1, 1));
///
/// let json = serde_json::Value::from(abi.raw).to_string();
/// assert_eq!(extract_abi_events(&json)?[0].name, "Transfer");
///
/// let lines = r#"["event Paused()", {"type": "event", "name": "Unpaused"}]"#;
/// assert_eq!(parse_human_abi(lines)?.events.len(), 2);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub fn parse_human_abi(text: &str) -> Result<ContractAbi, AbiError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with(['[', '{', '"']) {
        return read_json(text);
    }
    read_lines(text)
}

fn read_json(text: &str) -> Result<ContractAbi, AbiError> {
    let mut abi = ContractAbi::default();
    for (index, value) in read_elements(text)?.into_iter().enumerate() {
        if let Value::String(line) = &value {
            let item: AbiItem = line
                .parse()
                .map_err(|error: AbiError| error.in_element(index))?;
            abi.add(item, Some(index))?;
        } else {
            abi.take(index, &value)?;
            abi.raw.push(value);
        }
    }
    Ok(abi)
}

fn read_lines(text: &str) -> Result<ContractAbi, AbiError> {
    if text.len() > MAX_HUMAN_ABI_BYTES {
        let message = format!(
            "the ABI is {} bytes long, more than {MAX_HUMAN_ABI_BYTES}",
            text.len()
        );
        return Err(AbiError::new(AbiErrorKind::Limit, message));
    }
    let mut abi = ContractAbi::default();
    let mut whole = Scanner::new(text);
    let mut line = 1;
    loop {
        let before = whole.rest();
        while whole.eat(';') {}
        if whole.peek().is_none() {
            break;
        }
        let rest = whole.rest();
        line += line_breaks(before, rest);
        // What the bound cuts off is refused below, if it belongs to this item.
        let window = rest.get(..rest.floor_char_boundary(MAX_SIGNATURE_BYTES));
        let window = window.unwrap_or_default();
        let mut scanner = Scanner::new(window);
        let item = item(&mut scanner);
        let read = scanner.at();
        if read == window.len() && window.len() < rest.len() {
            let message = format!("the signature is longer than {MAX_SIGNATURE_BYTES} bytes");
            return Err(AbiError::new(AbiErrorKind::Limit, message).in_line(line));
        }
        let item = item.map_err(|error| error.in_line(line))?;
        abi.add(item, None).map_err(|error| error.in_line(line))?;
        whole.skip(read);
        line += line_breaks(rest, whole.rest());
    }
    if abi.raw.is_empty() {
        return Err(AbiError::new(AbiErrorKind::Empty, "the ABI has no line"));
    }
    Ok(abi)
}

/// Line breaks in `text` before its end `rest`.
fn line_breaks(text: &str, rest: &str) -> usize {
    let read = text.strip_suffix(rest).unwrap_or_default();
    read.bytes().filter(|byte| *byte == b'\n').count()
}

impl ContractAbi {
    /// Every part of the contract as one would write it in Solidity, in the order of the fields.
    /// [`parse_human_abi`] reads them back.
    ///
    /// # Errors
    /// If a function takes or returns a type that only the source knows (`Lib.Set storage`), as
    /// external functions of libraries may.
    ///
    /// ```
    /// use event_streamer_abi::parse_contract_abi;
    ///
    /// let abi = parse_contract_abi(r#"[
    ///     {"type": "receive", "stateMutability": "payable"},
    ///     {"type": "error", "name": "Denied", "inputs": [{"name": "who", "type": "address"}]}
    /// ]"#)?;
    /// assert_eq!(abi.human_signatures()?, ["error Denied(address who)", "receive() payable"]);
    /// # Ok::<_, event_streamer_abi::AbiError>(())
    /// ```
    pub fn human_signatures(&self) -> Result<Vec<String>, AbiError> {
        let events = self.events.iter().map(human_signature);
        events
            .chain(self.functions.iter().map(AbiFunction::human_signature))
            .chain(self.errors.iter().map(AbiCustomError::human_signature))
            .chain(self.constructor.iter().map(AbiConstructor::human_signature))
            .chain(self.fallback.map(human_fallback).map(Ok))
            .chain(self.receive.map(|_| Ok(human_receive())))
            .collect()
    }

    /// Adds an item, and its JSON to the raw elements.
    fn add(&mut self, item: AbiItem, element: Option<usize>) -> Result<(), AbiError> {
        let json = item.to_json();
        let path = |what| Path::of_only(what, element);
        match item {
            AbiItem::Event(event) => self.events.push(event),
            AbiItem::Function(function) => self.functions.push(function),
            AbiItem::Error(error) => self.errors.push(error),
            AbiItem::Constructor(constructor) => set_once(
                &mut self.constructor,
                constructor,
                "constructor",
                &path("constructor"),
            )?,
            AbiItem::Fallback(mutability) => set_once(
                &mut self.fallback,
                mutability,
                "fallback function",
                &path("fallback"),
            )?,
            AbiItem::Receive(mutability) => set_once(
                &mut self.receive,
                mutability,
                "receive function",
                &path("receive"),
            )?,
        }
        self.raw.push(json);
        Ok(())
    }
}
