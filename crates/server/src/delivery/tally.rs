//! What has happened on the streams since the start of the process.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::sync::lock;

/// Subscribers with a tally of their own. The further ones share one, which nobody but an
/// administrator sees: what clients call themselves must not fill the memory.
const MAX_SUBSCRIBERS: usize = 10_000;

/// The tallies of all subscribers.
#[derive(Debug, Default)]
pub(crate) struct Tallies {
    by_subscriber: Mutex<HashMap<String, Arc<Tally>>>,
    others: Arc<Tally>,
}

/// What has happened on the streams, and with the resume tokens, of one subscriber.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    connections: AtomicU64,
    closed_silent: AtomicU64,
    checks: AtomicU64,
    messages_written: AtomicU64,
    messages_lost: AtomicU64,
    events_written: AtomicU64,
    /// The sum over all written events.
    delivery_micros: AtomicU64,
    tokens_made: AtomicU64,
    tokens_used: AtomicU64,
    tokens_expired: AtomicU64,
}

/// A tally, or the sum of several, at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Streams that were opened.
    pub(crate) connections: u64,
    /// Streams that were closed because nothing was heard of their clients.
    pub(crate) closed_silent: u64,
    /// How often a stream was checked for a sign of its client.
    pub(crate) checks: u64,
    /// Messages that were handed to their sockets.
    pub(crate) messages_written: u64,
    /// Messages that their streams ended before.
    pub(crate) messages_lost: u64,
    /// Events in the written messages.
    pub(crate) events_written: u64,
    /// From the arrival of their logs to the writing of their message, summed over those events.
    pub(crate) delivery_micros: u64,
    pub(crate) tokens_made: u64,
    /// Tokens that a stream was opened with.
    pub(crate) tokens_used: u64,
    /// Tokens from before a reset of the position that they were for.
    pub(crate) tokens_expired: u64,
}

impl Tallies {
    /// The tally to count in.
    pub(crate) fn of(&self, subscriber_id: &str) -> Arc<Tally> {
        let mut tallies = lock(&self.by_subscriber);
        if let Some(tally) = tallies.get(subscriber_id) {
            return Arc::clone(tally);
        }
        if tallies.len() >= MAX_SUBSCRIBERS {
            return Arc::clone(&self.others);
        }
        let tally = Arc::<Tally>::default();
        tallies.insert(subscriber_id.to_owned(), Arc::clone(&tally));
        tally
    }

    /// What was counted for one subscriber, or for all.
    pub(crate) fn counts(&self, subscriber_id: Option<&str>) -> Counts {
        let tallies = lock(&self.by_subscriber);
        if let Some(id) = subscriber_id {
            return tallies.get(id).map(|it| it.counts()).unwrap_or_default();
        }
        let all = tallies.values().map(|it| it.counts());
        all.fold(self.others.counts(), Counts::plus)
    }
}

impl Tally {
    pub(crate) fn opened(&self) {
        add(&self.connections, 1);
    }

    pub(crate) fn closed_silent(&self) {
        add(&self.closed_silent, 1);
    }

    pub(crate) fn checked(&self) {
        add(&self.checks, 1);
    }

    /// A message was handed to its socket, so long after the logs in it had arrived.
    pub(crate) fn wrote(&self, events: u64, took: Duration) {
        add(&self.messages_written, 1);
        add(&self.events_written, events);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        add(&self.delivery_micros, micros.saturating_mul(events));
    }

    pub(crate) fn lost(&self, messages: u64) {
        add(&self.messages_lost, messages);
    }

    pub(crate) fn made_token(&self) {
        add(&self.tokens_made, 1);
    }

    pub(crate) fn used_token(&self) {
        add(&self.tokens_used, 1);
    }

    pub(crate) fn refused_expired_token(&self) {
        add(&self.tokens_expired, 1);
    }

    pub(crate) fn counts(&self) -> Counts {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counts {
            connections: read(&self.connections),
            closed_silent: read(&self.closed_silent),
            checks: read(&self.checks),
            messages_written: read(&self.messages_written),
            messages_lost: read(&self.messages_lost),
            events_written: read(&self.events_written),
            delivery_micros: read(&self.delivery_micros),
            tokens_made: read(&self.tokens_made),
            tokens_used: read(&self.tokens_used),
            tokens_expired: read(&self.tokens_expired),
        }
    }
}

fn add(counter: &AtomicU64, count: u64) {
    counter.fetch_add(count, Ordering::Relaxed);
}

impl Counts {
    fn plus(self, other: Self) -> Self {
        Self {
            connections: self.connections + other.connections,
            closed_silent: self.closed_silent + other.closed_silent,
            checks: self.checks + other.checks,
            messages_written: self.messages_written + other.messages_written,
            messages_lost: self.messages_lost + other.messages_lost,
            events_written: self.events_written + other.events_written,
            delivery_micros: self.delivery_micros.saturating_add(other.delivery_micros),
            tokens_made: self.tokens_made + other.tokens_made,
            tokens_used: self.tokens_used + other.tokens_used,
            tokens_expired: self.tokens_expired + other.tokens_expired,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subscriber_sees_its_own_and_an_administrator_the_sum() {
        let tallies = Tallies::default();
        tallies.of("a").wrote(3, Duration::from_micros(5));
        tallies.of("b").lost(2);
        tallies.of("a").opened();
        let a = Counts {
            connections: 1,
            messages_written: 1,
            events_written: 3,
            delivery_micros: 15,
            ..Counts::default()
        };
        assert_eq!(tallies.counts(Some("a")), a);
        assert_eq!(tallies.counts(Some("nobody")), Counts::default());
        let all = Counts {
            messages_lost: 2,
            ..a
        };
        assert_eq!(tallies.counts(None), all);
    }

    #[test]
    fn subscribers_beyond_the_limit_share_a_tally() {
        let tallies = Tallies::default();
        for number in 0..MAX_SUBSCRIBERS + 7 {
            tallies.of(&number.to_string()).opened();
        }
        let all = MAX_SUBSCRIBERS as u64 + 7;
        assert_eq!(tallies.counts(None).connections, all);
        assert_eq!(lock(&tallies.by_subscriber).len(), MAX_SUBSCRIBERS);
        assert_eq!(tallies.others.counts().connections, 7);
    }
}
