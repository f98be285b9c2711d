//! How long the store takes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What is asked of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    Read,
    Write,
    /// A position that moves: it waits for the others of its group, and for the disk.
    Acknowledge,
}

/// The upper bounds of the counted times, in seconds; Prometheus adds one without bound.
pub(crate) const BOUNDS: [f64; 9] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 1.0, 10.0];

/// Counts of answers by time, by work.
#[derive(Debug, Default)]
pub(crate) struct StoreTimes {
    works: [Histogram; 3],
}

#[derive(Debug, Default)]
struct Histogram {
    /// Answers within each bound and not within the one below; the last within none.
    counts: [AtomicU64; BOUNDS.len() + 1],
    micros: AtomicU64,
}

/// A histogram at one moment, as Prometheus has it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TimesOf {
    /// For each of [`BOUNDS`], how many answers took no longer.
    pub(crate) within: [u64; BOUNDS.len()],
    pub(crate) count: u64,
    pub(crate) seconds: f64,
}

impl Work {
    pub(crate) const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Acknowledge];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Acknowledge => "acknowledge",
        }
    }

    fn index(self) -> usize {
        match self {
            Self::Read => 0,
            Self::Write => 1,
            Self::Acknowledge => 2,
        }
    }
}

impl StoreTimes {
    pub(crate) fn took(&self, work: Work, time: Duration) {
        let Some(histogram) = self.works.get(work.index()) else {
            return;
        };
        let seconds = time.as_secs_f64();
        let bucket = BOUNDS.iter().take_while(|bound| seconds > **bound).count();
        if let Some(count) = histogram.counts.get(bucket) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        histogram.micros.fetch_add(micros, Ordering::Relaxed);
    }

    pub(crate) fn of(&self, work: Work) -> TimesOf {
        let mut times = TimesOf {
            within: [0; BOUNDS.len()],
            count: 0,
            seconds: 0.0,
        };
        if let Some(histogram) = self.works.get(work.index()) {
            for (index, count) in histogram.counts.iter().enumerate() {
                times.count += count.load(Ordering::Relaxed);
                if let Some(within) = times.within.get_mut(index) {
                    *within = times.count;
                }
            }
            let micros = histogram.micros.load(Ordering::Relaxed);
            times.seconds = Duration::from_micros(micros).as_secs_f64();
        }
        times
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_counts_all_that_took_no_longer() {
        let times = StoreTimes::default();
        for millis in [1, 2, 60_000] {
            times.took(Work::Write, Duration::from_millis(millis));
        }
        let of = times.of(Work::Write);
        assert_eq!(of.within, [1, 2, 2, 2, 2, 2, 2, 2, 2]);
        assert_eq!((of.count, of.seconds), (3, 60.003));
        assert_eq!(times.of(Work::Read).count, 0);
    }
}
