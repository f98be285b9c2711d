//! Events as a contract's ABI describes them.

use serde::{Deserialize, Serialize};

use crate::{Extra, extra, optional};

extra::typed_extra!(event_extra, "event", Tolerated);

/// An event of a contract (reference model `ABIEvent`).
///
/// On the wire it carries `"type": "event"`, and any other type is refused; the name and the types
/// of its parameters are not checked here but where the event is compiled.
///
/// ```
/// use event_streamer_models::{AbiEvent, AbiInput};
///
/// let event = AbiEvent::new(
///     "Deposit",
///     vec![AbiInput::indexed("dst", "address"), AbiInput::new("wad", "uint256")],
/// );
/// let json = serde_json::to_value(&event)?;
/// assert_eq!(json["type"], "event");
/// assert_eq!(serde_json::from_value::<AbiEvent>(json)?, event);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "event")]
pub struct AbiEvent {
    /// Its name, without parameters.
    pub name: String,
    /// Its parameters in order.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub inputs: Vec<AbiInput>,
    /// Whether it has no topic0.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub anonymous: bool,
    /// Fields that this version does not know.
    #[serde(flatten, deserialize_with = "event_extra")]
    pub extra: Extra,
}

impl AbiEvent {
    /// An event that is not anonymous.
    #[must_use]
    pub fn new(name: impl Into<String>, inputs: Vec<AbiInput>) -> Self {
        Self {
            name: name.into(),
            inputs,
            ..Self::default()
        }
    }

    /// Makes it anonymous, or not.
    #[must_use]
    pub fn with_anonymous(mut self, anonymous: bool) -> Self {
        self.anonymous = anonymous;
        self
    }
}

/// A parameter of an event, or a component of a tuple (reference model `ABIInput`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AbiInput {
    /// Its name; `None` and empty both mean that it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its Solidity type, a tuple as `tuple`, `tuple[]` and so on.
    #[serde(rename = "type")]
    pub ty: String,
    /// Whether it is a topic; `None` is no. Components of a tuple have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indexed: Option<bool>,
    /// The type in the source, `struct IPool.Slot[]` for example. Never trusted for decoding.
    #[serde(
        default,
        rename = "internalType",
        skip_serializing_if = "Option::is_none"
    )]
    pub internal_type: Option<String>,
    /// What a tuple consists of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub components: Option<Vec<AbiInput>>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl AbiInput {
    /// A parameter in the data of a log.
    #[must_use]
    pub fn new(name: impl Into<String>, ty: impl Into<String>) -> Self {
        Self {
            name: Some(name.into()),
            ty: ty.into(),
            indexed: Some(false),
            ..Self::default()
        }
    }

    /// A parameter among the topics of a log.
    #[must_use]
    pub fn indexed(name: impl Into<String>, ty: impl Into<String>) -> Self {
        Self {
            indexed: Some(true),
            ..Self::new(name, ty)
        }
    }

    /// Makes it a tuple of these components; the type is not touched.
    #[must_use]
    pub fn with_components(mut self, components: Vec<AbiInput>) -> Self {
        self.components = Some(components);
        self
    }

    /// Whether it is among the topics.
    #[must_use]
    pub fn is_indexed(&self) -> bool {
        self.indexed == Some(true)
    }
}
