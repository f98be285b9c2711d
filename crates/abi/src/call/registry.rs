//! Many functions: which of them is called.

use super::function::FunctionDecoder;
use super::selectors::{Selectors, ambiguous};
use crate::decode::{DecodeError, DecodeErrorKind};
use crate::error::AbiError;
use crate::json::AbiFunction;

/// Finds the decoder of a call among those of many functions.
///
/// Four bytes tell functions apart, and two can have the same: one of another name by chance or on
/// purpose, or the same one with other names of its parameters. That is a result, never a guess.
///
/// ```
/// use event_streamer_abi::{AbiValue, FunctionRegistry, parse_contract_abi};
///
/// let abi = parse_contract_abi(r#"[
///     {"type": "function", "name": "burn", "inputs": [{"name": "amount", "type": "uint256"}]},
///     {"type": "function", "name": "pause", "inputs": []}
/// ]"#)?;
/// let registry = FunctionRegistry::from_functions(&abi.functions)?;
/// let call = [&[0x42, 0x96, 0x6c, 0x68][..], &[0; 31], &[7]].concat();
/// let function = registry.resolve(&call)?;
/// assert_eq!(function.signature(), "burn(uint256)");
/// assert_eq!(function.call().decode_json(&call)?, r#"{"amount":"7"}"#);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct FunctionRegistry {
    functions: Selectors<FunctionDecoder>,
    len: usize,
}

impl FunctionRegistry {
    /// One without functions.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Compiles these functions.
    ///
    /// # Errors
    /// As [`FunctionDecoder::new`].
    pub fn from_functions<'a>(
        functions: impl IntoIterator<Item = &'a AbiFunction>,
    ) -> Result<Self, AbiError> {
        let mut registry = Self::new();
        for function in functions {
            registry.insert(FunctionDecoder::new(function)?);
        }
        Ok(registry)
    }

    /// Adds a decoder. `false`, and nothing changes, if a function is there already that reads every
    /// call and every answer the same way.
    pub fn insert(&mut self, decoder: FunctionDecoder) -> bool {
        // Functions have one.
        let selector = decoder.call().selector().unwrap_or_default();
        let added = self.functions.insert(selector, decoder);
        self.len += usize::from(added);
        added
    }

    /// The functions that this can be a call of, in the order in which they were inserted.
    #[must_use]
    pub fn candidates(&self, data: &[u8]) -> &[FunctionDecoder] {
        self.functions.candidates(data)
    }

    /// The one function that this can be a call of.
    ///
    /// # Errors
    /// [`DecodeErrorKind::UnknownSelector`] if there is none,
    /// [`DecodeErrorKind::AmbiguousSelector`] if there are several.
    pub fn resolve(&self, data: &[u8]) -> Result<&FunctionDecoder, DecodeError> {
        match self.candidates(data) {
            [decoder] => Ok(decoder),
            [] => Err(DecodeError::new(DecodeErrorKind::UnknownSelector {
                found: data.first_chunk().copied(),
            })),
            several => Err(ambiguous(several.iter().map(FunctionDecoder::signature))),
        }
    }

    /// How many different functions there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All decoders, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = &FunctionDecoder> {
        self.functions.values()
    }
}
