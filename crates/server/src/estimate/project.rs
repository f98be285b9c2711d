//! From samples to the whole: arithmetic, nothing else.

use super::{Estimate, EstimateOptions, Sample, Spread};

/// The most samples that are taken.
const MAX_SAMPLES: u32 = 200;
/// How many headers come in one request.
const HEADERS_PER_REQUEST: f64 = 50.0;

/// A part of the blocks, for which one sample speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stratum {
    pub(super) from: u64,
    pub(super) to: u64,
}

impl Stratum {
    pub(super) fn blocks(&self) -> u64 {
        (self.to - self.from).saturating_add(1)
    }
}

/// Parts of about equal length; none if there is no block.
pub(super) fn strata(from: u64, to: u64, samples: u32) -> Vec<Stratum> {
    let Some(last) = to.checked_sub(from) else {
        return Vec::new();
    };
    let samples = u128::from(samples.clamp(1, MAX_SAMPLES)).min(u128::from(last) + 1);
    let edge = |index: u128| {
        let blocks = (u128::from(last) + 1) * index / samples;
        // At most `last + 1`, and `from` is added to something that was subtracted from `to`.
        u128::from(from) + blocks
    };
    (0..samples)
        .map(|index| Stratum {
            from: u64::try_from(edge(index)).unwrap_or(to),
            to: u64::try_from(edge(index + 1) - 1).unwrap_or(to),
        })
        .collect()
}

/// What one range of a stratum is like.
#[derive(Clone, Copy, Debug, Default)]
struct Figures {
    calls: f64,
    header_requests: f64,
    logs: f64,
    bytes: f64,
    seconds: f64,
}

/// What the whole takes, if between the samples it is like the samples beside.
pub(super) fn project(
    strata: &[Stratum],
    samples: Vec<Sample>,
    options: &EstimateOptions,
) -> Estimate {
    let mut low = Figures::default();
    let mut high = Figures::default();
    for (index, stratum) in strata.iter().enumerate() {
        let beside = &samples[index.saturating_sub(1)..(index + 2).min(samples.len())];
        let as_if = beside.iter().map(|it| figures(stratum, it, options));
        add(&mut low, as_if.clone(), f64::min);
        add(&mut high, as_if, f64::max);
    }
    let spread = |of: fn(&Figures) -> f64| Spread {
        low: of(&low),
        high: of(&high),
    };
    Estimate {
        from_block: strata.first().map_or(0, |it| it.from),
        to_block: strata.last().map_or(0, |it| it.to),
        calls: spread(|it| it.calls),
        header_requests: spread(|it| it.header_requests),
        logs: spread(|it| it.logs),
        bytes: spread(|it| it.bytes),
        seconds: spread(|it| it.seconds),
        samples,
    }
}

/// What a stratum takes if all of it is like a sample.
fn figures(stratum: &Stratum, sample: &Sample, options: &EstimateOptions) -> Figures {
    let blocks = stratum.blocks() as f64;
    let part = blocks / sample.blocks.max(1) as f64;
    let calls = part.ceil();
    // Both ends of each range are held against their headers, in one request.
    let times = match sample.times_in_logs {
        true => 0.0,
        false => sample.blocks_with_logs as f64 * part / HEADERS_PER_REQUEST,
    };
    let header_requests = calls + times.ceil();
    let bytes = sample.bytes.max(1) as f64;
    let room = (options.history_bytes as f64 / bytes).floor();
    let under_way = room.clamp(1.0, f64::from(options.ranges_ahead.max(1)));
    let requests = calls + header_requests;
    let slowest_pace = options
        .max_calls_per_second
        .map_or(0.0, |it| requests / f64::from(it.max(1)));
    Figures {
        calls,
        header_requests,
        logs: sample.logs as f64 * part,
        bytes: sample.bytes as f64 * part,
        seconds: (calls * sample.seconds / under_way).max(slowest_pace),
    }
}

