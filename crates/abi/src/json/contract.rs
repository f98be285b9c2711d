//! A whole contract: everything that its ABI has.

use event_streamer_models::{AbiEvent, AbiInput};
use serde_json::Value;

use super::document::read_elements;
use super::element::{Element, Object, read_bool, read_name, read_parameters};
use super::library::check_function_type;
use super::value::kind_of;
use crate::error::{AbiError, AbiErrorKind, quoted};
use crate::path::Path;
use crate::resolve::{check_identifier, resolve_parameters};
use crate::signature::{canonical, selector_of};

/// What the ABI of a contract says, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ContractAbi {
    /// The events; several of one name are overloads.
    pub events: Vec<AbiEvent>,
    /// The functions; several of one name are overloads.
    pub functions: Vec<AbiFunction>,
    /// The custom errors; several of one name are overloads.
    pub errors: Vec<AbiCustomError>,
    /// The constructor, if it is not the implicit one.
    pub constructor: Option<AbiConstructor>,
    /// What runs when no function matches; only its mutability is known.
    pub fallback: Option<StateMutability>,
    /// What runs on plain transfers of ether; only its mutability is known.
    pub receive: Option<StateMutability>,
    /// Every element as it was read, those of unknown `type` too.
    pub raw: Vec<Value>,
}

/// A function of a contract.
#[derive(Debug, Clone, PartialEq)]
pub struct AbiFunction {
    /// Its name.
    pub name: String,
    /// What it takes.
    pub inputs: Vec<AbiInput>,
    /// What it returns.
    pub outputs: Vec<AbiInput>,
    /// What it may do.
    pub state_mutability: StateMutability,
}

/// An error that a contract reverts with.
#[derive(Debug, Clone, PartialEq)]
pub struct AbiCustomError {
    /// Its name.
    pub name: String,
    /// What it carries.
    pub inputs: Vec<AbiInput>,
}

/// The constructor of a contract.
#[derive(Debug, Clone, PartialEq)]
pub struct AbiConstructor {
    /// What it takes.
    pub inputs: Vec<AbiInput>,
    /// Whether it takes ether.
    pub state_mutability: StateMutability,
}

/// What running a piece of a contract may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StateMutability {
    /// Neither reads nor changes the chain.
    Pure,
    /// Reads the chain.
    View,
    /// Changes the chain, takes no ether.
    #[default]
    NonPayable,
    /// Changes the chain and takes ether.
    Payable,
}

impl StateMutability {
    /// As it stands in an ABI: `pure`, `view`, `nonpayable`, `payable`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pure => "pure",
            Self::View => "view",
            Self::NonPayable => "nonpayable",
            Self::Payable => "payable",
        }
    }
}

impl AbiFunction {
    /// `transfer(address,uint256)`
    ///
    /// # Errors
    /// If a type is not one of the ABI: external functions of libraries take references to storage,
    /// contracts and enums, whose names in the ABI are not always those in their signature.
    pub fn signature(&self) -> Result<String, AbiError> {
        let path = Path::of_single("function", &self.name);
        Ok(canonical(
            &self.name,
            &resolve_parameters(&self.inputs, "inputs", &path)?,
        ))
    }

    /// The first four bytes of a call: the beginning of the hash of the signature.
    ///
    /// # Errors
    /// As [`signature`](Self::signature).
    ///
    /// ```
    /// # use event_streamer_abi::parse_contract_abi;
    /// let abi = parse_contract_abi(r#"[{"type": "function", "name": "transfer", "inputs":
    ///     [{"name": "to", "type": "address"}, {"name": "value", "type": "uint256"}]}]"#)?;
    /// assert_eq!(abi.functions[0].selector()?, [0xa9, 0x05, 0x9c, 0xbb]);
    /// # Ok::<_, event_streamer_abi::AbiError>(())
    /// ```
    pub fn selector(&self) -> Result<[u8; 4], AbiError> {
        self.signature().map(|signature| selector_of(&signature))
    }
}

impl AbiCustomError {
    /// `InsufficientBalance(address,uint256)`
    ///
    /// # Errors
    /// If a type is not Solidity's; not of errors that were read from an ABI.
    pub fn signature(&self) -> Result<String, AbiError> {
        let path = Path::of_single("error", &self.name);
        Ok(canonical(
            &self.name,
            &resolve_parameters(&self.inputs, "inputs", &path)?,
        ))
    }

    /// The first four bytes of the revert data: the beginning of the hash of the signature.
    ///
    /// # Errors
    /// As [`signature`](Self::signature).
    pub fn selector(&self) -> Result<[u8; 4], AbiError> {
        self.signature().map(|signature| selector_of(&signature))
    }
}

