//! Which endpoint is asked next: a state machine without IO; the time is told to it.
//!
//! - Never asked: an endpoint of another chain, one whose breaker is open, one that asked to be left
//!   alone.
//! - Among the others those come first that were seen to have the block in question, then those with
//!   room for one more read, then the one with the best score: the time it usually takes, made worse
//!   by failures, by what it is doing already, by a spent budget, and at the head by its lag.
//! - The endpoint in use stays in use until it fails, or another one is twice as good. Where nothing
//!   tells them apart, the order of the configuration does.
//! - A read that takes much longer than this endpoint usually does is asked of one other endpoint
//!   too, unless that would cost budget that is short.

use std::time::Duration;

use event_streamer_models::B256;
use tokio::time::Instant;

use super::breaker::{Breaker, Now, Ticket};
use super::error::IngestErrorKind;
use super::latency::Latency;
use super::snapshot::EndpointIdentity;

mod need;

pub(crate) use need::{Choice, MemberSnapshot, Need, Outcome, Rules, Work};

/// By how much the endpoint in use has to be worse than another one to be left without a failure.
const HYSTERESIS: f64 = 2.0;

/// How much a call that failed weighs in the error rate.
const ERROR_WEIGHT: f64 = 0.2;

/// How much worse a score is made by failures alone.
const ERROR_COST: f64 = 10.0;

/// How many answers of an endpoint are looked at closely after an untrue one.
const DISTRUST: u32 = 32;

/// What an endpoint of which nothing is known is taken to need.
const UNKNOWN_LATENCY: Duration = Duration::from_millis(100);

/// How many times as long as one of its slow answers a read may take before it is hedged.
const HEDGE_MULTIPLE: u32 = 3;

/// Bounds of that time.
const MIN_HEDGE: Duration = Duration::from_millis(50);
const UNKNOWN_HEDGE: Duration = Duration::from_secs(5);

#[derive(Clone, Debug)]
pub(crate) struct Roster {
    members: Vec<Member>,
    rules: Rules,
    /// The hash of the first block, once it is known.
    pub(super) genesis: Option<B256>,
    /// The chain's head, as far as it has proven itself.
    chain_head: u64,
    /// The endpoint in use.
    incumbent: usize,
}

#[derive(Clone, Debug)]
struct Member {
    breaker: Breaker,
    identity: EndpointIdentity,
    quiet_until: Option<Instant>,
    /// Wishes for patience in a row that did not say how long.
    busy: u32,
    latency: [Latency; Work::ALL.len()],
    error_rate: f64,
    under_way: usize,
    /// When its budget allows for the next request.
    budget_at: Option<Instant>,
    head: Option<u64>,
    /// The highest block it was seen to have.
    proven: u64,
    untrue_answers: u64,
    /// How many more of its answers are looked at closely.
    distrust: u32,
    hedged: u64,
}

impl Roster {
    pub(crate) fn new(count: usize, rules: Rules) -> Self {
        let member = Member {
            breaker: Breaker::new(rules.breaker),
            identity: EndpointIdentity::Unknown,
            quiet_until: None,
            busy: 0,
            latency: Default::default(),
            error_rate: 0.0,
            under_way: 0,
            budget_at: None,
            head: None,
            proven: 0,
            untrue_answers: 0,
            distrust: 0,
            hedged: 0,
        };
        Self {
            members: vec![member; count],
            genesis: rules.genesis,
            chain_head: 0,
            rules,
            incumbent: 0,
        }
    }

    /// Whom to ask now.
    pub(crate) fn choose(&mut self, need: &Need, now: Instant) -> Choice {
        let admitted = |it: &usize| self.members[*it].admits(now).is_ok();
        let able: Vec<usize> = (0..self.members.len()).filter(admitted).collect();
        if able.is_empty() {
            return self.patience(now);
        }
        let rank = |it: usize| self.rank(it, need);
        let best_rank = able.iter().map(|it| rank(*it)).min();
        let best = able
            .into_iter()
            .filter(|it| Some(rank(*it)) == best_rank)
            .map(|it| (it, self.score(it, need, now)));
        let best: Vec<(usize, f64)> = best.collect();
        let Some(&(mut chosen, mut score)) = best.first() else {
            return Choice::WaitForAnswer;
        };
        for &(it, of_it) in &best[1..] {
            if of_it < score {
                (chosen, score) = (it, of_it);
            }
        }
        let in_use = best.iter().find(|(it, _)| *it == self.incumbent);
        match in_use {
            Some(&(it, of_it)) if of_it <= score * HYSTERESIS => Choice::Use(it),
            Some(_) => {
                self.incumbent = chosen;
                Choice::Use(chosen)
            }
            // This read goes elsewhere, which says nothing about the next one.
            None => Choice::Use(chosen),
        }
    }

