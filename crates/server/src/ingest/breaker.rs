//! A circuit breaker: whether an endpoint is asked at all. A state machine without IO; the time is
//! told to it.
//!
//! - **Closed**: every call is let through. Too many failures in a row open it.
//! - **Open**: nothing is let through until the recovery time has passed.
//! - **Half-open**: a few calls are let through. Enough successes in a row close it, one failure
//!   opens it again.
//!
//! A call belongs to the period of the state it was let through in: what comes back late, after the
//! breaker has moved on, is counted and moves nothing.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use event_streamer_models::BreakerState;
use tokio::time::Instant;

/// When breakers open and close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakerConfig {
    /// Failures in a row that open a breaker. Default 5.
    pub failure_threshold: u32,
    /// How long it stays open. Default 15 s, so that a chain whose only endpoint comes back goes on
    /// within half a minute.
    pub recovery_timeout: Duration,
    /// Successes in a row that close it again. Default 2.
    pub success_threshold: u32,
    /// Calls that may be under way at once while it is half-open. Default 3.
    pub half_open_max_calls: u32,
}

impl Default for BreakerConfig {
    fn default() -> Self {
        Self {
            failure_threshold: 5,
            recovery_timeout: Duration::from_secs(15),
            success_threshold: 2,
            half_open_max_calls: 3,
        }
    }
}

/// What a breaker has seen so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BreakerSnapshot {
    /// Whether it lets calls through.
    pub state: BreakerState,
    /// Calls that failed.
    pub failures: u64,
    /// Calls that did not.
    pub successes: u64,
    /// Calls that failed since the last that did not.
    pub consecutive_failures: u64,
    /// Calls that did not fail since the last that did.
    pub consecutive_successes: u64,
    /// Calls that were let through while it was half-open.
    pub half_open_calls: u64,
    /// When a call failed last.
    pub last_failure: Option<SystemTime>,
    /// When a call did not fail last.
    pub last_success: Option<SystemTime>,
    /// How often it went from one state to another, by names like `closed_to_open`.
    pub transitions: BTreeMap<&'static str, u64>,
}

impl BreakerSnapshot {
    /// Calls that came to an end.
    #[must_use]
    pub fn total_calls(&self) -> u64 {
        self.failures + self.successes
    }
}

/// The permission to make one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ticket {
    period: u64,
}

/// Two clocks read at once: one to measure with, one to show.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Now {
    pub(crate) instant: Instant,
    pub(crate) wall: SystemTime,
}

impl Now {
    pub(crate) fn read() -> Self {
        Self {
            instant: Instant::now(),
            wall: SystemTime::now(),
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Breaker {
    config: BreakerConfig,
    state: State,
    /// Counts the changes of state.
    period: u64,
    seen: BreakerSnapshot,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Closed { failures: u32 },
    Open { until: Instant },
    HalfOpen { under_way: u32, successes: u32 },
}

impl Breaker {
    pub(crate) fn new(config: BreakerConfig) -> Self {
        let config = BreakerConfig {
            failure_threshold: config.failure_threshold.max(1),
            success_threshold: config.success_threshold.max(1),
            half_open_max_calls: config.half_open_max_calls.max(1),
            ..config
        };
        Self {
            config,
            state: State::Closed { failures: 0 },
            period: 0,
            seen: BreakerSnapshot::default(),
        }
    }

    /// Whether a call would be let through at `now`; if not, when it is worth asking again. `None`
    /// means that a call under way has to come back first.
    pub(crate) fn admits(&self, now: Instant) -> Result<(), Option<Instant>> {
        match self.state {
            State::Open { until } if now < until => Err(Some(until)),
            State::HalfOpen { under_way, .. } if under_way >= self.config.half_open_max_calls => {
                Err(None)
            }
            _ => Ok(()),
        }
    }

    /// Lets a call through, if it may pass. Its end is to be told: see [`succeeded`],
    /// [`failed`] and [`given_up`].
    ///
    /// [`succeeded`]: Self::succeeded
    /// [`failed`]: Self::failed
    /// [`given_up`]: Self::given_up
    pub(crate) fn admit(&mut self, now: Instant) -> Option<Ticket> {
        self.admits(now).ok()?;
        if let State::Open { .. } = self.state {
            let half_open = State::HalfOpen {
                under_way: 0,
                successes: 0,
            };
            self.change(half_open, "open_to_half_open");
        }
        if let State::HalfOpen { under_way, .. } = &mut self.state {
            *under_way += 1;
            self.seen.half_open_calls += 1;
        }
        Some(Ticket {
            period: self.period,
        })
    }

    /// A call was answered well.
    pub(crate) fn succeeded(&mut self, ticket: Ticket, now: Now) {
        self.seen.successes += 1;
        self.seen.consecutive_successes += 1;
        self.seen.consecutive_failures = 0;
        self.seen.last_success = Some(now.wall);
        if ticket.period != self.period {
            return;
        }
        match &mut self.state {
            State::Closed { failures } => *failures = 0,
            State::HalfOpen {
                under_way,
                successes,
            } => {
                *under_way = under_way.saturating_sub(1);
                *successes += 1;
                if *successes >= self.config.success_threshold {
                    self.change(State::Closed { failures: 0 }, "half_open_to_closed");
                }
            }
            State::Open { .. } => {}
        }
    }

    /// A call failed in a way that is the endpoint's fault.
    pub(crate) fn failed(&mut self, ticket: Ticket, now: Now) {
        self.seen.failures += 1;
        self.seen.consecutive_failures += 1;
        self.seen.consecutive_successes = 0;
        self.seen.last_failure = Some(now.wall);
        if ticket.period != self.period {
            return;
        }
        let open = State::Open {
            until: now.instant + self.config.recovery_timeout,
        };
        match &mut self.state {
            State::Closed { failures } => {
                *failures += 1;
                if *failures >= self.config.failure_threshold {
                    self.change(open, "closed_to_open");
                }
            }
            State::HalfOpen { .. } => self.change(open, "half_open_to_open"),
            State::Open { .. } => {}
        }
    }

    /// A call came to nothing, and it says nothing about the endpoint.
    pub(crate) fn given_up(&mut self, ticket: Ticket) {
        if ticket.period == self.period
            && let State::HalfOpen { under_way, .. } = &mut self.state
        {
            *under_way = under_way.saturating_sub(1);
        }
    }

    /// Closes it by hand. Counters stay.
    pub(crate) fn reset(&mut self) {
        let closed = State::Closed { failures: 0 };
        self.seen.consecutive_failures = 0;
        match self.state {
            State::Closed { .. } => self.state = closed,
            State::Open { .. } => self.change(closed, "open_to_closed"),
            State::HalfOpen { .. } => self.change(closed, "half_open_to_closed"),
        }
    }

    pub(crate) fn state(&self) -> BreakerState {
        match self.state {
            State::Closed { .. } => BreakerState::Closed,
            State::Open { .. } => BreakerState::Open,
            State::HalfOpen { .. } => BreakerState::HalfOpen,
        }
    }

    pub(crate) fn snapshot(&self) -> BreakerSnapshot {
        BreakerSnapshot {
            state: self.state(),
            ..self.seen.clone()
        }
    }

    fn change(&mut self, state: State, name: &'static str) {
        self.state = state;
        self.period += 1;
        *self.seen.transitions.entry(name).or_default() += 1;
    }
}

#[cfg(test)]
mod tests;
