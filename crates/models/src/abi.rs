//! ABI items as they travel (protocol, section 3; R `ABIEvent`, `ABIInput`).

use serde::{Deserialize, Serialize};

/// An event of a contract's ABI.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbiEvent {
    #[serde(rename = "type")]
    kind: EventKind,
    /// The event's name.
    pub name: String,
    /// Its parameters, in order.
    #[serde(default)]
    pub inputs: Vec<AbiInput>,
    /// Whether it has no topic0.
    #[serde(default)]
    pub anonymous: bool,
}

/// `"type": "event"` and nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum EventKind {
    #[default]
    #[serde(rename = "event")]
    Event,
}

impl AbiEvent {
    /// An event that is not anonymous.
    pub fn new(name: impl Into<String>, inputs: Vec<AbiInput>) -> Self {
        Self {
            kind: EventKind::Event,
            name: name.into(),
            inputs,
            anonymous: false,
        }
    }

    /// The same event, anonymous or not.
    #[must_use]
    pub fn with_anonymous(mut self, anonymous: bool) -> Self {
        self.anonymous = anonymous;
        self
    }
}

/// A parameter, or a component of a tuple.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbiInput {
    /// Its name; `None` or empty if it has none.
    #[serde(default)]
    pub name: Option<String>,
    /// Its Solidity type, e.g. `uint256`, `tuple[2]`.
    #[serde(rename = "type")]
    pub ty: String,
    /// Whether it is a topic.
    #[serde(default)]
    pub indexed: Option<bool>,
    /// The type as the compiler names it, e.g. `struct Order`.
    #[serde(
        rename = "internalType",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub internal_type: Option<String>,
    /// A tuple's components.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub components: Option<Vec<AbiInput>>,
}

impl AbiInput {
    /// A parameter that is not indexed.
    pub fn new(name: impl Into<String>, ty: impl Into<String>) -> Self {
        Self {
            name: Some(name.into()),
            ty: ty.into(),
            indexed: Some(false),
            ..Self::default()
        }
    }

    /// The same parameter, indexed.
    #[must_use]
    pub fn indexed(mut self) -> Self {
        self.indexed = Some(true);
        self
    }

    /// The same parameter with a tuple's components.
    #[must_use]
    pub fn with_components(mut self, components: Vec<AbiInput>) -> Self {
        self.components = Some(components);
        self
    }

    /// Whether it is a topic; absent and null mean no.
    pub fn is_indexed(&self) -> bool {
        self.indexed.unwrap_or(false)
    }
}
