//! One function.

use std::hash::Hash;

use crate::decode::{ParamsDecoder, Strictness};
use crate::distinct::Alike;
use crate::error::AbiError;
use crate::json::AbiFunction;
use crate::path::Path;
use crate::resolve::check_identifier;

/// The calls of one function, and what they return.
///
/// ```
/// use event_streamer_abi::{AbiValue, FunctionDecoder, parse_contract_abi};
///
/// let abi = parse_contract_abi(r#"[{"type": "function", "name": "balanceOf",
///     "inputs": [{"name": "owner", "type": "address"}],
///     "outputs": [{"name": "", "type": "uint256"}]}]"#)?;
/// let function = FunctionDecoder::new(&abi.functions[0])?;
///
/// let call = function.call().encode(&[AbiValue::Address([0xaa; 20].into())])?;
/// assert_eq!(call[..4], [0x70, 0xa0, 0x82, 0x31]);
/// assert!(function.call().decode_json(&call)?.starts_with(r#"{"owner":"0xaaaa"#));
///
/// let answer = [[0; 31].as_slice(), &[7]].concat();
/// let (balance,): (u64,) = function.returns().decode_as(&answer)?;
/// assert_eq!(balance, 7);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct FunctionDecoder {
    call: ParamsDecoder,
    returns: ParamsDecoder,
}

impl FunctionDecoder {
    /// Compiles a function.
    ///
    /// # Errors
    /// If its name is no identifier, a type is not one of the ABI (library functions may take
    /// references to storage), or a bound is exceeded.
    pub fn new(function: &AbiFunction) -> Result<Self, AbiError> {
        let path = Path::of_single("function", &function.name);
        check_identifier(&function.name, "the name of a function", &path)?;
        Ok(Self {
            call: ParamsDecoder::with_selector(&function.name, &function.inputs, &path)?,
            returns: ParamsDecoder::compile("", &function.outputs, "outputs", &path)?,
        })
    }

    /// The same decoder, more or less strict. The default is [`Strictness::Lenient`].
    #[must_use]
    pub fn with_strictness(mut self, strictness: Strictness) -> Self {
        self.call = self.call.with_strictness(strictness);
        self.returns = self.returns.with_strictness(strictness);
        self
    }

    /// Name of the function.
    #[must_use]
    pub fn name(&self) -> &str {
        self.call.name()
    }

    /// The canonical signature: `transfer(address,uint256)`.
    #[must_use]
    pub fn signature(&self) -> &str {
        self.call.signature()
    }

    /// What a call consists of: the selector and the arguments.
    #[must_use]
    pub fn call(&self) -> &ParamsDecoder {
        &self.call
    }

    /// What it returns. Data of a call that reverted is something else: see
    /// [`RevertDecoder`](crate::RevertDecoder).
    #[must_use]
    pub fn returns(&self) -> &ParamsDecoder {
        &self.returns
    }
}

/// Alike are decoders that make the same of every call and every answer.
impl Alike for FunctionDecoder {
    fn likeness(&self) -> impl Hash {
        (self.call.likeness(), self.returns.likeness())
    }

    fn is_like(&self, other: &Self) -> bool {
        self.call.is_like(&other.call) && self.returns.is_like(&other.returns)
    }
}
