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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_tuple_keeps_its_components() {
        let json = json!({
            "type": "event",
            "name": "PositionUpdated",
            "inputs": [{
                "name": "position",
                "type": "tuple[]",
                "indexed": false,
                "internalType": "struct Pool.Position[]",
                "components": [{"name": "liquidity", "type": "uint128"}, {"type": "int24"}]
            }],
            "anonymous": true
        });
        let event: AbiEvent = serde_json::from_value(json.clone()).unwrap();
        let components = event.inputs[0].components.as_deref().unwrap();
        assert_eq!(
            (components[0].indexed, components[1].name.as_deref()),
            (None, None)
        );
        assert_eq!(serde_json::to_value(&event).unwrap(), json);
    }

    #[test]
    fn another_type_is_not_an_event() {
        let read = |text: &str| serde_json::from_str::<AbiEvent>(text);
        let error = read(r#"{"type": "function", "name": "f"}"#)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains(r#"field `type`: expected event, found "function""#),
            "{error}"
        );
        assert!(read(r#"{"type": 7, "name": "f"}"#).is_err());
        assert_eq!(
            read(r#"{"name": "E"}"#).unwrap(),
            AbiEvent::new("E", vec![])
        );
        assert_eq!(
            read(r#"{"type": "event", "name": "E", "inputs": null, "anonymous": null}"#).unwrap(),
            AbiEvent::new("E", vec![])
        );
    }

    #[test]
    fn nesting_without_end_is_an_error() {
        let components = r#"{"type":"tuple","components":["#.repeat(50_000);
        let deep = format!(r#"{{"name":"E","inputs":[{components}"#);
        let error = serde_json::from_str::<AbiEvent>(&deep).unwrap_err();
        assert!(error.to_string().contains("recursion limit"), "{error}");
    }
}
