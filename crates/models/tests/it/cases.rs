//! One fully filled value of each of the 45 reference models.

mod chains;
mod connections;
mod operation;
mod stream;
mod subscriptions;

use std::collections::BTreeMap;

use event_streamer_models::{Address, B256, ChainId, Extra, SubscriptionId, Timestamp};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

/// A reference model and our type for it.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// A value with every field, serialised.
    pub(crate) filled: Value,
    /// Reads JSON text into our type and writes it again.
    pub(crate) round_trip: fn(&str) -> Result<Value, serde_json::Error>,
}

fn case<T: Serialize + DeserializeOwned>(name: &'static str, filled: &T) -> Case {
    Case {
        name,
        filled: serde_json::to_value(filled).unwrap(),
        round_trip: |text| serde_json::to_value(serde_json::from_str::<T>(text)?),
    }
}

pub(crate) fn all() -> Vec<Case> {
    [
        subscriptions::subscriptions(),
        stream::stream(),
        connections::connections(),
        connections::acknowledgements(),
        operation::breakers(),
        operation::metrics(),
        operation::status(),
        chains::chains(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

const TIME: Timestamp = Timestamp::from_unix_seconds(1_716_460_200);
const HASH: B256 = B256([0xab; 32]);
const ADDRESS: Address = Address([0xcd; 20]);
const CHAIN: ChainId = ChainId::new(1);

fn subscription_id() -> SubscriptionId {
    SubscriptionId::new(123).unwrap()
}

fn extra() -> Extra {
    map([("later", json!({"version": 2}))])
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Map<String, Value> {
    entries
        .map(|(key, value)| (key.to_owned(), value))
        .into_iter()
        .collect()
}

fn keyed<T>(key: &str, value: T) -> BTreeMap<String, T> {
    BTreeMap::from([(key.to_owned(), value)])
}