fn add(sum: &mut Figures, as_if: impl Iterator<Item = Figures>, choose: fn(f64, f64) -> f64) {
    let chosen = as_if.reduce(|a, b| Figures {
        calls: choose(a.calls, b.calls),
        header_requests: choose(a.header_requests, b.header_requests),
        logs: choose(a.logs, b.logs),
        bytes: choose(a.bytes, b.bytes),
        seconds: choose(a.seconds, b.seconds),
    });
    if let Some(chosen) = chosen {
        sum.calls += chosen.calls;
        sum.header_requests += chosen.header_requests;
        sum.logs += chosen.logs;
        sum.bytes += chosen.bytes;
        sum.seconds += chosen.seconds;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sample(blocks: u64, logs: u64, seconds: f64) -> Sample {
        Sample {
            from_block: 0,
            blocks,
            logs,
            blocks_with_logs: logs.min(blocks),
            bytes: logs * 600,
            seconds,
            refused: 0,
            times_in_logs: true,
        }
    }

    #[test]
    fn like_samples_leave_no_doubt() {
        let strata = strata(0, 9_999, 10);
        let samples = vec![sample(500, 50, 0.8); 10];
        let estimate = project(&strata, samples, &EstimateOptions::default());
        let exactly = |figure| Spread {
            low: figure,
            high: figure,
        };
        assert_eq!(estimate.calls, exactly(20.0));
        assert_eq!(estimate.header_requests, exactly(20.0));
        assert_eq!(estimate.logs, exactly(1_000.0));
        assert_eq!(estimate.bytes, exactly(600_000.0));
        assert!((estimate.seconds.high - 2.0).abs() < 1e-9, "{estimate:?}");
    }

    #[test]
    fn a_budget_and_the_room_for_answers_slow_it_down() {
        let strata = strata(0, 999, 1);
        let mut options = EstimateOptions::default();
        let seconds = |options: &EstimateOptions, logs| {
            project(&strata, vec![sample(10, logs, 1.0)], options)
                .seconds
                .high
        };
        assert!((seconds(&options, 1) - 12.5).abs() < 1e-9, "eight at once");
        // 60,000 logs of 600 bytes: 36 MB do not go twice into 32 MiB.
        assert!(
            (seconds(&options, 60_000) - 100.0).abs() < 1e-9,
            "one at once"
        );
        options.max_calls_per_second = Some(1);
        assert!(
            (seconds(&options, 1) - 200.0).abs() < 1e-9,
            "one call a second"
        );
    }

    #[test]
    fn a_dense_stretch_makes_the_estimate_wide() {
        let strata = strata(0, 2_999, 3);
        let samples = vec![
            sample(1_000, 0, 0.1),
            sample(100, 10_000, 1.0),
            sample(1_000, 0, 0.1),
        ];
        let estimate = project(&strata, samples, &EstimateOptions::default());
        assert_eq!(
            estimate.calls,
            Spread {
                low: 3.0,
                high: 30.0
            }
        );
        assert_eq!(
            estimate.logs,
            Spread {
                low: 0.0,
                high: 300_000.0
            }
        );
    }

    proptest! {
        #[test]
        fn strata_cover_every_block_once(
            from in any::<u64>(), length in any::<u64>(), samples in any::<u32>(),
        ) {
            let to = from.saturating_add(length);
            let strata = strata(from, to, samples);
            prop_assert_eq!(strata.first().map(|it| it.from), Some(from));
            prop_assert_eq!(strata.last().map(|it| it.to), Some(to));
            for it in &strata {
                prop_assert!(it.from <= it.to);
            }
            for pair in strata.windows(2) {
                prop_assert_eq!(pair[0].to + 1, pair[1].from);
            }
        }

        #[test]
        fn the_least_is_never_more_than_the_most(
            samples in proptest::collection::vec((1..5_000_u64, 0..20_000_u64, 0.0..5.0), 1..20),
        ) {
            let samples: Vec<Sample> =
                samples.into_iter().map(|(blocks, logs, seconds)| sample(blocks, logs, seconds)).collect();
            let strata = strata(0, 1_000_000, samples.len() as u32);
            let estimate = project(&strata, samples, &EstimateOptions::default());
            for it in [estimate.calls, estimate.logs, estimate.bytes, estimate.seconds] {
                prop_assert!(it.low <= it.high && it.low >= 0.0);
            }
        }
    }

    #[test]
    fn no_blocks_have_no_strata() {
        assert!(strata(5, 4, 12).is_empty());
    }
}
