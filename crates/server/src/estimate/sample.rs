//! Asks for one range as the service would: as wide as allowed, and half as wide after a refusal.

use std::collections::BTreeSet;
use std::time::Duration;

use event_streamer_models::Log;
use tokio::time::Instant;

use super::Sample;
use super::project::Stratum;
use crate::rpc::{LogBlocks, LogFilter, LogQuery, RpcClient, RpcError, patiently};

/// How often one range is asked for while the node asks for patience.
const ATTEMPTS: u32 = 6;
/// What a log takes as JSON beside its topics and data: names, quotes, hashes and numbers.
const LOG_FRAME_BYTES: usize = 430;

pub(super) struct Sampler<'a> {
    node: &'a RpcClient,
    filter: &'a LogFilter,
    max_blocks: u64,
    /// Where the next sample begins to try: what one step wider than the last answer was.
    blocks: u64,
}

impl<'a> Sampler<'a> {
    pub(super) fn new(node: &'a RpcClient, filter: &'a LogFilter, max_blocks: u64) -> Self {
        let max_blocks = max_blocks.max(1);
        Self {
            node,
            filter,
            max_blocks,
            blocks: max_blocks,
        }
    }

    /// Samples the middle of a stratum.
    pub(super) async fn sample(&mut self, stratum: &Stratum) -> Result<Sample, RpcError> {
        let mut refused = 0;
        loop {
            let blocks = self.blocks.min(stratum.blocks());
            let from = stratum.from + (stratum.blocks() - blocks) / 2;
            let begin = Instant::now();
            match self.ask(from, from + (blocks - 1)).await {
                Ok(logs) => {
                    self.blocks = self.blocks.saturating_mul(2).min(self.max_blocks);
                    return Ok(measured(from, blocks, &logs, begin.elapsed(), refused));
                }
                // The answer's size or the range's: both shrink with the range.
                Err(_) if blocks > 1 => {
                    refused += 1;
                    self.blocks = blocks / 2;
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn ask(&self, from: u64, to: u64) -> Result<Vec<Log>, RpcError> {
        let query = LogQuery {
            blocks: LogBlocks::Range { from, to },
            filter: self.filter.clone(),
        };
        patiently(ATTEMPTS, || (), async || self.node.logs(&query).await).await
    }
}

fn measured(from: u64, blocks: u64, logs: &[Log], time: Duration, refused: u32) -> Sample {
    let bytes: usize = logs
        .iter()
        .map(|log| LOG_FRAME_BYTES + 69 * log.topics.len() + 2 * log.data.0.len())
        .sum();
    let distinct: BTreeSet<u64> = logs.iter().map(|it| it.block_number).collect();
    Sample {
        from_block: from,
        blocks,
        logs: logs.len() as u64,
        blocks_with_logs: distinct.len() as u64,
        bytes: bytes as u64,
        seconds: time.as_secs_f64(),
        refused,
        times_in_logs: logs.iter().all(|it| it.block_timestamp.is_some()),
    }
}
