//! Why a call reverted.

use std::fmt;

use event_streamer_models::U256;

use super::panic::panic_reason;
use super::selectors::{Selectors, ambiguous};
use crate::decode::{DecodeError, ParamsDecoder, Strictness, decode_code, decode_message};
use crate::error::{AbiError, excerpt_of};
use crate::json::AbiCustomError;
use crate::path::Path;
use crate::resolve::check_identifier;
use crate::value::AbiValue;

/// `Error(string)`
const ERROR: [u8; 4] = [0x08, 0xc3, 0x79, 0xa0];
/// `Panic(uint256)`
const PANIC: [u8; 4] = [0x4e, 0x48, 0x7b, 0x71];

/// Reads what a call returned that reverted: Solidity's own errors, and those of a contract.
///
/// ```
/// use event_streamer_abi::{Revert, RevertDecoder, parse_contract_abi};
///
/// let abi = parse_contract_abi(r#"[{"type": "error", "name": "Unauthorized",
///     "inputs": [{"name": "who", "type": "address"}]}]"#)?;
/// let decoder = RevertDecoder::new(&abi.errors)?;
///
/// let panic = [&[0x4e, 0x48, 0x7b, 0x71][..], &[0; 31], &[0x12]].concat();
/// assert_eq!(decoder.decode(&panic)?.to_string(), "panic 0x12: division or modulo by zero");
///
/// let custom = [&[0x8e, 0x4a, 0x23, 0xd6][..], &[0; 32]].concat();
/// let Revert::Custom { error, values } = decoder.decode(&custom)? else { panic!() };
/// assert_eq!((error.signature(), values.len()), ("Unauthorized(address)", 1));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct RevertDecoder {
    errors: Selectors<ParamsDecoder>,
}

/// Why a call reverted.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Revert<'a> {
    /// No reason was given.
    Empty,
    /// `require(.., "message")` or `revert("message")`: `Error(string)`. A
    /// [`String`](AbiValue::String), unless it is not UTF-8.
    Message(AbiValue),
    /// An assertion, or a check of the compiler: `Panic(uint256)`; [`panic_reason`] says which.
    Panic(U256),
    /// An error of the contract.
    Custom {
        /// The error.
        error: &'a ParamsDecoder,
        /// What it carries.
        values: Vec<AbiValue>,
    },
    /// An error that is not known.
    Unknown,
}

impl RevertDecoder {
    /// Compiles the errors of a contract.
    ///
    /// # Errors
    /// If one is faulty; not if they were read from an ABI.
    pub fn new<'a>(errors: impl IntoIterator<Item = &'a AbiCustomError>) -> Result<Self, AbiError> {
        let mut decoder = Self::default();
        for error in errors {
            decoder.add(error)?;
        }
        Ok(decoder)
    }

    fn add(&mut self, error: &AbiCustomError) -> Result<(), AbiError> {
        let path = Path::of_single("error", &error.name);
        check_identifier(&error.name, "the name of an error", &path)?;
        let params = ParamsDecoder::with_selector(&error.name, &error.inputs, &path)?;
        // Errors have one.
        let selector = params.selector().unwrap_or_default();
        self.errors.insert(selector, params);
        Ok(())
    }

    /// What the data that a call reverted with says.
    ///
    /// # Errors
    /// If the error is known and the data is not its own; if several errors have the selector, and
    /// not exactly one of them takes the data strictly.
    pub fn decode(&self, data: &[u8]) -> Result<Revert<'_>, DecodeError> {
        if data.is_empty() {
            return Ok(Revert::Empty);
        }
        match data.split_first_chunk() {
            Some((&ERROR, data)) => decode_message(data).map(Revert::Message),
            Some((&PANIC, data)) => decode_code(data).map(Revert::Panic),
            _ => self.decode_custom(data),
        }
    }

    fn decode_custom(&self, data: &[u8]) -> Result<Revert<'_>, DecodeError> {
        let candidates = self.errors.candidates(data);
        if let [error] = candidates {
            let values = error.decode_values(data)?;
            return Ok(Revert::Custom { error, values });
        }
        let strictly = |error: &ParamsDecoder| {
            let strict = error.clone().with_strictness(Strictness::Strict);
            strict.decode_values(data).ok()
        };
        let mut fitting = candidates
            .iter()
            .filter_map(|error| Some((error, strictly(error)?)));
        match (fitting.next(), fitting.next()) {
            (Some((error, values)), None) => Ok(Revert::Custom { error, values }),
            _ if candidates.is_empty() => Ok(Revert::Unknown),
            _ => Err(ambiguous(candidates.iter().map(ParamsDecoder::signature))),
        }
    }
}

impl fmt::Display for Revert<'_> {
    /// What happened, for people. The values of custom errors are left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("reverted without a reason"),
            Self::Message(message) => match message.as_str() {
                Some(text) => f.write_str(&excerpt_of(text, LONGEST_MESSAGE)),
                None => f.write_str("reverted with a message that is not UTF-8"),
            },
            Self::Panic(code) => {
                let reason = panic_reason(*code).unwrap_or("of a code that Solidity does not have");
                match u64::try_from(*code) {
                    Ok(code) => write!(f, "panic {code:#04x}: {reason}"),
                    Err(_) => write!(f, "panic {code}: {reason}"),
                }
            }
            Self::Custom { error, .. } => f.write_str(error.signature()),
            Self::Unknown => f.write_str("reverted with an error that is not known"),
        }
    }
}

/// Characters of a contract's message that are shown.
const LONGEST_MESSAGE: usize = 400;
