//! How many blocks the node looks through at once.

use event_streamer_abi::keccak256;
use event_streamer_models::{Address, BlockHeader};

use super::{Doctor, Topic, reason};
use crate::rpc::{LogBlocks, LogFilter, LogQuery};

/// The steps. What lies between two of them is not worth a call.
const STEPS: [u64; 12] = [
    1, 10, 100, 500, 1_000, 2_000, 3_000, 5_000, 10_000, 20_000, 50_000, 100_000,
];
/// Below this, history takes long.
const FEW: u64 = 1_000;

impl Doctor<'_, '_> {
    /// The most blocks of one `eth_getLogs` that has no result.
    pub(super) async fn ranges(&mut self, head: &BlockHeader) -> u64 {
        let filter = nothing();
        let mut most = 0;
        for blocks in steps(head.number) {
            let query = LogQuery {
                blocks: below(head.number, blocks),
                filter: filter.clone(),
            };
            let node = self.node.clone();
            match self.patiently(async || node.logs(&query).await).await {
                Ok(logs) if logs.is_empty() => most = blocks,
                Ok(logs) => {
                    let text = format!("{} logs came that were not asked for", logs.len());
                    self.report
                        .bad(Topic::Ranges, text, Some("its filters do not work"));
                    return most;
                }
                Err(error) => {
                    self.refused(most, blocks, &reason(&error));
                    return most;
                }
            }
        }
        self.report.facts.max_range_blocks = Some(most);
        let text = format!("{most} blocks at once, more was not tried");
        self.report.good(Topic::Ranges, text);
        most
    }

    fn refused(&mut self, most: u64, blocks: u64, why: &str) {
        let facts = &mut self.report.facts;
        facts.max_range_blocks = Some(most);
        facts.refused_range_blocks = Some(blocks);
        if most == 0 {
            let text = format!("not even one block's logs are to be had: {why}");
            self.report.bad(Topic::Ranges, text, None);
            return;
        }
        let text = format!("{most} blocks at once; {blocks} are refused: {why}");
        if most < FEW {
            let advice = format!("--max-blocks-per-request {most}; history takes many calls");
            self.report.care(Topic::Ranges, text, &advice);
        } else {
            self.report.good(Topic::Ranges, text);
        }
    }
}

/// The steps that a chain with this head has blocks for, the whole chain last.
fn steps(head: u64) -> Vec<u64> {
    let all = head.saturating_add(1);
    let most = STEPS[STEPS.len() - 1];
    let mut steps: Vec<u64> = STEPS.into_iter().filter(|it| *it < all).collect();
    if all <= most {
        steps.push(all);
    }
    steps
}

/// The last `blocks` blocks up to `head`.
pub(super) fn below(head: u64, blocks: u64) -> LogBlocks {
    LogBlocks::Range {
        from: head.saturating_sub(blocks.saturating_sub(1)),
        to: head,
    }
}

/// A filter that no log passes: a contract of which nobody knows the key.
fn nothing() -> LogFilter {
    let hash = keccak256(b"event-streamer doctor: a contract that does not exist");
    let mut address = Address([0; 20]);
    address.0.copy_from_slice(&hash.0[12..]);
    LogFilter {
        addresses: vec![address],
        topics: [vec![hash], vec![], vec![], vec![]],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_step_is_longer_than_the_chain() {
        assert_eq!(steps(0), [1]);
        assert_eq!(steps(1_499), [1, 10, 100, 500, 1_000, 1_500]);
        assert_eq!(steps(u64::MAX), STEPS);
        assert_eq!(steps(99_999), STEPS);
    }

    #[test]
    fn the_last_blocks_end_at_the_head() {
        assert_eq!(below(10, 3), LogBlocks::Range { from: 8, to: 10 });
        assert_eq!(below(1, 3), LogBlocks::Range { from: 0, to: 1 });
    }
}