    /// Another endpoint for a read that is slow at `slow`, if there is one that can begin at once.
    pub(crate) fn choose_hedge(&self, need: &Need, slow: usize, now: Instant) -> Option<usize> {
        let able = (0..self.members.len()).filter(|it| {
            let member = &self.members[*it];
            *it != slow
                && member.identity == EndpointIdentity::Ours
                && member.admits(now).is_ok()
                && member.under_way < self.rules.max_reads
                && member.budget_at.is_none_or(|at| at <= now)
                && need.block.is_none_or(|block| member.proven >= block)
                && need.avoid != Some(*it)
        });
        able.min_by(|a, b| {
            let score = |it| self.score(it, need, now);
            score(*a).total_cmp(&score(*b))
        })
    }

    /// After how long a read at this endpoint is slow.
    pub(crate) fn hedge_after(&self, index: usize, work: Work) -> Duration {
        let usual = self.members[index].latency[work as usize].p95();
        usual.map_or(UNKNOWN_HEDGE, |it| (it * HEDGE_MULTIPLE).max(MIN_HEDGE))
    }

    /// Begins a call, if the endpoint still lets it through.
    pub(crate) fn begin(&mut self, index: usize, now: Instant) -> Option<Ticket> {
        let member = &mut self.members[index];
        member.admits(now).ok()?;
        let ticket = member.breaker.admit(now)?;
        member.under_way += 1;
        Some(ticket)
    }

    /// Ends a call.
    pub(crate) fn end(
        &mut self,
        index: usize,
        ticket: Ticket,
        work: Work,
        outcome: Outcome,
        took: Duration,
        now: Now,
    ) {
        let rules = self.rules;
        let member = &mut self.members[index];
        member.under_way = member.under_way.saturating_sub(1);
        let is_failure = matches!(outcome, Outcome::Failed(_) | Outcome::Untrue);
        match outcome {
            Outcome::GivenUp | Outcome::Busy(_) => member.breaker.given_up(ticket),
            Outcome::Answered | Outcome::Refused | Outcome::Lacking(_) => {
                member.breaker.succeeded(ticket, now);
            }
            Outcome::Failed(_) | Outcome::Untrue => member.breaker.failed(ticket, now),
        }
        if outcome != Outcome::GivenUp {
            let weight = if is_failure { ERROR_WEIGHT } else { 0.0 };
            member.error_rate = member.error_rate * (1.0 - ERROR_WEIGHT) + weight;
        }
        match outcome {
            Outcome::Answered => {
                member.latency[work as usize].add(took);
                member.busy = 0;
                member.distrust = member.distrust.saturating_sub(1);
            }
            Outcome::Lacking(Some(block)) => {
                member.proven = member.proven.min(block.saturating_sub(1));
            }
            Outcome::Busy(wish) => {
                let doubled = rules.quiet_base.saturating_mul(1 << member.busy.min(20));
                member.busy = member.busy.saturating_add(1);
                let wait = wish.unwrap_or(doubled.min(rules.quiet_cap));
                member.quiet_until = Some(now.instant + wait.min(rules.retry_after_cap));
            }
            Outcome::Failed(Some(wish)) => {
                member.quiet_until = Some(now.instant + wish.min(rules.retry_after_cap));
            }
            Outcome::Untrue => {
                member.untrue_answers += 1;
                member.distrust = DISTRUST;
            }
            Outcome::Failed(None)
            | Outcome::Lacking(None)
            | Outcome::Refused
            | Outcome::GivenUp => {}
        }
        if is_failure || matches!(outcome, Outcome::Busy(_) | Outcome::Lacking(_)) {
            self.pass_on(index, now.instant);
        }
    }

    /// An answer that seemed good turned out to be untrue.
    pub(crate) fn caught(&mut self, index: usize, now: Instant) {
        let member = &mut self.members[index];
        member.untrue_answers += 1;
        member.distrust = DISTRUST;
        member.error_rate = member.error_rate * (1.0 - ERROR_WEIGHT) + ERROR_WEIGHT;
        self.pass_on(index, now);
    }

    /// Whether the endpoint was caught with untrue answers lately.
    pub(crate) fn is_distrusted(&self, index: usize) -> bool {
        self.members[index].distrust > 0
    }

