//! A filter prepared for many logs.

use std::collections::HashSet;

use event_streamer_models::{Address, B256, Log, LogsBloom};

use crate::rpc::{BloomFilter, LogFilter};

/// A [`LogFilter`] with its addresses as a set and its bloom bits hashed once.
#[derive(Clone, Debug)]
pub(crate) struct LogMatcher {
    filter: LogFilter,
    addresses: HashSet<Address>,
    bloom: BloomFilter,
}

impl LogMatcher {
    pub(crate) fn new(filter: LogFilter) -> Self {
        let addresses = filter.addresses.iter().copied().collect();
        let bloom = BloomFilter::new(&filter);
        Self {
            filter,
            addresses,
            bloom,
        }
    }

    pub(crate) fn filter(&self) -> &LogFilter {
        &self.filter
    }

    /// The alternatives for topic0; empty means any.
    pub(crate) fn topic0(&self) -> &[B256] {
        &self.filter.topics[0]
    }

    /// Whether every log passes.
    pub(crate) fn is_any(&self) -> bool {
        self.filter == LogFilter::default()
    }

    pub(crate) fn matches(&self, log: &Log) -> bool {
        (self.addresses.is_empty() || self.addresses.contains(&log.address))
            && self.filter.topics_match(log)
    }

    pub(crate) fn bloom_may_match(&self, bloom: &LogsBloom) -> bool {
        self.bloom.may_match(bloom)
    }
}
