//! Reading signatures.

use event_streamer_models::{AbiEvent, AbiInput};

use super::item::AbiItem;
use super::modifiers::{Modifiers, Returns};
use super::parameters::{self, Owner};
use super::scanner::Scanner;
use crate::error::{AbiError, AbiErrorKind};
use crate::json::{AbiConstructor, AbiCustomError, AbiFunction, StateMutability};
use crate::limits::MAX_SIGNATURE_BYTES;
use crate::path::Path;
use crate::resolve::{check_identifier, resolve_event, resolve_parameters};

/// Reads an event as one writes it in Solidity.
///
/// `event` in front, names, and the semicolon are optional; spaces, line breaks and comments may
/// stand anywhere between words. Tuples are `(..)` or `tuple(..)`, with or without names inside.
/// Aliases are resolved (`uint` becomes `uint256`). Without `indexed` no parameter is indexed: that
/// cannot be seen from a canonical signature, and decoding needs it.
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
    whole(text, |scanner| {
        let name = name(scanner, "event", "the name of an event")?;
        event(scanner, name)
    })
}

/// Reads a function as one writes it in Solidity: `function balanceOf(address owner) view returns
/// (uint256)`.
///
/// As [`parse_event_signature`]; `function` in front is optional. Visibility, `virtual`, `override`
/// and where a value is kept (`memory`, `calldata`) are read and make no difference.
///
/// # Errors
/// As [`parse_event_signature`]. What is `internal` or `private` cannot be called from outside and
/// is refused, and so are types that only the source knows (`IERC20`, `Lib.Set storage`).
///
/// ```
/// use event_streamer_abi::{StateMutability, parse_function_signature};
///
/// let function = parse_function_signature(
///     "function transfer(address to, uint value) external returns (bool)",
/// )?;
/// assert_eq!(function.signature()?, "transfer(address,uint256)");
/// assert_eq!(function.selector()?, [0xa9, 0x05, 0x9c, 0xbb]);
/// assert_eq!(function.state_mutability, StateMutability::NonPayable);
/// assert_eq!(function.outputs[0].ty, "bool");
/// # Ok::<_, event_streamer_abi::AbiError>(())
/// ```
pub fn parse_function_signature(text: &str) -> Result<AbiFunction, AbiError> {
    whole(text, |scanner| {
        let name = name(scanner, "function", "the name of a function")?;
        function(scanner, name)
    })
}

/// Reads a custom error as one writes it in Solidity: `error InsufficientBalance(uint256 available,
/// uint256 required)`.
///
/// As [`parse_event_signature`]; `error` in front is optional.
///
/// # Errors
/// As [`parse_event_signature`].
///
/// ```
/// use event_streamer_abi::parse_error_signature;
///
/// let error = parse_error_signature("error OwnableUnauthorizedAccount(address account)")?;
/// assert_eq!(error.selector()?, [0x11, 0x8c, 0xda, 0xa7]);
/// # Ok::<_, event_streamer_abi::AbiError>(())
/// ```
pub fn parse_error_signature(text: &str) -> Result<AbiCustomError, AbiError> {
    whole(text, |scanner| {
        let name = name(scanner, "error", "the name of an error")?;
        custom_error(scanner, name)
    })
}

impl std::str::FromStr for AbiItem {
    type Err = AbiError;

    /// Reads one part of a contract. The first word says which: `event`, `function`, `error`,
    /// `constructor`, `fallback` or `receive`.
    fn from_str(text: &str) -> Result<Self, AbiError> {
        whole(text, item)
    }
}

/// One item and nothing else, but for a semicolon.
fn whole<'a, T>(
    text: &'a str,
    read: impl FnOnce(&mut Scanner<'a>) -> Result<T, AbiError>,
) -> Result<T, AbiError> {
    if text.len() > MAX_SIGNATURE_BYTES {
        let message = format!(
            "the signature is {} bytes long, more than {MAX_SIGNATURE_BYTES}",
            text.len()
        );
        return Err(AbiError::new(AbiErrorKind::Limit, message));
    }
    let mut scanner = Scanner::new(text);
    let item = read(&mut scanner)?;
    scanner.eat(';');
    if scanner.peek().is_some() {
        return Err(scanner.fault("the end"));
    }
    Ok(item)
}

/// The next item, with the word that says what it is.
pub(super) fn item(scanner: &mut Scanner<'_>) -> Result<AbiItem, AbiError> {
    let before = scanner.at();
    let word = scanner.word();
    match word {
        "event" => {
            let name = next_name(scanner, "the name of an event")?;
            event(scanner, name).map(AbiItem::Event)
        }
        "function" => {
            let name = next_name(scanner, "the name of a function")?;
            function(scanner, name).map(AbiItem::Function)
        }
        "error" => {
            let name = next_name(scanner, "the name of an error")?;
            custom_error(scanner, name).map(AbiItem::Error)
        }
        "constructor" => constructor(scanner).map(AbiItem::Constructor),
        "fallback" => fallback(scanner).map(AbiItem::Fallback),
        "receive" => receive(scanner).map(AbiItem::Receive),
        _ => {
            scanner.back_to(before);
            let expected = "`event`, `function`, `error`, `constructor`, `fallback` or `receive`";
            Err(scanner.fault(expected))
        }
    }
}

