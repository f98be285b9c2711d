//! How far back the node's logs go.

use event_streamer_models::BlockHeader;

use super::blooms::Agreement;
use super::{Doctor, Topic};

/// How many blocks are looked at beside the one that was meant, to find one that has logs: an
/// empty block proves nothing.
const NEIGHBOURS: u64 = 4;

/// What an old block's logs were.
enum Old {
    /// Given, or the block has none as far as can be seen.
    Given,
    /// Not given, and why.
    Gone(String),
}

impl Doctor<'_, '_> {
    /// Finds the oldest block whose logs are given, by halving.
    pub(super) async fn history(&mut self, head: &BlockHeader) {
        if let Old::Given = self.old(1.min(head.number), head.number).await {
            self.report.facts.oldest_logs_block = Some(0);
            self.report
                .good(Topic::History, "goes back to the first block");
            return;
        }
        let (mut gone, mut given) = (1, head.number);
        let mut why = String::new();
        while given - gone > 1 {
            let middle = gone + (given - gone) / 2;
            match self.old(middle, given).await {
                Old::Given => given = middle,
                Old::Gone(reason) => (gone, why) = (middle, reason),
            }
            // Near enough: a thousandth of the chain.
            if given - gone <= head.number / 1_000 {
                break;
            }
        }
        self.report.facts.oldest_logs_block = Some(given);
        self.report.care(
            Topic::History,
            format!("goes back to about block {given}; block {gone}: {why}"),
            "subscriptions that begin earlier need an archive node as well",
        );
    }

    /// Looks at the block `number`, or at the next ones below `end` if it is empty.
    async fn old(&mut self, number: u64, end: u64) -> Old {
        for number in number..end.min(number + NEIGHBOURS).max(number + 1) {
            match self.agreement(number).await {
                Err(why) => return Old::Gone(why),
                Ok((Agreement::Missing, _)) => {
                    return Old::Gone("its logs are silently left out".to_owned());
                }
                Ok((_, header)) if header.logs_bloom.is_none_or(|it| !it.is_empty()) => {
                    return Old::Given;
                }
                Ok(_) => {}
            }
        }
        Old::Given
    }
}
