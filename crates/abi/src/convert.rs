//! Conversion to and from the types of `ethabi`.
//!
//! `ethabi` has no fixed-point numbers and no function types, no names inside tuples, and of a
//! contract neither the order of its elements nor the mutability of constructor and fallback. What
//! cannot be converted without another meaning is refused ([`AbiErrorKind::Unsupported`]); what is
//! merely not there is missing after a round trip.

use std::collections::BTreeMap;

use ethabi::{Constructor, Contract, Event, EventParam, Function, Param, ParamType};
use event_streamer_models::{AbiEvent, AbiInput};

use crate::decode::EventDecoder;
use crate::error::{AbiError, AbiErrorKind};
use crate::json::{AbiConstructor, AbiCustomError, AbiFunction, ContractAbi, StateMutability};
use crate::limits::{MAX_ARRAY_DIMENSIONS, MAX_TUPLE_DEPTH};
use crate::path::Path;
use crate::resolve::{check_identifier, resolve_event, resolve_parameter, resolve_parameters};
use crate::types::{AbiType, WordType};

/// The event as `ethabi` has it. Unnamed parameters get the empty name.
///
/// Beware of `ethabi` 18 there: it looks parameters up by name, and gives every unnamed one the
/// value of the last.
///
/// # Errors
/// If the event is faulty, or has a type that `ethabi` does not know.
///
/// ```
/// use event_streamer_abi::{event_to_ethabi, event_topic0, parse_event_signature};
///
/// let event = parse_event_signature("event Paid(address indexed to, (uint256 id, bytes4 tag)[] items)")?;
/// let theirs = event_to_ethabi(&event)?;
/// assert_eq!(theirs.signature().as_bytes(), event_topic0(&event)?.unwrap().as_bytes());
/// # Ok::<_, event_streamer_abi::AbiError>(())
/// ```
pub fn event_to_ethabi(event: &AbiEvent) -> Result<Event, AbiError> {
    let path = Path::of_single("event", &event.name);
    let types = resolve_event(event, &path)?;
    let mut inputs = Vec::with_capacity(types.len());
    for (nth, (input, ty)) in event.inputs.iter().zip(&types).enumerate() {
        let kind = kind_of(ty, &path.parameter("inputs", nth))?;
        inputs.push(EventParam {
            name: own_name(input),
            kind,
            indexed: input.is_indexed(),
        });
    }
    Ok(Event {
        name: event.name.clone(),
        inputs,
        anonymous: event.anonymous,
    })
}

/// An event of `ethabi` as ours.
///
/// # Errors
/// If it is none that a contract can have: `ethabi` accepts `uint7`, `bytes33` and empty tuples.
///
/// ```
/// use ethabi::{Event, EventParam, ParamType};
/// use event_streamer_abi::{canonical_signature, event_from_ethabi};
///
/// let theirs = Event {
///     name: "Paid".to_owned(),
///     inputs: vec![EventParam { name: "to".to_owned(), kind: ParamType::Address, indexed: true }],
///     anonymous: false,
/// };
/// assert_eq!(canonical_signature(&event_from_ethabi(&theirs)?)?, "Paid(address)");
/// # Ok::<_, event_streamer_abi::AbiError>(())
/// ```
pub fn event_from_ethabi(event: &Event) -> Result<AbiEvent, AbiError> {
    let path = Path::of_single("event", &event.name);
    let mut inputs = Vec::with_capacity(event.inputs.len());
    for (nth, input) in event.inputs.iter().enumerate() {
        let mut parameter = parameter_of(&input.name, &input.kind, &path.parameter("inputs", nth))?;
        parameter.indexed = Some(input.indexed);
        inputs.push(parameter);
    }
    let event = AbiEvent::new(event.name.clone(), inputs).with_anonymous(event.anonymous);
    resolve_event(&event, &path)?;
    Ok(event)
}

impl TryFrom<&Event> for EventDecoder {
    type Error = AbiError;

    fn try_from(event: &Event) -> Result<Self, AbiError> {
        Self::new(&event_from_ethabi(event)?)
    }
}

impl TryFrom<&AbiFunction> for Function {
    type Error = AbiError;

    fn try_from(function: &AbiFunction) -> Result<Self, AbiError> {
        let path = Path::of_single("function", &function.name);
        #[allow(deprecated, reason = "the field has to be given")]
        Ok(Self {
            name: function.name.clone(),
            inputs: params_of(&function.inputs, "inputs", &path)?,
            outputs: params_of(&function.outputs, "outputs", &path)?,
            constant: None,
            state_mutability: function.state_mutability.into(),
        })
    }
}

impl TryFrom<&Function> for AbiFunction {
    type Error = AbiError;

