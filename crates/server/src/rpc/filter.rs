//! Which logs are wanted: the vocabulary of `eth_getLogs`.

use event_streamer_abi::keccak256;
use event_streamer_models::{Address, B256, Log, LogsBloom};
use serde_json::{Value, json};

/// A filter of `eth_getLogs`: addresses, and alternatives for each topic position.
///
/// Empty means "any". A position that is not empty also asks that the log has such a topic.
///
/// ```
/// use event_streamer_server::rpc::LogFilter;
///
/// let any = LogFilter::default();
/// assert_eq!(any.to_json(), serde_json::json!({}));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogFilter {
    /// The emitting contracts.
    pub addresses: Vec<Address>,
    /// The alternatives for topic0 to topic3.
    pub topics: [Vec<B256>; 4],
}

impl LogFilter {
    /// Whether a log passes.
    #[must_use]
    pub fn matches(&self, log: &Log) -> bool {
        (self.addresses.is_empty() || self.addresses.contains(&log.address))
            && self.topics_match(log)
    }

    /// The part of [`matches`](Self::matches) that concerns the topics.
    pub(crate) fn topics_match(&self, log: &Log) -> bool {
        self.topics.iter().enumerate().all(|(position, wanted)| {
            wanted.is_empty()
                || log
                    .topics
                    .get(position)
                    .is_some_and(|topic| wanted.contains(topic))
        })
    }

    /// The `address` and `topics` members of a filter object, without those that are "any".
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut filter = serde_json::Map::new();
        if !self.addresses.is_empty() {
            filter.insert("address".to_owned(), json!(self.addresses));
        }
        let used = self
            .topics
            .iter()
            .rposition(|it| !it.is_empty())
            .map_or(0, |last| last + 1);
        if used > 0 {
            let topics = self.topics[..used]
                .iter()
                .map(|wanted| {
                    if wanted.is_empty() {
                        Value::Null
                    } else {
                        json!(wanted)
                    }
                })
                .collect();
            filter.insert("topics".to_owned(), Value::Array(topics));
        }
        Value::Object(filter)
    }

    /// False if a block with this bloom certainly has no log that passes.
    ///
    /// Only ever to notice that logs are missing, never to skip a block: there are chains whose
    /// headers carry wrong blooms.
    #[must_use]
    pub fn bloom_may_match(&self, bloom: &LogsBloom) -> bool {
        BloomFilter::new(self).may_match(bloom)
    }
}

/// A filter in terms of a header's bloom: the hash of everything it names, hashed once.
#[derive(Clone, Debug)]
pub(crate) struct BloomFilter {
    /// One list of alternatives for each part of the filter that is not "any".
    parts: Vec<Vec<B256>>,
}

impl BloomFilter {
    pub(crate) fn new(filter: &LogFilter) -> Self {
        let addresses: Vec<_> = filter.addresses.iter().map(|it| keccak256(&it.0)).collect();
        let topics = filter
            .topics
            .iter()
            .map(|wanted| wanted.iter().map(|it| keccak256(&it.0)).collect::<Vec<_>>());
        let parts = std::iter::once(addresses)
            .chain(topics)
            .filter(|it| !it.is_empty());
        Self {
            parts: parts.collect(),
        }
    }

    pub(crate) fn may_match(&self, bloom: &LogsBloom) -> bool {
        if self.parts.is_empty() {
            // Any log passes, so what matters is whether there is one at all.
            return bloom.0.iter().any(|byte| *byte != 0);
        }
        self.parts
            .iter()
            .all(|part| part.iter().any(|hash| bloom.contains_hash(hash)))
    }
}

#[cfg(test)]
mod tests;
