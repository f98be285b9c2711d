//! Whether the logs a node gave can be true: pure functions over answers and headers.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use event_streamer_abi::keccak256;
use event_streamer_models::{B256, Log, LogsBloom};

use super::fault::Defect;
use super::matcher::LogMatcher;
use super::ring::Header;

/// Brings an answer into order: ascending by (block, log index), what came twice merged.
///
/// # Errors
///
/// If a log is none of those that were asked for, or logs contradict each other. Logs that were
/// not asked for are not just dropped: an answer to another question says nothing about ours.
pub(crate) fn settle(
    mut logs: Vec<Log>,
    blocks: RangeInclusive<u64>,
    matcher: Option<&LogMatcher>,
) -> Result<Vec<Log>, Defect> {
    for log in &logs {
        let number = log.block_number;
        if !blocks.contains(&number) {
            return Err(Defect::OutOfRange { number });
        }
        if log.removed {
            return Err(Defect::Removed { number });
        }
        if matcher.is_some_and(|it| !it.matches(log)) {
            return Err(Defect::NotMatching { number });
        }
    }
    let place = |log: &Log| (log.block_number, log.log_index);
    if !logs.is_sorted_by_key(place) {
        logs.sort_by_key(place);
    }
    logs.dedup();
    for pair in logs.windows(2) {
        let number = pair[0].block_number;
        let same_block = number == pair[1].block_number;
        // A log that does not name its block is compared with the header later.
        let hashes = pair[0].block_hash.zip(pair[1].block_hash);
        let differ = hashes.is_some_and(|(one, other)| one != other);
        if place(&pair[0]) == place(&pair[1]) || same_block && differ {
            return Err(Defect::Contradiction { number });
        }
    }
    Ok(logs)
}

/// The logs of one block out of a settled answer.
pub(crate) fn logs_of(logs: &[Log], number: u64) -> &[Log] {
    let from = logs.partition_point(|it| it.block_number < number);
    let to = logs.partition_point(|it| it.block_number <= number);
    &logs[from..to]
}

/// Checks that one block's settled logs are of this very block.
pub(crate) fn same_block(logs: &[Log], header: &Header) -> Result<(), Defect> {
    let number = header.number;
    match logs
        .iter()
        .all(|it| it.block_hash.is_none_or(|hash| hash == header.hash))
    {
        true => Ok(()),
        false => Err(Defect::OtherBranch { number }),
    }
}

/// Checks that one block's logs, all of them, are what its header's bloom was made from.
pub(crate) fn whole_block(logs: &[Log], header: &Header) -> Result<(), Defect> {
    match &header.bloom {
        Some(bloom) if *bloom != bloom_of(logs) => Err(Defect::Bloom {
            number: header.number,
        }),
        _ => Ok(()),
    }
}

/// Checks that one block's logs, all of them or some, are among those that its header's bloom was
/// made from.
pub(crate) fn none_too_many(logs: &[Log], header: &Header) -> Result<(), Defect> {
    let Some(bloom) = &header.bloom else {
        return Ok(());
    };
    let of_logs = bloom_of(logs);
    let mut bits = of_logs.0.iter().zip(bloom.0);
    match bits.all(|(ours, theirs)| ours & !theirs == 0) {
        true => Ok(()),
        false => Err(Defect::Contradiction {
            number: header.number,
        }),
    }
}

/// Whether a header promises logs for a filter of which there are none in the answer. A bloom
/// promises a little too much now and then, so this is a reason to look closer, not a proof.
pub(crate) fn is_suspicious(logs: &[Log], header: &Header, matcher: &LogMatcher) -> bool {
    logs.is_empty()
        && header
            .bloom
            .as_ref()
            .is_some_and(|it| matcher.bloom_may_match(it))
}

/// The bloom of a block with these logs (Ethereum yellow paper, section 4.3.1).
pub(crate) fn bloom_of(logs: &[Log]) -> LogsBloom {
    let mut bloom = LogsBloom::ZERO;
    add_to_bloom(&mut bloom, logs);
    bloom
}

pub(crate) fn add_to_bloom(bloom: &mut LogsBloom, logs: &[Log]) {
    // Contracts and topics repeat much within a block, and hashing is what costs.
    let mut addresses = HashSet::new();
    let mut topics = HashSet::new();
    for log in logs {
        if addresses.insert(log.address) {
            bloom.insert_hash(&keccak256(&log.address.0));
        }
        for topic in &log.topics {
            if topics.insert(*topic) {
                bloom.insert_hash(&keccak256(&topic.0));
            }
        }
    }
}

/// The memory a log takes, about.
pub(crate) fn weight(log: &Log) -> usize {
    size_of::<Log>() + log.topics.len() * size_of::<B256>() + log.data.0.len()
}

/// The memory of many logs, about.
pub(crate) fn weight_of(logs: &[Log]) -> usize {
    logs.iter().map(weight).sum()
}

#[cfg(test)]
mod tests;
