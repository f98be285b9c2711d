//! When a block is deep enough, and where a subscription begins.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// How deep a block must be before its events are delivered.
///
/// On the wire `"latest"`, `"safe"`, `"finalized"` or `{"confirmations": 12}`.
///
/// ```
/// use event_streamer_models::Finality;
///
/// let finality: Finality = serde_json::from_str(r#"{"confirmations": 12}"#)?;
/// assert_eq!(finality, Finality::Confirmations(12));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Finality {
    /// As soon as a node has it; a reorg can take it back, and is told.
    #[default]
    Latest,
    /// When the chain calls it safe.
    Safe,
    /// When the chain calls it finalized.
    Finalized,
    /// When this many blocks are on top of it; 0 is [`Finality::Latest`].
    Confirmations(u64),
}

/// Where a subscription begins.
///
/// On the wire a block number or `"latest"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StartBlock {
    /// With this block.
    Number(u64),
    /// With the head at the time of creation.
    Latest,
}

/// Block 0: the whole chain.
impl Default for StartBlock {
    fn default() -> Self {
        Self::Number(0)
    }
}

impl From<u64> for StartBlock {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl fmt::Display for StartBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Latest => f.pad("latest"),
        }
    }
}

impl Serialize for StartBlock {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => serializer.serialize_u64(*number),
            Self::Latest => serializer.serialize_str("latest"),
        }
    }
}

impl<'de> Deserialize<'de> for StartBlock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct StartBlockVisitor;

        impl de::Visitor<'_> for StartBlockVisitor {
            type Value = StartBlock;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a block number or \"latest\"")
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<StartBlock, E> {
                Ok(StartBlock::Number(number))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<StartBlock, E> {
                match text {
                    "latest" => Ok(StartBlock::Latest),
                    _ => Err(E::invalid_value(
                        de::Unexpected::Other("another text"),
                        &self,
                    )),
                }
            }
        }

        deserializer.deserialize_any(StartBlockVisitor)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn finality_has_four_forms() {
        let forms = [
            (json!("latest"), Finality::Latest),
            (json!("safe"), Finality::Safe),
            (json!("finalized"), Finality::Finalized),
            (json!({"confirmations": 12}), Finality::Confirmations(12)),
        ];
        for (json, finality) in forms {
            assert_eq!(serde_json::to_value(finality).unwrap(), json);
            assert_eq!(serde_json::from_value::<Finality>(json).unwrap(), finality);
        }
        let refused = [
            json!("pending"),
            json!(12),
            json!({"confirmations": -1}),
            json!({"confirmations": 1, "safe": 2}),
            json!({}),
            json!("confirmations"),
        ];
        for json in refused {
            assert!(
                serde_json::from_value::<Finality>(json.clone()).is_err(),
                "{json}"
            );
        }
    }

    #[test]
    fn a_start_block_is_a_number_or_latest() {
        for (json, start) in [
            (json!(7), StartBlock::Number(7)),
            (json!("latest"), StartBlock::Latest),
        ] {
            assert_eq!(serde_json::to_value(start).unwrap(), json);
            assert_eq!(serde_json::from_value::<StartBlock>(json).unwrap(), start);
        }
        for json in [
            json!("7"),
            json!("earliest"),
            json!(-1),
            json!(1.0),
            json!(null),
        ] {
            let error = serde_json::from_value::<StartBlock>(json.clone()).unwrap_err();
            assert!(
                error.to_string().contains("a block number or \"latest\""),
                "{error}"
            );
        }
    }
}