    fn try_from(function: &Function) -> Result<Self, AbiError> {
        let path = Path::of_single("function", &function.name);
        check_identifier(&function.name, "the name of a function", &path)?;
        Ok(Self {
            name: function.name.clone(),
            inputs: parameters_of(&function.inputs, "inputs", &path)?,
            outputs: parameters_of(&function.outputs, "outputs", &path)?,
            state_mutability: function.state_mutability.into(),
        })
    }
}

impl TryFrom<&AbiCustomError> for ethabi::AbiError {
    type Error = AbiError;

    fn try_from(error: &AbiCustomError) -> Result<Self, AbiError> {
        let path = Path::of_single("error", &error.name);
        Ok(Self {
            name: error.name.clone(),
            inputs: params_of(&error.inputs, "inputs", &path)?,
        })
    }
}

impl TryFrom<&ethabi::AbiError> for AbiCustomError {
    type Error = AbiError;

    fn try_from(error: &ethabi::AbiError) -> Result<Self, AbiError> {
        let path = Path::of_single("error", &error.name);
        check_identifier(&error.name, "the name of an error", &path)?;
        Ok(Self {
            name: error.name.clone(),
            inputs: parameters_of(&error.inputs, "inputs", &path)?,
        })
    }
}

impl TryFrom<&AbiConstructor> for Constructor {
    type Error = AbiError;

    fn try_from(constructor: &AbiConstructor) -> Result<Self, AbiError> {
        let path = Path::of_only("constructor", None);
        let inputs = params_of(&constructor.inputs, "inputs", &path)?;
        Ok(Self { inputs })
    }
}

impl TryFrom<&Constructor> for AbiConstructor {
    type Error = AbiError;

    /// It takes no ether, as far as one can tell.
    fn try_from(constructor: &Constructor) -> Result<Self, AbiError> {
        let path = Path::of_only("constructor", None);
        Ok(Self {
            inputs: parameters_of(&constructor.inputs, "inputs", &path)?,
            state_mutability: StateMutability::NonPayable,
        })
    }
}

impl TryFrom<&ContractAbi> for Contract {
    type Error = AbiError;

    fn try_from(abi: &ContractAbi) -> Result<Self, AbiError> {
        let mut contract = Self {
            receive: abi.receive.is_some(),
            fallback: abi.fallback.is_some(),
            ..Self::default()
        };
        for event in &abi.events {
            push(&mut contract.events, &event.name, event_to_ethabi(event)?);
        }
        for function in &abi.functions {
            push(
                &mut contract.functions,
                &function.name,
                function.try_into()?,
            );
        }
        for error in &abi.errors {
            push(&mut contract.errors, &error.name, error.try_into()?);
        }
        if let Some(constructor) = &abi.constructor {
            contract.constructor = Some(constructor.try_into()?);
        }
        Ok(contract)
    }
}

impl TryFrom<&Contract> for ContractAbi {
    type Error = AbiError;

    /// Elements come in the order of their names, [`raw`](ContractAbi::raw) is empty, and the
    /// constructor and the fallback take no ether, as far as one can tell.
    fn try_from(contract: &Contract) -> Result<Self, AbiError> {
        let mut abi = Self {
            receive: contract.receive.then_some(StateMutability::Payable),
            fallback: contract.fallback.then_some(StateMutability::NonPayable),
            ..Self::default()
        };
        for event in contract.events() {
            abi.events.push(event_from_ethabi(event)?);
        }
        for function in contract.functions() {
            abi.functions.push(function.try_into()?);
        }
        for error in contract.errors() {
            abi.errors.push(error.try_into()?);
        }
        if let Some(constructor) = contract.constructor() {
            abi.constructor = Some(constructor.try_into()?);
        }
        Ok(abi)
    }
}

impl From<StateMutability> for ethabi::StateMutability {
    fn from(mutability: StateMutability) -> Self {
        match mutability {
            StateMutability::Pure => Self::Pure,
            StateMutability::View => Self::View,
            StateMutability::NonPayable => Self::NonPayable,
            StateMutability::Payable => Self::Payable,
        }
    }
}

impl From<ethabi::StateMutability> for StateMutability {
    fn from(mutability: ethabi::StateMutability) -> Self {
        match mutability {
            ethabi::StateMutability::Pure => Self::Pure,
            ethabi::StateMutability::View => Self::View,
            ethabi::StateMutability::NonPayable => Self::NonPayable,
            ethabi::StateMutability::Payable => Self::Payable,
        }
    }
}

fn push<T>(map: &mut BTreeMap<String, Vec<T>>, name: &str, item: T) {
    map.entry(name.to_owned()).or_default().push(item);
}

fn own_name(input: &AbiInput) -> String {
    input.name.clone().unwrap_or_default()
}