/// A name, after a keyword that may be missing, or be the name itself.
fn name<'a>(scanner: &mut Scanner<'a>, keyword: &str, expected: &str) -> Result<&'a str, AbiError> {
    let word = scanner.word();
    if word.is_empty() {
        return Err(scanner.fault(expected));
    }
    if word == keyword && scanner.peek() != Some('(') {
        return next_name(scanner, expected);
    }
    Ok(word)
}

fn next_name<'a>(scanner: &mut Scanner<'a>, expected: &str) -> Result<&'a str, AbiError> {
    let name = scanner.word();
    if name.is_empty() {
        return Err(scanner.fault(expected));
    }
    Ok(name)
}

fn event(scanner: &mut Scanner<'_>, name: &str) -> Result<AbiEvent, AbiError> {
    let inputs = parameters::read(scanner, Owner::Event)?;
    let anonymous = scanner.eat_word("anonymous");
    let expected = if anonymous {
        "the end"
    } else {
        "`anonymous` or the end"
    };
    ended(scanner, expected)?;
    let event = AbiEvent::new(name, inputs).with_anonymous(anonymous);
    resolve_event(&event, &Path::of_single("event", name))?;
    Ok(event)
}

fn function(scanner: &mut Scanner<'_>, name: &str) -> Result<AbiFunction, AbiError> {
    let inputs = parameters::read(scanner, Owner::Function)?;
    let modifiers = Modifiers::read(scanner, Returns::Allowed)?;
    ended(
        scanner,
        "`external`, `public`, `pure`, `view`, `payable`, `returns` or the end",
    )?;
    let path = Path::of_single("function", name);
    check_identifier(name, "the name of a function", &path)?;
    resolve_parameters(&inputs, "inputs", &path)?;
    resolve_parameters(&modifiers.outputs, "outputs", &path)?;
    Ok(AbiFunction {
        name: name.to_owned(),
        inputs,
        outputs: modifiers.outputs,
        state_mutability: modifiers.mutability.unwrap_or_default(),
    })
}

fn custom_error(scanner: &mut Scanner<'_>, name: &str) -> Result<AbiCustomError, AbiError> {
    let inputs = parameters::read(scanner, Owner::ErrorOrTuple)?;
    ended(scanner, "the end")?;
    let path = Path::of_single("error", name);
    check_identifier(name, "the name of an error", &path)?;
    resolve_parameters(&inputs, "inputs", &path)?;
    Ok(AbiCustomError {
        name: name.to_owned(),
        inputs,
    })
}

fn constructor(scanner: &mut Scanner<'_>) -> Result<AbiConstructor, AbiError> {
    let inputs = parameters::read(scanner, Owner::Function)?;
    let modifiers = Modifiers::read(scanner, Returns::Never)?;
    let is_possible = matches!(
        modifiers.mutability,
        None | Some(StateMutability::NonPayable | StateMutability::Payable)
    );
    if !is_possible {
        return Err(scanner.fault("a constructor that is neither `pure` nor `view`"));
    }
    ended(scanner, "`public`, `payable` or the end")?;
    resolve_parameters(&inputs, "inputs", &Path::of_only("constructor", None))?;
    Ok(AbiConstructor {
        inputs,
        state_mutability: modifiers.mutability.unwrap_or_default(),
    })
}

/// `fallback()`, or `fallback(bytes calldata input) returns (bytes memory output)`.
fn fallback(scanner: &mut Scanner<'_>) -> Result<StateMutability, AbiError> {
    let inputs = parameters::read(scanner, Owner::Function)?;
    let modifiers = Modifiers::read(scanner, Returns::Allowed)?;
    let are_bytes = |list: &[AbiInput]| match list {
        [] => true,
        [one] => one.ty == "bytes",
        _ => false,
    };
    if !are_bytes(&inputs) || !are_bytes(&modifiers.outputs) {
        return Err(scanner.fault("a fallback that takes and returns nothing but `bytes`"));
    }
    ended(scanner, "`external`, `payable`, `returns` or the end")?;
    Ok(modifiers.mutability.unwrap_or_default())
}

/// Receiving ether is all it does, so that `payable` need not be written.
fn receive(scanner: &mut Scanner<'_>) -> Result<StateMutability, AbiError> {
    scanner.expect('(')?;
    scanner.expect(')')?;
    let modifiers = Modifiers::read(scanner, Returns::Never)?;
    match modifiers.mutability {
        None | Some(StateMutability::Payable) => {
            ended(scanner, "`external`, `payable` or the end")?;
            Ok(StateMutability::Payable)
        }
        Some(_) => Err(scanner.fault("a receive function that is `payable`")),
    }
}

/// Words that an item begins with: behind a line break there may be another one.
const KEYWORDS: [&str; 6] = [
    "event",
    "function",
    "error",
    "constructor",
    "fallback",
    "receive",
];

/// That no word follows which does not begin another item.
fn ended(scanner: &mut Scanner<'_>, expected: &str) -> Result<(), AbiError> {
    let before = scanner.at();
    let word = scanner.word();
    scanner.back_to(before);
    if word.is_empty() || KEYWORDS.contains(&word) {
        return Ok(());
    }
    Err(scanner.fault(expected))
}
