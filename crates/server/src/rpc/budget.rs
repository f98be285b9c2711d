//! What may be asked of a node: a token bucket, told the time.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

/// What a node takes, in credits. Providers bill calls differently; where they do not, a call costs
/// one credit and a credit is a request.
///
/// ```
/// use event_streamer_server::rpc::BudgetConfig;
///
/// // 25 calls a second, and a getLogs counts for three.
/// let budget = BudgetConfig::new(25).with_cost("eth_getLogs", 3);
/// assert_eq!(budget.cost("eth_getLogs"), 3);
/// assert_eq!(budget.cost("eth_chainId"), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetConfig {
    /// Credits that come back in a second; zero is taken for one.
    pub per_second: u32,
    /// Credits that may be spent at once after a rest. Default: those of one second.
    pub burst: u32,
    /// What a method costs, where it is not one credit.
    pub costs: BTreeMap<String, u32>,
}

impl BudgetConfig {
    /// So many credits in a second.
    #[must_use]
    pub fn new(per_second: u32) -> Self {
        Self {
            per_second,
            burst: per_second,
            costs: BTreeMap::new(),
        }
    }

    /// Sets the credits that may be spent at once after a rest.
    #[must_use]
    pub fn with_burst(mut self, credits: u32) -> Self {
        self.burst = credits;
        self
    }

    /// Sets what a method costs.
    #[must_use]
    pub fn with_cost(mut self, method: impl Into<String>, credits: u32) -> Self {
        self.costs.insert(method.into(), credits);
        self
    }

    /// What a call of this method costs.
    #[must_use]
    pub fn cost(&self, method: &str) -> u32 {
        self.costs.get(method).copied().unwrap_or(1)
    }
}

/// A bucket that may go below zero: whoever overdraws it waits until it is back at zero. So calls
/// that cost more than the whole bucket are possible, and turns are kept in the order of asking.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    config: BudgetConfig,
    credits: f64,
    at: Instant,
}

impl Budget {
    pub(crate) fn new(config: BudgetConfig, now: Instant) -> Self {
        let config = BudgetConfig {
            per_second: config.per_second.max(1),
            burst: config.burst.max(1),
            ..config
        };
        Self {
            credits: config.burst.into(),
            config,
            at: now,
        }
    }

    /// Spends what some calls cost. They may be made at the time that comes back.
    pub(crate) fn spend<'a>(
        &mut self,
        methods: impl Iterator<Item = &'a str>,
        now: Instant,
    ) -> Instant {
        let cost: f64 = methods.map(|it| f64::from(self.config.cost(it))).sum();
        self.credits = self.credits_at(now) - cost;
        self.at = self.at.max(now);
        self.at + self.until(0.0)
    }

    /// When the next call would not have to wait.
    pub(crate) fn ready_at(&self, now: Instant) -> Instant {
        let credits = self.credits_at(now);
        let missing = (1.0 - credits).max(0.0) / self.per_second();
        now + bounded(missing)
    }

    fn per_second(&self) -> f64 {
        self.config.per_second.into()
    }

    fn credits_at(&self, now: Instant) -> f64 {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        (self.credits + passed * self.per_second()).min(self.config.burst.into())
    }

    /// How long it takes to come up to so many credits.
    fn until(&self, credits: f64) -> Duration {
        bounded((credits - self.credits).max(0.0) / self.per_second())
    }
}

/// Seconds as a duration; a day for whatever is longer.
fn bounded(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds.min(86_400.0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn calls(count: usize) -> impl Iterator<Item = &'static str> {
        std::iter::repeat_n("eth_call", count)
    }

    #[test]
    fn a_burst_is_free_and_the_rest_waits() {
        let now = Instant::now();
        let mut budget = Budget::new(BudgetConfig::new(10), now);
        assert_eq!(budget.spend(calls(10), now), now);
        assert_eq!(
            budget.spend(calls(1), now),
            now + Duration::from_millis(100)
        );
        assert_eq!(
            budget.spend(calls(4), now),
            now + Duration::from_millis(500)
        );
        assert_eq!(budget.ready_at(now), now + Duration::from_millis(600));
        // A rest fills it up, and not beyond the burst.
        let later = now + Duration::from_secs(60);
        assert_eq!(budget.ready_at(later), later);
        assert_eq!(budget.spend(calls(10), later), later);
        assert!(budget.spend(calls(1), later) > later);
    }

    #[test]
    fn methods_have_their_price() {
        let now = Instant::now();
        let config = BudgetConfig::new(100)
            .with_burst(75)
            .with_cost("eth_getLogs", 75);
        let mut budget = Budget::new(config, now);
        assert_eq!(budget.spend(["eth_getLogs"].into_iter(), now), now);
        let wait = budget.spend(["eth_getLogs"].into_iter(), now) - now;
        assert_eq!(wait, Duration::from_millis(750));
    }

    proptest! {
        /// However calls come, no more of them are made up to any time than the burst and what came
        /// back meanwhile.
        #[test]
        fn never_overspends(
            per_second in 1..100_u32, burst in 1..50_u32,
            calls_after in proptest::collection::vec((0..400_u64, 1..5_usize), 1..60),
        ) {
            let start = Instant::now();
            let config = BudgetConfig::new(per_second).with_burst(burst);
            let mut budget = Budget::new(config, start);
            let mut now = start;
            let mut made: Vec<(Instant, usize)> = Vec::new();
            for (millis, count) in calls_after {
                now += Duration::from_millis(millis);
                let at = budget.spend(calls(count), now);
                prop_assert!(at >= now);
                made.push((at, count));
            }
            for (until, _) in &made {
                let spent: usize = made.iter().filter(|(at, _)| at <= until).map(|(_, it)| it).sum();
                let earned = (*until - start).as_secs_f64() * f64::from(per_second);
                prop_assert!(spent as f64 <= earned + f64::from(burst) + 0.01);
            }
        }
    }
}
