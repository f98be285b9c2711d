//! How fast the node answers, whether its head goes back, and what it says of its rate limit.

use std::time::Duration;

use tokio::time::Instant;

use super::{Doctor, Topic, reason};

/// How many small calls are timed.
const CALLS: usize = 10;

impl Doctor<'_, '_> {
    pub(super) async fn pulse(&mut self) {
        let mut times = Vec::with_capacity(CALLS);
        let mut heads: Vec<u64> = Vec::with_capacity(CALLS);
        let limited_before = self.report.facts.rate_limited;
        for _ in 0..CALLS {
            let node = self.node.clone();
            let answer = self
                .patiently(async || {
                    let begin = Instant::now();
                    let number = node.block_number().await?;
                    Ok((begin.elapsed(), number))
                })
                .await;
            match answer {
                Ok((time, number)) => {
                    times.push(time);
                    heads.push(number);
                }
                Err(error) => {
                    let text = format!("eth_blockNumber: {}", reason(&error));
                    let advice = "one small call in a row of ten already failed";
                    self.report.care(Topic::Latency, text, advice);
                    return;
                }
            }
        }
        self.latency(times);
        self.backward(&heads);
        self.rate_limit(limited_before).await;
    }

    fn latency(&mut self, mut times: Vec<Duration>) {
        times.sort_unstable();
        let millis = |time: &Duration| time.as_secs_f64() * 1000.0;
        let (Some(median), Some(slowest)) = (times.get(times.len() / 2), times.last()) else {
            return;
        };
        let (median, slowest) = (millis(median), millis(slowest));
        self.report.facts.latency_p50_ms = Some(median);
        self.report.facts.latency_max_ms = Some(slowest);
        let text = format!("median {median:.1} ms, slowest {slowest:.1} ms of {CALLS} calls");
        self.report.good(Topic::Latency, text);
    }

    /// Behind one URL stand many nodes, and not all are equally far.
    fn backward(&mut self, heads: &[u64]) {
        let falls = heads.windows(2).filter_map(|it| it[0].checked_sub(it[1]));
        if let Some(blocks) = falls.max().filter(|it| *it > 0) {
            self.report.care(
                Topic::Head,
                format!("went back by {blocks} blocks from one call to the next"),
                "several nodes answer behind this URL; the service believes a lower head only when \
                 it proves itself",
            );
        }
    }

    async fn rate_limit(&mut self, limited_before: u64) {
        let headers = self.node.rate_limit_headers().await.unwrap_or_default();
        let limited = self.report.facts.rate_limited - limited_before;
        let announced: Vec<String> = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        self.report.facts.rate_limit_headers = headers;
        let text = match announced.is_empty() {
            true => "none announced".to_owned(),
            false => announced.join(", "),
        };
        if limited == 0 {
            self.report.good(Topic::RateLimit, text);
        } else {
            self.report.care(
                Topic::RateLimit,
                format!("{text}; asked for patience {limited} times within {CALLS} small calls"),
                "give this endpoint a request budget",
            );
        }
    }
}
