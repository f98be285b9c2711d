//! Whether the node follows the chain, and says what is final.

use event_streamer_models::BlockHeader;

use super::identity::preset;
use super::{Doctor, Topic, reason};
use crate::clock;
use crate::rpc::BlockTag;

/// Over how many blocks the block time is averaged.
const BLOCKS: u64 = 100;
/// A head that is older than this many block times has stopped.
const OLD: f64 = 20.0;
/// And never younger than this: clocks differ, and quiet chains pause.
const OLD_SECONDS: f64 = 120.0;

impl Doctor<'_, '_> {
    /// The head, if the node has one.
    pub(super) async fn head(&mut self) -> Option<BlockHeader> {
        let head = match self.block(BlockTag::Latest).await {
            Ok(head) => head,
            Err(why) => {
                let text = format!("has no latest block: {why}");
                self.report.bad(Topic::Head, text, None);
                return None;
            }
        };
        self.report.facts.head_block = Some(head.number);
        let block_time = self.block_time(&head).await;
        self.age(&head, block_time);
        self.finality(&head).await;
        Some(head)
    }

    /// A block the node should have.
    pub(super) async fn block(&mut self, tag: BlockTag) -> Result<BlockHeader, String> {
        let node = self.node.clone();
        let answer = self
            .patiently(async || node.header_by_number(tag).await)
            .await;
        match answer {
            Ok(Some(header)) => Ok(header),
            Ok(None) => Err("it says null".to_owned()),
            Err(error) => Err(reason(&error)),
        }
    }

    /// The mean time between the last blocks in seconds, else what is built in.
    async fn block_time(&mut self, head: &BlockHeader) -> Option<f64> {
        let chain_id = self.report.facts.chain_id?;
        let blocks = BLOCKS.min(head.number);
        let earlier = self.block(BlockTag::Number(head.number - blocks)).await;
        let measured = earlier.ok().filter(|_| blocks > 0).map(|earlier| {
            let seconds = head.timestamp.saturating_sub(earlier.timestamp);
            seconds as f64 / blocks as f64
        });
        self.report.facts.block_time_seconds = measured;
        measured.or_else(|| preset(chain_id).map(|it| it.block_time.as_secs_f64()))
    }

    fn age(&mut self, head: &BlockHeader, block_time: Option<f64>) {
        let now = clock::now().unix_millis().max(0).unsigned_abs() / 1000;
        let age = now.saturating_sub(head.timestamp);
        self.report.facts.head_age_seconds = Some(age);
        let pace = block_time.map_or(String::new(), |it| format!(", one every {it:.1} s"));
        let text = format!("block {}, {age} s old{pace}", head.number);
        let old = (block_time.unwrap_or_default() * OLD).max(OLD_SECONDS);
        if head.timestamp > now + 60 {
            let text = format!("block {} is of the future", head.number);
            self.report.care(
                Topic::Head,
                text,
                "compare this machine's clock with the node's",
            );
        } else if age as f64 > old {
            let advice = "it does not follow the chain any more, or is still catching up; name a \
                          second endpoint";
            self.report.care(Topic::Head, text, advice);
        } else {
            self.report.good(Topic::Head, text);
        }
    }

    async fn finality(&mut self, head: &BlockHeader) {
        let safe = self.block(BlockTag::Safe).await;
        let finalized = self.block(BlockTag::Finalized).await;
        let facts = &mut self.report.facts;
        facts.safe_block = safe.as_ref().ok().map(|it| it.number);
        facts.finalized_block = finalized.as_ref().ok().map(|it| it.number);
        match (safe, finalized) {
            (Ok(safe), Ok(finalized)) if finalized.number > safe.number => self.report.bad(
                Topic::Finality,
                format!(
                    "finalized block {} is above the safe block {}",
                    finalized.number, safe.number
                ),
                Some("the answers come from nodes that do not agree"),
            ),
            (Ok(_), Ok(finalized)) => {
                let depth = head.number.saturating_sub(finalized.number);
                let text = format!("finalized lies {depth} below the head");
                self.report.good(Topic::Finality, text);
            }
            (safe, finalized) => {
                let why = [("safe", safe.err()), ("finalized", finalized.err())];
                let why: Vec<String> = why
                    .into_iter()
                    .filter_map(|(tag, why)| Some(format!("no {tag} block: {}", why?)))
                    .collect();
                let advice = "subscriptions on this chain can wait for a number of \
                              confirmations, not for `safe` or `finalized`";
                self.report.care(Topic::Finality, why.join("; "), advice);
            }
        }
    }
}