/// Everything that the ABI of a contract has.
///
/// `json` as for [`extract_abi_events`](crate::extract_abi_events). Elements of an unknown `type`
/// are kept in [`raw`](ContractAbi::raw) only.
///
/// # Errors
/// If the document is not an ABI or an element of a known `type` is faulty: the error names the
/// element and the place in it. Library functions may take types that only Solidity knows
/// (`Lib.Set storage`, `IERC20`).
///
/// ```
/// use event_streamer_abi::parse_contract_abi;
///
/// let abi = parse_contract_abi(r#"[
///     {"type": "event", "name": "Paused", "inputs": []},
///     {"type": "function", "name": "pause", "inputs": []},
///     {"type": "function", "name": "pause", "inputs": [{"name": "until", "type": "uint64"}]},
///     {"type": "receive", "stateMutability": "payable"}
/// ]"#)?;
/// assert_eq!((abi.events.len(), abi.functions.len(), abi.raw.len()), (1, 2, 4));
/// assert!(abi.receive.is_some() && abi.fallback.is_none());
/// # Ok::<_, event_streamer_abi::AbiError>(())
/// ```
pub fn parse_contract_abi(json: &str) -> Result<ContractAbi, AbiError> {
    let elements = read_elements(json)?;
    let mut abi = ContractAbi::default();
    for (index, value) in elements.iter().enumerate() {
        abi.take(index, value)?;
    }
    abi.raw = elements;
    Ok(abi)
}

impl ContractAbi {
    /// Adds an element, except to the raw ones.
    pub(crate) fn take(&mut self, index: usize, value: &Value) -> Result<(), AbiError> {
        let element = Element::new(index, value)?;
        match element.kind {
            "event" => self.events.push(element.read_event(self.events.len())?),
            "function" => {
                let path = element.path("functions", self.functions.len());
                self.functions.push(read_function(element.fields, &path)?);
            }
            "error" => {
                let path = element.path("errors", self.errors.len());
                self.errors.push(read_error(element.fields, &path)?);
            }
            "constructor" => {
                let path = element.only_path("constructor");
                let constructor = read_constructor(element.fields, &path)?;
                set_once(&mut self.constructor, constructor, "constructor", &path)?;
            }
            "fallback" => {
                let path = element.only_path("fallback");
                let mutability = read_mutability(element.fields, &path)?;
                set_once(&mut self.fallback, mutability, "fallback function", &path)?;
            }
            "receive" => {
                let path = element.only_path("receive");
                let mutability = read_mutability(element.fields, &path)?;
                set_once(&mut self.receive, mutability, "receive function", &path)?;
            }
            _ => {}
        }
        Ok(())
    }
}

fn read_function(fields: &Object, path: &Path<'_>) -> Result<AbiFunction, AbiError> {
    let name = read_name(fields, "function", path)?;
    check_identifier(name, "the name of a function", path)?;
    let function = AbiFunction {
        name: name.to_owned(),
        inputs: read_parameters(fields, "inputs", path)?,
        outputs: read_parameters(fields, "outputs", path)?,
        state_mutability: read_mutability(fields, path)?,
    };
    check_function_types(&function.inputs, "inputs", path)?;
    check_function_types(&function.outputs, "outputs", path)?;
    Ok(function)
}

fn check_function_types(
    parameters: &[AbiInput],
    list: &'static str,
    path: &Path<'_>,
) -> Result<(), AbiError> {
    let mut parameters = parameters.iter().enumerate();
    parameters
        .try_for_each(|(nth, parameter)| check_function_type(parameter, &path.parameter(list, nth)))
}

fn read_error(fields: &Object, path: &Path<'_>) -> Result<AbiCustomError, AbiError> {
    let name = read_name(fields, "error", path)?;
    check_identifier(name, "the name of an error", path)?;
    let inputs = read_parameters(fields, "inputs", path)?;
    resolve_parameters(&inputs, "inputs", path)?;
    Ok(AbiCustomError {
        name: name.to_owned(),
        inputs,
    })
}

fn read_constructor(fields: &Object, path: &Path<'_>) -> Result<AbiConstructor, AbiError> {
    let inputs = read_parameters(fields, "inputs", path)?;
    resolve_parameters(&inputs, "inputs", path)?;
    Ok(AbiConstructor {
        inputs,
        state_mutability: read_mutability(fields, path)?,
    })
}

/// `stateMutability`, or what compilers before Solidity 0.5 wrote in its place.
fn read_mutability(fields: &Object, path: &Path<'_>) -> Result<StateMutability, AbiError> {
    let fault = |message: String| AbiError::at(AbiErrorKind::Element, path, message);
    match fields.get("stateMutability") {
        Some(Value::String(text)) => match text.as_str() {
            "pure" => Ok(StateMutability::Pure),
            "view" => Ok(StateMutability::View),
            "nonpayable" => Ok(StateMutability::NonPayable),
            "payable" => Ok(StateMutability::Payable),
            other => Err(fault(format!(
                "`stateMutability` is {}, expected pure, view, nonpayable or payable",
                quoted(other)
            ))),
        },
        None | Some(Value::Null) => {
            let payable =
                read_bool(fields, "payable", AbiErrorKind::Element, path)?.unwrap_or(false);
            let constant =
                read_bool(fields, "constant", AbiErrorKind::Element, path)?.unwrap_or(false);
            Ok(match (payable, constant) {
                (true, _) => StateMutability::Payable,
                (false, true) => StateMutability::View,
                (false, false) => StateMutability::NonPayable,
            })
        }
        Some(other) => Err(fault(format!(
            "`stateMutability` is {}, expected a string",
            kind_of(other)
        ))),
    }
}

/// Fills a place that a contract has once.
pub(crate) fn set_once<T>(
    place: &mut Option<T>,
    value: T,
    what: &str,
    path: &Path<'_>,
) -> Result<(), AbiError> {
    if place.is_some() {
        return Err(AbiError::at(
            AbiErrorKind::Element,
            path,
            format!("a second {what}"),
        ));
    }
    *place = Some(value);
    Ok(())
}
