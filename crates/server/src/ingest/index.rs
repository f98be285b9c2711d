//! Which of many filters a log passes: found by its first topic and its contract, so that a log
//! costs nothing for the filters that it does not concern.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::Arc;

use event_streamer_models::{Address, B256, Log};

use super::matcher::LogMatcher;

/// Names a filter for as long as it is there; never given twice.
pub(crate) type FilterKey = u64;

/// The most places that one filter is entered at by both topic and contract. A larger one is
/// entered by the shorter of the two lists, and each candidate is looked at.
const MAX_PAIRS: usize = 4_096;

/// Filters by what they name. Each is entered in one of four ways, so that a log comes by it at
/// most once.
#[derive(Debug, Default)]
pub(crate) struct FilterIndex {
    by_both: HashMap<(B256, Address), BTreeSet<FilterKey>>,
    by_topic0: HashMap<B256, BTreeSet<FilterKey>>,
    by_address: HashMap<Address, BTreeSet<FilterKey>>,
    others: BTreeSet<FilterKey>,
    filters: HashMap<FilterKey, Arc<LogMatcher>>,
    next_key: FilterKey,
}

/// Which logs of a block pass which filter.
#[derive(Debug, Default)]
pub(crate) struct Routes {
    by_filter: HashMap<FilterKey, Vec<u32>>,
    /// Filters of these keys were in the index.
    before: FilterKey,
    /// How many times a filter was looked at.
    visited: usize,
}

/// The way a filter is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry {
    Both,
    Topic0,
    Address,
    Other,
}

impl FilterIndex {
    /// Adds a filter.
    pub(crate) fn insert(&mut self, matcher: Arc<LogMatcher>) -> FilterKey {
        let key = self.next_key;
        self.next_key += 1;
        match entry_of(&matcher) {
            Entry::Both => {
                for pair in pairs(&matcher) {
                    self.by_both.entry(pair).or_default().insert(key);
                }
            }
            Entry::Topic0 => {
                for topic0 in matcher.topic0() {
                    self.by_topic0.entry(*topic0).or_default().insert(key);
                }
            }
            Entry::Address => {
                for address in &matcher.filter().addresses {
                    self.by_address.entry(*address).or_default().insert(key);
                }
            }
            Entry::Other => drop(self.others.insert(key)),
        }
        self.filters.insert(key, matcher);
        key
    }

    /// Takes a filter out.
    pub(crate) fn remove(&mut self, key: FilterKey) {
        let Some(matcher) = self.filters.remove(&key) else {
            return;
        };
        match entry_of(&matcher) {
            Entry::Both => {
                for pair in pairs(&matcher) {
                    take_out(&mut self.by_both, &pair, key);
                }
            }
            Entry::Topic0 => {
                for topic0 in matcher.topic0() {
                    take_out(&mut self.by_topic0, topic0, key);
                }
            }
            Entry::Address => {
                for address in &matcher.filter().addresses {
                    take_out(&mut self.by_address, address, key);
                }
            }
            Entry::Other => drop(self.others.remove(&key)),
        }
    }

    /// Sends every log to the filters that it passes.
    pub(crate) fn route(&self, logs: &[Log]) -> Routes {
        let mut routes = Routes {
            before: self.next_key,
            ..Routes::default()
        };
        for (place, log) in (0..).zip(logs) {
            for key in self.candidates(log) {
                routes.visited += 1;
                if self.filters.get(&key).is_some_and(|it| it.matches(log)) {
                    routes.by_filter.entry(key).or_default().push(place);
                }
            }
        }
        routes
    }

    fn candidates(&self, log: &Log) -> impl Iterator<Item = FilterKey> {
        let topic0 = log.topics.first();
        let both = topic0.and_then(|topic0| self.by_both.get(&(*topic0, log.address)));
        let by_topic0 = topic0.and_then(|topic0| self.by_topic0.get(topic0));
        let by_address = self.by_address.get(&log.address);
        let found = [both, by_topic0, by_address, Some(&self.others)];
        found.into_iter().flatten().flatten().copied()
    }
}

impl Routes {
    /// The places of the logs that pass a filter, ascending; `None` if it came later than the logs.
    pub(crate) fn of(&self, key: FilterKey) -> Option<&[u32]> {
        (key < self.before).then(|| self.by_filter.get(&key).map_or(&[][..], Vec::as_slice))
    }

    /// The memory of it, about.
    pub(crate) fn weight(&self) -> usize {
        const ENTRY_BYTES: usize = 64;
        let places: usize = self.by_filter.values().map(Vec::len).sum();
        places * size_of::<u32>() + self.by_filter.len() * ENTRY_BYTES
    }

    /// How many times a filter was looked at.
    #[cfg(test)]
    pub(crate) fn visited(&self) -> usize {
        self.visited
    }
}

fn entry_of(matcher: &LogMatcher) -> Entry {
    let topics = matcher.topic0().len();
    let addresses = matcher.filter().addresses.len();
    match (topics, addresses) {
        (0, 0) => Entry::Other,
        (0, _) => Entry::Address,
        (_, 0) => Entry::Topic0,
        _ if topics.saturating_mul(addresses) <= MAX_PAIRS => Entry::Both,
        _ if topics <= addresses => Entry::Topic0,
        _ => Entry::Address,
    }
}

fn pairs(matcher: &LogMatcher) -> impl Iterator<Item = (B256, Address)> {
    let addresses = &matcher.filter().addresses;
    let topics = matcher.topic0().iter();
    topics.flat_map(move |topic0| addresses.iter().map(move |address| (*topic0, *address)))
}

fn take_out<K: Hash + Eq>(map: &mut HashMap<K, BTreeSet<FilterKey>>, at: &K, key: FilterKey) {
    if let Some(keys) = map.get_mut(at) {
        keys.remove(&key);
        if keys.is_empty() {
            map.remove(at);
        }
    }
}

#[cfg(test)]
mod tests;
