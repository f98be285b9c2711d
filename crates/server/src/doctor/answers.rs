//! How many logs the node gives at once, and whether it cuts answers without saying so.

use event_streamer_models::{BlockHeader, Log};

use super::ranges::below;
use super::{Doctor, Topic, reason};
use crate::rpc::{BlockTag, LogFilter, LogQuery};

/// Enough to know, in logs and in blocks.
const ENOUGH_LOGS: usize = 20_000;
const ENOUGH_BLOCKS: u64 = 1_024;
/// How many of an answer's blocks are held against their headers.
const CHECKED_BLOCKS: u64 = 32;

/// The largest answer so far.
struct Answer {
    blocks: u64,
    logs: Vec<Log>,
}

impl Doctor<'_, '_> {
    /// Asks for all logs of more and more blocks, up to `range`.
    pub(super) async fn answers(&mut self, head: &BlockHeader, range: u64) {
        let mut largest: Option<Answer> = None;
        let mut blocks = 1;
        let mut refusal = None;
        while blocks <= range.min(ENOUGH_BLOCKS) {
            let query = LogQuery {
                blocks: below(head.number, blocks),
                filter: LogFilter::default(),
            };
            let node = self.node.clone();
            match self.patiently(async || node.logs(&query).await).await {
                Ok(logs) => {
                    let enough = logs.len() >= ENOUGH_LOGS;
                    largest = Some(Answer { blocks, logs });
                    if enough {
                        break;
                    }
                }
                Err(error) => {
                    refusal = Some((blocks, reason(&error)));
                    break;
                }
            }
            blocks *= 2;
        }
        self.report.facts.refused_answer_blocks = refusal.as_ref().map(|it| it.0);
        let Some(answer) = largest else {
            if let Some((_, why)) = refusal {
                let text = format!("not even the head's logs are to be had: {why}");
                self.report.bad(Topic::Answers, text, None);
            }
            return;
        };
        self.largest(&answer, refusal);
        self.times(&answer.logs);
        self.whole(head, answer).await;
    }

    fn largest(&mut self, answer: &Answer, refusal: Option<(u64, String)>) {
        let count = answer.logs.len();
        self.report.facts.max_answer_logs = Some(count as u64);
        let text = format!("{count} logs of {} blocks at once", answer.blocks);
        let text = match refusal {
            None => format!("{text}, more was not tried"),
            Some((blocks, why)) => format!("{text}; those of {blocks} are refused: {why}"),
        };
        self.report.good(Topic::Answers, text);
    }

    fn times(&mut self, logs: &[Log]) {
        if logs.is_empty() {
            return;
        }
        let with = logs.iter().all(|it| it.block_timestamp.is_some());
        self.report.facts.times_in_logs = Some(with);
        let text = match with {
            true => "every log carries the time of its block",
            false => "not in the logs; headers are asked for, in batches",
        };
        self.report.good(Topic::Times, text);
    }

    /// Holds the answer against headers: it may end before the range does.
    async fn whole(&mut self, head: &BlockHeader, answer: Answer) {
        let from = head.number - (answer.blocks - 1).min(head.number);
        // The newest first: what is cut is the end.
        let numbers = (from..=head.number).rev().take(CHECKED_BLOCKS as usize);
        let tags: Vec<BlockTag> = numbers.map(BlockTag::Number).collect();
        let node = self.node.clone();
        let Ok(headers) = self.patiently(async || node.headers(&tags).await).await else {
            return;
        };
        let cut = headers.iter().flatten().flatten().find(|header| {
            let mut logs = answer.logs.iter();
            let empty = !logs.any(|it| it.block_number == header.number);
            // Whether what came of a block is all of it is for the samples to judge.
            empty && header.logs_bloom.is_some_and(|it| !it.is_empty())
        });
        self.report.facts.answers_cut = Some(cut.is_some());
        if let Some(block) = cut {
            self.report.bad(
                Topic::Answers,
                format!(
                    "an answer of {} logs has none of block {}, whose bloom announces some",
                    answer.logs.len(),
                    block.number
                ),
                Some("it cuts answers silently: have every block checked, and name a second endpoint"),
            );
        }
    }
}
