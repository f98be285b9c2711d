//! One part of a contract.

use event_streamer_models::{AbiEvent, AbiInput};
use serde_json::{Value, json};

use super::format::{human_fallback, human_receive, human_signature};
use crate::error::AbiError;
use crate::json::{AbiConstructor, AbiCustomError, AbiFunction, StateMutability};

/// One part of a contract, as [human-readable text](Self::human_signature) and
/// [as JSON](Self::to_json).
///
/// ```
/// use event_streamer_abi::AbiItem;
///
/// let item: AbiItem = "function pause(uint64 until) external payable".parse()?;
/// let AbiItem::Function(function) = &item else { panic!("a function") };
/// assert_eq!(function.signature()?, "pause(uint64)");
/// assert_eq!(item.human_signature()?, "function pause(uint64 until) payable");
/// assert_eq!(item.to_json()["stateMutability"], "payable");
/// # Ok::<_, event_streamer_abi::AbiError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum AbiItem {
    /// `event Paused(address account)`
    Event(AbiEvent),
    /// `function pause()`
    Function(AbiFunction),
    /// `error Unauthorized(address account)`
    Error(AbiCustomError),
    /// `constructor(address owner)`
    Constructor(AbiConstructor),
    /// `fallback()`
    Fallback(StateMutability),
    /// `receive() payable`
    Receive(StateMutability),
}

impl AbiItem {
    /// As one would write it in Solidity.
    ///
    /// # Errors
    /// If it is faulty: [`human_signature`](crate::human_signature) and its likes say how.
    pub fn human_signature(&self) -> Result<String, AbiError> {
        match self {
            Self::Event(event) => human_signature(event),
            Self::Function(function) => function.human_signature(),
            Self::Error(error) => error.human_signature(),
            Self::Constructor(constructor) => constructor.human_signature(),
            Self::Fallback(mutability) => Ok(human_fallback(*mutability)),
            Self::Receive(_) => Ok(human_receive()),
        }
    }

    /// The element of an ABI in JSON that it is.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            // All keys are strings, which is all that can go wrong.
            Self::Event(event) => serde_json::to_value(event).unwrap_or_default(),
            Self::Function(function) => json!({
                "type": "function",
                "name": function.name,
                "inputs": parameters(&function.inputs),
                "outputs": parameters(&function.outputs),
                "stateMutability": function.state_mutability.as_str(),
            }),
            Self::Error(error) => json!({
                "type": "error",
                "name": error.name,
                "inputs": parameters(&error.inputs),
            }),
            Self::Constructor(constructor) => json!({
                "type": "constructor",
                "inputs": parameters(&constructor.inputs),
                "stateMutability": constructor.state_mutability.as_str(),
            }),
            Self::Fallback(mutability) => {
                json!({"type": "fallback", "stateMutability": mutability.as_str()})
            }
            Self::Receive(mutability) => {
                json!({"type": "receive", "stateMutability": mutability.as_str()})
            }
        }
    }
}

fn parameters(inputs: &[AbiInput]) -> Value {
    serde_json::to_value(inputs).unwrap_or_default()
}
