//! How long an endpoint takes to answer: the last answers, and what they say.

use std::time::Duration;

/// How many answers are remembered.
const WINDOW: usize = 64;

/// How many it takes to say something about the slowest.
const ENOUGH: usize = 8;

/// The newest times of one kind of request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Latency {
    newest: Vec<Duration>,
    /// Where the next one goes, once the window is full.
    oldest: usize,
    mean: Option<Duration>,
}

impl Latency {
    pub(crate) fn add(&mut self, took: Duration) {
        if self.newest.len() < WINDOW {
            self.newest.push(took);
        } else {
            self.newest[self.oldest] = took;
            self.oldest = (self.oldest + 1) % WINDOW;
        }
        // An eighth of each new one: follows a change within some ten answers.
        self.mean = Some(self.mean.map_or(took, |mean| (mean * 7 + took) / 8));
    }

    /// The moving mean; `None` before the first answer.
    pub(crate) fn mean(&self) -> Option<Duration> {
        self.mean
    }

    /// The time that one answer in twenty exceeds; `None` before there were some answers.
    pub(crate) fn p95(&self) -> Option<Duration> {
        if self.newest.len() < ENOUGH {
            return None;
        }
        let mut sorted = self.newest.clone();
        sorted.sort_unstable();
        sorted.get((sorted.len() * 95).div_ceil(100) - 1).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latency(millis: impl IntoIterator<Item = u64>) -> Latency {
        let mut latency = Latency::default();
        for it in millis {
            latency.add(Duration::from_millis(it));
        }
        latency
    }

    #[test]
    fn the_slowest_of_twenty_are_left_out() {
        let millis = |it| Some(Duration::from_millis(it));
        assert_eq!(latency([5; 7]).p95(), None);
        assert_eq!(latency([5; 8]).p95(), millis(5));
        assert_eq!(latency(1..=20).p95(), millis(19));
        assert_eq!(latency([5; 20].into_iter().chain([900])).p95(), millis(5));
        // Only the newest count.
        assert_eq!(
            latency([900; 50].into_iter().chain([5; 64])).p95(),
            millis(5)
        );
    }

    #[test]
    fn the_mean_follows_a_change() {
        assert_eq!(latency([]).mean(), None);
        assert_eq!(latency([80]).mean(), Some(Duration::from_millis(80)));
        let changed = latency([80; 50].into_iter().chain([800; 20]))
            .mean()
            .unwrap();
        assert!(changed > Duration::from_millis(700) && changed < Duration::from_millis(800));
    }
}
