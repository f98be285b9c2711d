//! `eth_getLogs`.

use std::ops::RangeInclusive;

use super::error::RpcError;
use super::filter::{Blocks, Filter};
use crate::chain::Chain;
use crate::limits::NodeLimits;

/// Writes the logs that match, as a JSON array. The logs are copied as they were serialised when
/// the recording was loaded.
pub(super) fn write_logs(
    chain: &Chain,
    limits: &NodeLimits,
    filter: &Filter,
    out: &mut Vec<u8>,
) -> Result<(), RpcError> {
    let blocks = resolve(chain, limits, &filter.blocks)?;
    let parts = select(chain, limits, filter, blocks)?;
    let length: usize = parts.iter().map(|part| part.len() + 1).sum();
    if out.len() + length > limits.max_response_bytes {
        return Err(RpcError::response_too_large(limits.max_response_bytes));
    }
    // With room for the brackets and the end of the answer.
    out.reserve(length + 16);
    out.push(b'[');
    for (index, part) in parts.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(part);
    }
    out.push(b']');
    Ok(())
}

/// The blocks asked for, none above the head.
fn resolve(
    chain: &Chain,
    limits: &NodeLimits,
    blocks: &Blocks,
) -> Result<RangeInclusive<u64>, RpcError> {
    let head = chain.head();
    let (from, to) = match blocks {
        Blocks::Hash(hash) => {
            let number = chain
                .recording()
                .block_number(hash)
                .filter(|&number| number <= head)
                .ok_or_else(|| RpcError::server("unknown block"))?;
            return Ok(number..=number);
        }
        Blocks::Range { from, to } => (from.resolve(chain), to.resolve(chain)),
    };
    if from > head {
        return Err(RpcError::params(format!(
            "block range extends beyond current head block: fromBlock is {from}, the head {head}"
        )));
    }
    if from > to {
        return Err(RpcError::params(format!(
            "invalid block range: fromBlock {from} is above toBlock {to}"
        )));
    }
    let to = to.min(head);
    match limits.max_block_range {
        // `to - from` is one less than the number of blocks.
        Some(limit) if to - from >= limit => Err(RpcError::limit(format!(
            "eth_getLogs is limited to a range of {limit} blocks"
        ))),
        _ => Ok(from..=to),
    }
}

/// The JSON of the matching logs in order: whole blocks where every log matches.
fn select<'a>(
    chain: &'a Chain,
    limits: &NodeLimits,
    filter: &Filter,
    blocks: RangeInclusive<u64>,
) -> Result<Vec<&'a [u8]>, RpcError> {
    let takes_all = filter.takes_all();
    let max_logs = limits.max_logs.unwrap_or(usize::MAX);
    let mut parts = Vec::new();
    let mut count = 0;
    for block in chain.recording().blocks(blocks) {
        if takes_all {
            count += block.logs().len();
            if !block.json().is_empty() {
                parts.push(block.json());
            }
        } else {
            for (index, log) in block.logs().iter().enumerate() {
                if filter.takes(log) {
                    count += 1;
                    parts.push(block.log_json(index));
                }
            }
        }
        if count > max_logs {
            return Err(RpcError::limit(format!(
                "query returned more than {max_logs} results"
            )));
        }
    }
    Ok(parts)
}
