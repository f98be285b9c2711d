//! Parameters that stand in plain data: of a call, an answer, revert data, a constructor.

use std::hash::Hash;
use std::sync::Arc;

use event_streamer_models::AbiInput;
use serde::Deserialize;

use super::error::{DecodeError, DecodeErrorKind};
use super::json::{all_or_nothing, json_object};
use super::parameters::Parameters;
use super::strictness::Strictness;
use crate::distinct::Alike;
use crate::encode::EncodeError;
use crate::error::AbiError;
use crate::path::Path;
use crate::resolve::resolve_parameters;
use crate::signature::{canonical, selector_of};
use crate::value::AbiValue;

/// Turns encoded parameters into values and back: the arguments of a call, what it returns, the
/// contents of an error, the arguments of a constructor.
///
/// Compiled once; cheap to clone, and shared between threads. JSON is written as
/// [`EventDecoder`](crate::EventDecoder) does, with nothing reserved: there is no metadata beside
/// it. Some begin with a selector of four bytes, others do not.
///
/// ```
/// use event_streamer_abi::{AbiValue, ParamsDecoder, parse_contract_abi};
///
/// let abi = parse_contract_abi(r#"[{"type": "constructor", "inputs": [
///     {"name": "name", "type": "string"}, {"name": "decimals", "type": "uint8"}
/// ]}]"#)?;
/// let arguments = ParamsDecoder::new(&abi.constructor.unwrap().inputs)?;
/// let data = arguments.encode(&[AbiValue::from("Coin"), AbiValue::from(18_u64)])?;
/// assert_eq!(arguments.decode_json(&data)?, r#"{"name":"Coin","decimals":"18"}"#);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct ParamsDecoder {
    compiled: Arc<Compiled>,
    strictness: Strictness,
}

#[derive(Debug)]
struct Compiled {
    name: String,
    signature: String,
    selector: Option<[u8; 4]>,
    parameters: Parameters,
}

impl ParamsDecoder {
    /// Compiles parameters that come without a selector.
    ///
    /// # Errors
    /// If a type is not one of the ABI, or a bound is exceeded.
    pub fn new(inputs: &[AbiInput]) -> Result<Self, AbiError> {
        Self::compile("", inputs, "inputs", &Path::of_only("parameters", None))
    }

    /// Compiles the parameters of a function or an error, in front of which its selector stands.
    pub(crate) fn with_selector(
        name: &str,
        inputs: &[AbiInput],
        path: &Path<'_>,
    ) -> Result<Self, AbiError> {
        let mut decoder = Self::compile(name, inputs, "inputs", path)?;
        if let Some(compiled) = Arc::get_mut(&mut decoder.compiled) {
            compiled.selector = Some(selector_of(&compiled.signature));
        }
        Ok(decoder)
    }

    /// Compiles the parameters in a list of what lies at `path`.
    pub(crate) fn compile(
        name: &str,
        inputs: &[AbiInput],
        list: &'static str,
        path: &Path<'_>,
    ) -> Result<Self, AbiError> {
        let types = resolve_parameters(inputs, list, path)?;
        let compiled = Compiled {
            name: name.to_owned(),
            signature: canonical(name, &types),
            selector: None,
            parameters: Parameters::of_data(inputs, types, path)?,
        };
        Ok(Self {
            compiled: Arc::new(compiled),
            strictness: Strictness::default(),
        })
    }

    /// The same decoder, more or less strict. The default is [`Strictness::Lenient`].
    #[must_use]
    pub fn with_strictness(mut self, strictness: Strictness) -> Self {
        self.strictness = strictness;
        self
    }

    /// Name of the function or error; empty if it has none.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.compiled.name
    }

    /// Name and types: `transfer(address,uint256)`.
    #[must_use]
    pub fn signature(&self) -> &str {
        &self.compiled.signature
    }

    /// The four bytes in front of the parameters, if there are any.
    #[must_use]
    pub fn selector(&self) -> Option<[u8; 4]> {
        self.compiled.selector
    }

    /// The key of each parameter in the JSON, in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> {
        self.compiled.parameters.keys().map(|(key, _)| key)
    }

    /// Appends the parameters as JSON, without braces: `"to":"0x..","value":"1"`.
    ///
    /// # Errors
    /// If the data does not begin with the selector, or is not that of the parameters. `out` is then
    /// as it was before.
    pub fn write_params(&self, data: &[u8], out: &mut Vec<u8>) -> Result<(), DecodeError> {
        all_or_nothing(out, |out| self.write(data, out))
    }

    /// The parameters as a JSON object.
    ///
    /// # Errors
    /// As [`write_params`](Self::write_params).
    pub fn decode_json(&self, data: &[u8]) -> Result<String, DecodeError> {
        json_object(|out| self.write(data, out))
    }

    /// The values in order.
    ///
    /// # Errors
    /// As [`write_params`](Self::write_params).
    pub fn decode_values(&self, data: &[u8]) -> Result<Vec<AbiValue>, DecodeError> {
        let data = self.own_data(data)?;
        self.compiled.parameters.values(&[], data, self.strictness)
    }

    /// The parameters as any type that `serde` can fill; see
    /// [`EventDecoder::decode_as`](crate::EventDecoder::decode_as).
    ///
    /// # Errors
    /// As [`write_params`](Self::write_params), and [`DecodeErrorKind::Target`] if the type does not
    /// take a value.
    pub fn decode_as<'de, T: Deserialize<'de>>(&self, data: &'de [u8]) -> Result<T, DecodeError> {
        let data = self.own_data(data)?;
        self.compiled
            .parameters
            .deserialize(&[], data, self.strictness)
    }

    /// The selector, if there is one, and the encoded values.
    ///
    /// # Errors
    /// If there are more or fewer values than parameters, or one is not of its parameter's type.
    pub fn encode(&self, values: &[AbiValue]) -> Result<Vec<u8>, EncodeError> {
        let (_, encoded) = self.compiled.parameters.encode(values)?;
        let mut data = Vec::from(self.compiled.selector.as_ref().map_or(&[][..], |s| &s[..]));
        data.extend(encoded);
        Ok(data)
    }

    fn write(&self, data: &[u8], out: &mut Vec<u8>) -> Result<(), DecodeError> {
        let data = self.own_data(data)?;
        self.compiled
            .parameters
            .write_json(&[], data, self.strictness, out)
    }

    /// The data behind the selector.
    fn own_data<'a>(&self, data: &'a [u8]) -> Result<&'a [u8], DecodeError> {
        let Some(expected) = self.compiled.selector else {
            return Ok(data);
        };
        match data.split_first_chunk() {
            Some((found, data)) if *found == expected => Ok(data),
            found => Err(DecodeError::new(DecodeErrorKind::Selector {
                found: found.map(|(found, _)| *found),
                expected,
            })),
        }
    }
}

/// Alike are decoders that make the same of all data.
impl Alike for ParamsDecoder {
    fn likeness(&self) -> impl Hash {
        self.compiled.parameters.likeness()
    }

    fn is_like(&self, other: &Self) -> bool {
        let (own, others) = (&*self.compiled, &*other.compiled);
        own.selector == others.selector
            && own.signature == others.signature
            && own.parameters.likeness() == others.parameters.likeness()
            && self.strictness == other.strictness
    }
}
