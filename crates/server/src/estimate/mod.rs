//! How many calls and how long a subscription's history will take, from a few samples of it.
//!
//! A node's limits and a contract's activity decide between a minute and a week, and neither is
//! known beforehand. [`estimate`] asks for a dozen ranges spread over the blocks in question, as
//! the service would, and draws conclusions: the range that the node answers there, the logs, the
//! bytes and the time of an answer. What lies between the samples is assumed to be like its
//! neighbours, so each figure comes as a range.
//!
//! ```no_run
//! use event_streamer_server::estimate::{EstimateOptions, estimate};
//! use event_streamer_server::rpc::{LogFilter, RpcClient, RpcClientConfig};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let node = RpcClient::new("http://127.0.0.1:8545".parse()?, &RpcClientConfig::default())?;
//! let filter = LogFilter::default();
//! let options = EstimateOptions::default();
//! let estimate = estimate(&node, &filter, 0, 20_000_000, &options, &mut |_, _| {}).await?;
//! println!("{} to {} calls", estimate.calls.low, estimate.calls.high);
//! # Ok(())
//! # }
//! ```

mod project;
mod sample;

use std::time::Duration;

use serde::Serialize;

use crate::rpc::{LogFilter, RpcClient, RpcError};

/// How to estimate.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EstimateOptions {
    /// How many ranges are asked for, 1 to 200. Default 12.
    pub samples: u32,
    /// The widest range that the service will ask for, in blocks. Default 10,000.
    pub max_blocks_per_request: u64,
    /// How many ranges the service will have under way at once. Default 8.
    pub ranges_ahead: u32,
    /// How many bytes of answers the service will have under way at once. Default 32 MiB.
    pub history_bytes: u64,
    /// What the service may ask of the node in a second. Default: no limit.
    pub max_calls_per_second: Option<u32>,
}

impl Default for EstimateOptions {
    fn default() -> Self {
        Self {
            samples: 12,
            max_blocks_per_request: 10_000,
            ranges_ahead: 8,
            history_bytes: 32 << 20,
            max_calls_per_second: None,
        }
    }
}

/// What a history will take. Of each figure the least and the most that the samples speak for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Estimate {
    /// The first block.
    pub from_block: u64,
    /// The last block.
    pub to_block: u64,
    /// `eth_getLogs` calls that are answered.
    pub calls: Spread,
    /// Further requests: for the headers that ranges are checked against, and for those of blocks
    /// whose time is not in their logs.
    pub header_requests: Spread,
    /// Logs.
    pub logs: Spread,
    /// Bytes of answers, about: what a log takes as JSON.
    pub bytes: Spread,
    /// Seconds, while nothing else is asked of the node.
    pub seconds: Spread,
    /// What the estimate is drawn from, in the order of the blocks.
    pub samples: Vec<Sample>,
}

/// A figure that is not known exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Spread {
    /// The least.
    pub low: f64,
    /// The most.
    pub high: f64,
}

/// One range that was asked for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Sample {
    /// Its first block.
    pub from_block: u64,
    /// How many blocks were answered at once.
    pub blocks: u64,
    /// The logs that came.
    pub logs: u64,
    /// In how many different blocks they are.
    pub blocks_with_logs: u64,
    /// Bytes of the answer, about.
    pub bytes: u64,
    /// How long the answer took, in seconds.
    pub seconds: f64,
    /// How many wider ranges were refused before.
    pub refused: u32,
    /// Whether the logs carry the time of their block.
    pub times_in_logs: bool,
}

/// Estimates what the blocks `from..=to` will take for a filter.
///
/// `progress` is told of each sample, with how many there will be. Rate limits are waited out, a
/// bounded number of times.
///
/// # Errors
///
/// If the node does not even answer for single blocks.
pub async fn estimate(
    node: &RpcClient,
    filter: &LogFilter,
    from: u64,
    to: u64,
    options: &EstimateOptions,
    progress: &mut (dyn FnMut(u32, u32) + Send),
) -> Result<Estimate, RpcError> {
    let strata = project::strata(from, to, options.samples);
    let total = u32::try_from(strata.len()).unwrap_or(u32::MAX);
    let mut sampler = sample::Sampler::new(node, filter, options.max_blocks_per_request);
    let mut samples = Vec::with_capacity(strata.len());
    for (stratum, done) in strata.iter().zip(1..) {
        samples.push(sampler.sample(stratum).await?);
        progress(done, total);
    }
    Ok(project::project(&strata, samples, options))
}

/// `1.5 s`, `12 min`, `3.2 h`, `4.1 days`.
#[must_use]
pub fn roughly(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    match seconds {
        _ if seconds < 100.0 => format!("{seconds:.1} s"),
        _ if seconds < 5_400.0 => format!("{:.0} min", seconds / 60.0),
        _ if seconds < 172_800.0 => format!("{:.1} h", seconds / 3_600.0),
        _ => format!("{:.1} days", seconds / 86_400.0),
    }
}