    /// The endpoint takes long, and another one was asked meanwhile.
    pub(crate) fn hedged(&mut self, index: usize, work: Work, waited: Duration) {
        self.members[index].hedged += 1;
        // It would have taken at least that long.
        self.members[index].latency[work as usize].add(waited);
    }

    /// It is another endpoint's turn, if this one is in use.
    pub(crate) fn pass_on(&mut self, index: usize, now: Instant) {
        if self.incumbent != index {
            return;
        }
        let count = self.members.len();
        // In the order of the configuration from here, so that all have their turn.
        let others = (1..count).map(|step| (index + step) % count);
        let need = Need::new(Work::Head);
        let best = others
            .filter(|it| self.members[*it].admits(now).is_ok())
            .min_by(|a, b| {
                let score = |it| self.score(it, &need, now);
                score(*a).total_cmp(&score(*b))
            });
        self.incumbent = best.unwrap_or(index);
    }

    /// The chain's head is this, proven.
    pub(crate) fn chain_head(&mut self, number: u64) {
        self.chain_head = number;
    }

    /// The endpoint told of this head.
    pub(crate) fn head(&mut self, index: usize, number: u64) {
        self.members[index].head = Some(number);
    }

    /// The endpoint has this block.
    pub(crate) fn proven(&mut self, index: usize, block: u64) {
        let member = &mut self.members[index];
        member.proven = member.proven.max(block);
    }

    /// Whether the endpoint was seen to have this block or a higher one. One that was not may
    /// answer for a range it has only in part.
    pub(crate) fn has(&self, index: usize, block: u64) -> bool {
        self.members[index].proven >= block
    }

    pub(crate) fn identity(&self, index: usize) -> EndpointIdentity {
        self.members[index].identity
    }

    /// Whether an endpoint with this chain id is to be asked for its first block: not if it is out
    /// already, nor if there is nothing to compare it with.
    pub(crate) fn wants_genesis(&self, chain_id: u64) -> bool {
        let is_compared = self.rules.genesis.is_some() || self.members.len() > 1;
        chain_id == self.rules.chain_id && is_compared
    }

    /// Notes which chain the endpoint says it is on. Gives what follows from that.
    pub(crate) fn identified(
        &mut self,
        index: usize,
        chain_id: u64,
        genesis: Option<B256>,
    ) -> EndpointIdentity {
        self.members[index].identity = match (self.genesis, genesis) {
            _ if chain_id != self.rules.chain_id => EndpointIdentity::Foreign { chain_id },
            (Some(known), Some(genesis)) if known != genesis => {
                EndpointIdentity::OtherGenesis { genesis }
            }
            (known, genesis) => {
                self.genesis = known.or(genesis);
                EndpointIdentity::Ours
            }
        };
        self.adopt_common_genesis();
        self.members[index].identity
    }

    /// Its connection broke: what is at the other end now has to prove itself.
    pub(crate) fn disconnected(&mut self, index: usize) {
        let identity = &mut self.members[index].identity;
        if !matches!(identity, EndpointIdentity::Foreign { .. }) {
            *identity = EndpointIdentity::Unknown;
        }
    }

    /// Where every endpoint has another first block than the one known so far, and all have the
    /// same, the chain is a new one: a development chain that was started again.
    fn adopt_common_genesis(&mut self) {
        if self.rules.genesis.is_some() {
            return;
        }
        let mut common: Option<B256> = None;
        for member in &self.members {
            match member.identity {
                EndpointIdentity::Foreign { .. } => {}
                EndpointIdentity::OtherGenesis { genesis }
                    if common.is_none_or(|it| it == genesis) =>
                {
                    common = Some(genesis);
                }
                _ => return,
            }
        }
        if common.is_none() {
            return;
        }
        self.genesis = common;
        for member in &mut self.members {
            if matches!(member.identity, EndpointIdentity::OtherGenesis { .. }) {
                member.identity = EndpointIdentity::Ours;
                // What was proven of the old chain is not proven of this one.
                member.proven = 0;
                member.head = None;
            }
        }
    }

    /// Notes when the endpoint's budget allows for the next request.
    pub(crate) fn budget(&mut self, index: usize, at: Option<Instant>) {
        self.members[index].budget_at = at;
    }

    /// Closes the endpoint's breaker, and forgets its wish to be left alone.
    pub(crate) fn reset(&mut self, index: usize) {
        let member = &mut self.members[index];
        member.breaker.reset();
        member.quiet_until = None;
        member.busy = 0;
        member.error_rate = 0.0;
    }