fn params_of(
    inputs: &[AbiInput],
    list: &'static str,
    path: &Path<'_>,
) -> Result<Vec<Param>, AbiError> {
    let types = resolve_parameters(inputs, list, path)?;
    let mut params = Vec::with_capacity(types.len());
    for (nth, (input, ty)) in inputs.iter().zip(&types).enumerate() {
        let kind = kind_of(ty, &path.parameter(list, nth))?;
        params.push(Param {
            name: own_name(input),
            kind,
            internal_type: input.internal_type.clone(),
        });
    }
    Ok(params)
}

fn parameters_of(
    params: &[Param],
    list: &'static str,
    path: &Path<'_>,
) -> Result<Vec<AbiInput>, AbiError> {
    let mut inputs = Vec::with_capacity(params.len());
    for (nth, param) in params.iter().enumerate() {
        let path = path.parameter(list, nth);
        let mut input = parameter_of(&param.name, &param.kind, &path)?;
        input.internal_type.clone_from(&param.internal_type);
        resolve_parameter(&input, &path)?;
        inputs.push(input);
    }
    Ok(inputs)
}

/// A type as `ethabi` has it.
fn kind_of(ty: &AbiType, path: &Path<'_>) -> Result<ParamType, AbiError> {
    Ok(match ty {
        AbiType::Word(word) => match word {
            WordType::Uint(bits) => ParamType::Uint(usize::from(*bits)),
            WordType::Int(bits) => ParamType::Int(usize::from(*bits)),
            WordType::Bool => ParamType::Bool,
            WordType::Address => ParamType::Address,
            WordType::FixedBytes(length) => ParamType::FixedBytes(usize::from(*length)),
            WordType::Ufixed(..) | WordType::Fixed(..) | WordType::Function => {
                let message = format!("type `{word}` is unknown to ethabi");
                return Err(AbiError::at(AbiErrorKind::Unsupported, path, message));
            }
        },
        AbiType::Bytes => ParamType::Bytes,
        AbiType::String => ParamType::String,
        AbiType::Array(element) => ParamType::Array(Box::new(kind_of(element, path)?)),
        AbiType::FixedArray(element, length) => {
            let length = usize::try_from(*length).unwrap_or(usize::MAX);
            ParamType::FixedArray(Box::new(kind_of(element, path)?), length)
        }
        AbiType::Tuple(fields) => {
            let mut kinds = Vec::with_capacity(fields.len());
            for (nth, field) in fields.iter().enumerate() {
                kinds.push(kind_of(&field.ty, &path.component(nth))?);
            }
            ParamType::Tuple(kinds)
        }
    })
}

/// A parameter as it stands in an ABI. Whether its type is one is left to the caller.
fn parameter_of(name: &str, kind: &ParamType, path: &Path<'_>) -> Result<AbiInput, AbiError> {
    let mut input = typed(kind, MAX_TUPLE_DEPTH, path)?;
    input.name = Some(name.to_owned());
    Ok(input)
}

/// `depth_left` is what keeps a type of any depth from overflowing the stack.
fn typed(kind: &ParamType, depth_left: usize, path: &Path<'_>) -> Result<AbiInput, AbiError> {
    let (base, dimensions) = dimensions_of(kind, path)?;
    let ParamType::Tuple(kinds) = base else {
        return Ok(AbiInput {
            ty: format!("{base}{dimensions}"),
            ..AbiInput::default()
        });
    };
    let Some(depth_left) = depth_left.checked_sub(1) else {
        let message = format!("tuples nest more than {MAX_TUPLE_DEPTH} deep");
        return Err(AbiError::at(AbiErrorKind::Limit, path, message));
    };
    let mut components = Vec::with_capacity(kinds.len());
    for (nth, kind) in kinds.iter().enumerate() {
        components.push(typed(kind, depth_left, &path.component(nth))?);
    }
    Ok(AbiInput {
        ty: format!("tuple{dimensions}"),
        components: Some(components),
        ..AbiInput::default()
    })
}

/// What an array is of, and its `[2][]`.
fn dimensions_of<'a>(
    mut kind: &'a ParamType,
    path: &Path<'_>,
) -> Result<(&'a ParamType, String), AbiError> {
    let mut dimensions = Vec::new();
    loop {
        let (element, dimension) = match kind {
            ParamType::Array(element) => (element, "[]".to_owned()),
            ParamType::FixedArray(element, length) => (element, format!("[{length}]")),
            _ => break,
        };
        if dimensions.len() == MAX_ARRAY_DIMENSIONS {
            let message = format!("more than {MAX_ARRAY_DIMENSIONS} array dimensions");
            return Err(AbiError::at(AbiErrorKind::Limit, path, message));
        }
        dimensions.push(dimension);
        kind = element;
    }
    // Written from the innermost.
    dimensions.reverse();
    Ok((kind, dimensions.concat()))
}
