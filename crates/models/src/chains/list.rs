//! The list of chains, which the two older protocols write differently.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{ChainSettings, ChainStatus};
use crate::{ChainId, Extra, Timestamp, optional};

/// The configured chains (reference model `ChainListResponse`).
///
/// Written as a map by chain id; read from a map or a list.
///
/// ```
/// use event_streamer_models::{ChainId, ChainListResponse};
///
/// let map: ChainListResponse = serde_json::from_str(r#"{"chains": {"1": {"name": "Ethereum"}}}"#)?;
/// let list: ChainListResponse =
///     serde_json::from_str(r#"{"chains": [{"chain_id": 1, "name": "Ethereum"}]}"#)?;
/// assert_eq!(map, list);
/// assert_eq!(map.chains[0].chain_id, ChainId::new(1));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChainListResponse {
    /// The chains.
    #[serde(serialize_with = "as_map", deserialize_with = "from_map_or_list")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "std::collections::BTreeMap<String, ChainEntry>")
    )]
    pub chains: Vec<ChainEntry>,
    /// How many there are.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub total_chains: u64,
    /// When that was so.
    #[serde(
        default,
        deserialize_with = "optional::readable",
        skip_serializing_if = "Option::is_none"
    )]
    pub timestamp: Option<Timestamp>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ChainListResponse {
    /// These chains, counted.
    #[must_use]
    pub fn new(chains: Vec<ChainEntry>, timestamp: Timestamp) -> Self {
        Self {
            total_chains: chains.len() as u64,
            chains,
            timestamp: Some(timestamp),
            extra: Extra::new(),
        }
    }
}

/// One chain of the list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChainEntry {
    /// Its number.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub chain_id: ChainId,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ChainStatus>,
    /// Its configuration, with URLs redacted.
    #[serde(flatten)]
    pub settings: ChainSettings,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

fn as_map<S: Serializer>(chains: &[ChainEntry], serializer: S) -> Result<S::Ok, S::Error> {
    // A map in between: two entries of one chain must not become two equal keys.
    let by_id: BTreeMap<ChainId, &ChainEntry> =
        chains.iter().map(|chain| (chain.chain_id, chain)).collect();
    serializer.collect_map(by_id)
}

fn from_map_or_list<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<ChainEntry>, D::Error> {
    struct ChainsVisitor;

    impl<'de> de::Visitor<'de> for ChainsVisitor {
        type Value = Vec<ChainEntry>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a map of chains by id, or a list of chains")
        }

        fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut chains = Vec::new();
            while let Some((key, mut chain)) = map.next_entry::<String, ChainEntry>()? {
                chain.chain_id = key.parse().map_err(de::Error::custom)?;
                chains.push(chain);
            }
            Ok(chains)
        }

        fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            let mut chains = Vec::new();
            while let Some(chain) = list.next_element()? {
                chains.push(chain);
            }
            Ok(chains)
        }
    }

    deserializer.deserialize_any(ChainsVisitor)
}