    /// How many endpoints have a say about the chain.
    pub(crate) fn voters(&self) -> usize {
        let is_foreign = |it: &&Member| matches!(it.identity, EndpointIdentity::Foreign { .. });
        self.members.iter().filter(|it| !is_foreign(it)).count()
    }

    pub(crate) fn snapshot(&self, index: usize, now: Instant) -> MemberSnapshot {
        let member = &self.members[index];
        let by_mean = |it: &&Latency| it.mean();
        // The reads of one block are what there is most of; else whatever there is.
        let [head, block, range] = &member.latency;
        let latency = [block, head, range]
            .into_iter()
            .find(|it| by_mean(it).is_some());
        MemberSnapshot {
            breaker: member.breaker.snapshot(),
            identity: member.identity,
            mean_latency: latency.and_then(Latency::mean),
            p95_latency: latency.and_then(Latency::p95),
            error_rate: member.error_rate,
            head: member.head,
            lag: member.head.map(|it| self.chain_head.saturating_sub(it)),
            under_way: member.under_way,
            quiet_for: member
                .quiet_until
                .map(|until| until.saturating_duration_since(now))
                .filter(|it| !it.is_zero()),
            untrue_answers: member.untrue_answers,
            hedged: member.hedged,
        }
    }

    /// Lower is better; what matters more than any score.
    fn rank(&self, index: usize, need: &Need) -> (bool, u8, bool) {
        let member = &self.members[index];
        let lacks = match need.block {
            Some(block) if member.proven >= block => 0,
            Some(block) if member.head.is_some_and(|head| head >= block) => 1,
            Some(_) => 2,
            None => 0,
        };
        let is_avoided = need.avoid == Some(index);
        (is_avoided, lacks, member.under_way >= self.rules.max_reads)
    }

    /// The time a read is expected to take, in seconds, made worse by what speaks against it.
    fn score(&self, index: usize, need: &Need, now: Instant) -> f64 {
        let member = &self.members[index];
        let mut expected = member.latency[need.work as usize]
            .mean()
            .or_else(|| self.usual(need.work))
            .unwrap_or(UNKNOWN_LATENCY);
        if let Some(at) = member.budget_at {
            expected += at.saturating_duration_since(now);
        }
        if need.work == Work::Head
            && let Some(head) = member.head
        {
            let lag = self.chain_head.saturating_sub(head).min(1_000) as u32;
            expected += self.rules.block_time * lag;
        }
        let load = member.under_way as f64 / self.rules.max_reads.max(1) as f64;
        expected.as_secs_f64() * (1.0 + member.error_rate * ERROR_COST) * (1.0 + load)
    }

    /// The quickest mean of all: one of which nothing is known is worth a try.
    fn usual(&self, work: Work) -> Option<Duration> {
        self.members
            .iter()
            .filter_map(|it| it.latency[work as usize].mean())
            .min()
    }

    /// Nobody can be asked: until when, or for ever?
    fn patience(&self, now: Instant) -> Choice {
        let mut nobody = IngestErrorKind::Config;
        let mut earliest: Option<Instant> = None;
        let mut waits_for_answer = false;
        for member in &self.members {
            match (member.identity, member.admits(now)) {
                (EndpointIdentity::Foreign { chain_id }, _) => {
                    nobody = IngestErrorKind::WrongChain {
                        expected: self.rules.chain_id,
                        actual: chain_id,
                    };
                }
                (_, Err(Some(at))) => earliest = Some(earliest.map_or(at, |it| it.min(at))),
                (EndpointIdentity::OtherGenesis { genesis }, _) if self.rules.genesis.is_some() => {
                    nobody = IngestErrorKind::WrongGenesis { actual: genesis };
                }
                // Also the odd ones out, until somebody else is heard.
                (_, _) => waits_for_answer = true,
            }
        }
        match earliest {
            Some(at) => Choice::Wait(at),
            None if waits_for_answer => Choice::WaitForAnswer,
            None => Choice::Nobody(nobody),
        }
    }
}

impl Member {
    /// Whether it may be asked; if not, when it may be, if that is known.
    fn admits(&self, now: Instant) -> Result<(), Option<Instant>> {
        if matches!(
            self.identity,
            EndpointIdentity::Foreign { .. } | EndpointIdentity::OtherGenesis { .. }
        ) {
            return Err(None);
        }
        if let Some(until) = self.quiet_until.filter(|until| *until > now) {
            return Err(Some(until));
        }
        self.breaker.admits(now)
    }
}

#[cfg(test)]
mod tests;
