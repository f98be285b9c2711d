//! Which logs a query lets pass, read from its JSON: independent of the code that wrote it.

use event_streamer_models::{Address, B256, Log};
use serde_json::Value;

/// The filter of one `eth_getLogs`.
#[derive(Debug, Default)]
pub(super) struct Filter {
    addresses: Vec<Address>,
    topics: Vec<Vec<B256>>,
}

impl Filter {
    pub(super) fn read(query: &Value) -> Self {
        Self {
            addresses: one_or_many(&query["address"]),
            topics: query["topics"]
                .as_array()
                .into_iter()
                .flatten()
                .map(one_or_many)
                .collect(),
        }
    }

    pub(super) fn passes(&self, log: &Log) -> bool {
        let of_address = self.addresses.is_empty() || self.addresses.contains(&log.address);
        let of_topics = self.topics.iter().enumerate().all(|(position, wanted)| {
            // A log with fewer topics passes no filter for one that it does not have.
            wanted.is_empty()
                || log
                    .topics
                    .get(position)
                    .is_some_and(|it| wanted.contains(it))
        });
        of_address && of_topics
    }
}

fn one_or_many<T: std::str::FromStr<Err: std::fmt::Debug>>(value: &Value) -> Vec<T> {
    let parsed = |it: &Value| it.as_str().map(|text| text.parse().unwrap());
    match value {
        Value::Array(values) => values.iter().filter_map(parsed).collect(),
        value => parsed(value).into_iter().collect(),
    }
}
