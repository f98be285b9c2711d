//! Whether a block's logs agree with its header.

use event_streamer_models::{BlockHeader, Log, LogsBloom};

use super::{Doctor, Topic, reason};
use crate::ingest::bloom_of;
use crate::rpc::{BlockTag, LogBlocks, LogFilter, LogQuery};

/// The blocks that samples are taken from: the newest so many, and no more than half of the chain.
const WITHIN: u64 = 10_000;

/// What the logs of a block say to its bloom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Agreement {
    /// They make this bloom, to the bit.
    Agrees,
    /// The bloom announces logs that did not come.
    Missing,
    /// There are logs that the bloom denies, or there is no bloom.
    Wrong,
}

impl Agreement {
    fn of(logs: &[Log], bloom: Option<&LogsBloom>) -> Self {
        let made = bloom_of(logs);
        match bloom {
            Some(bloom) if *bloom == made => Self::Agrees,
            Some(bloom) if denies(bloom, &made) => Self::Wrong,
            Some(_) => Self::Missing,
            None => Self::Wrong,
        }
    }
}

/// Whether something was put into `made` that is not in `bloom`.
fn denies(bloom: &LogsBloom, made: &LogsBloom) -> bool {
    made.0
        .iter()
        .zip(bloom.0)
        .any(|(made, bloom)| made & !bloom != 0)
}

impl Doctor<'_, '_> {
    pub(super) async fn blooms(&mut self, head: &BlockHeader) {
        let samples = sampled(head.number, self.options.samples);
        let mut failure = None;
        for number in &samples {
            match self.agreement(*number).await {
                Ok((Agreement::Agrees, _)) => self.report.facts.blooms_agreeing += 1,
                Ok((Agreement::Missing, _)) => self.report.facts.blooms_missing_logs += 1,
                Ok((Agreement::Wrong, _)) => self.report.facts.blooms_wrong += 1,
                Err(why) => failure = Some(format!("block {number}: {why}")),
            }
        }
        self.judge(samples.len(), failure);
        self.receipts(head).await;
    }

    fn judge(&mut self, samples: usize, failure: Option<String>) {
        let facts = &self.report.facts;
        let (agree, missing, wrong) = (
            facts.blooms_agreeing,
            facts.blooms_missing_logs,
            facts.blooms_wrong,
        );
        if missing > 0 {
            self.report.bad(
                Topic::Blooms,
                format!(
                    "{missing} of {samples} sampled blocks lack logs that their bloom announces"
                ),
                Some("it loses logs: do not use it alone, and not without checks"),
            );
        } else if wrong > 0 {
            self.report.care(
                Topic::Blooms,
                format!("{wrong} of {samples} sampled blocks have logs that their bloom denies"),
                "this chain's blooms prove nothing: completeness can only be had from a second \
                 endpoint or from receipts",
            );
        } else if let Some(failure) = failure {
            let advice = "a block is read by its hash (EIP-234), which failed here";
            self.report.care(Topic::Blooms, failure, advice);
        } else {
            let text = format!("{agree} of {samples} sampled blocks agree with their logs");
            self.report.good(Topic::Blooms, text);
        }
    }

    /// What a block's logs, asked for by its hash, say to its bloom; and its header.
    pub(super) async fn agreement(
        &mut self,
        number: u64,
    ) -> Result<(Agreement, BlockHeader), String> {
        let header = self.block(BlockTag::Number(number)).await?;
        let query = LogQuery {
            blocks: LogBlocks::Block(header.hash),
            filter: LogFilter::default(),
        };
        let node = self.node.clone();
        let logs = self.patiently(async || node.logs(&query).await).await;
        let logs = logs.map_err(|error| reason(&error))?;
        let agreement = Agreement::of(&logs, header.logs_bloom.as_ref());
        Ok((agreement, header))
    }

    async fn receipts(&mut self, head: &BlockHeader) {
        let node = self.node.clone();
        let receipts = self
            .patiently(async || node.block_receipts(&head.hash).await)
            .await;
        self.report.facts.block_receipts = Some(receipts.is_ok());
        match receipts {
            Ok(_) => self.report.good(Topic::Receipts, "given by block"),
            Err(error) => {
                let text = format!("not given by block: {}", reason(&error));
                let advice = "where logs contradict a header they are asked for one by one";
                self.report.care(Topic::Receipts, text, advice);
            }
        }
    }
}

/// Blocks spread evenly over the newest ones, the head not among them: it may change.
fn sampled(head: u64, samples: u64) -> Vec<u64> {
    let samples = samples.clamp(1, 64);
    let within = WITHIN.min(head / 2);
    let mut numbers: Vec<u64> = (1..=samples)
        .map(|it| head - (within * it).div_ceil(samples))
        .collect();
    numbers.dedup();
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_lie_below_the_head_and_differ() {
        assert_eq!(sampled(100_000, 4), [97_500, 95_000, 92_500, 90_000]);
        assert_eq!(sampled(2, 8), [1]);
        assert_eq!(sampled(0, 8), [0]);
        assert_eq!(sampled(u64::MAX, u64::MAX).len(), 64);
    }

    #[test]
    fn a_bloom_with_more_than_the_logs_misses_some_one_with_less_is_wrong() {
        let full = LogsBloom([0xff; 256]);
        assert_eq!(
            Agreement::of(&[], Some(&LogsBloom::ZERO)),
            Agreement::Agrees
        );
        assert_eq!(Agreement::of(&[], Some(&full)), Agreement::Missing);
        assert_eq!(Agreement::of(&[], None), Agreement::Wrong);
        assert!(denies(&LogsBloom::ZERO, &full));
        assert!(!denies(&full, &LogsBloom::ZERO));
    }
}
