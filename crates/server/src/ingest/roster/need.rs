//! The roster's vocabulary: what it is run by, what a read needs, whom to ask, what became of it.

use std::time::Duration;

use event_streamer_models::B256;
use tokio::time::Instant;

use super::super::breaker::{BreakerConfig, BreakerSnapshot};
use super::super::error::IngestErrorKind;
use super::super::snapshot::EndpointIdentity;

/// Kinds of reads, whose times are not to be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// The head and its headers.
    Head,
    /// One block's logs.
    Block,
    /// A range of history.
    Range,
}

impl Work {
    pub(crate) const ALL: [Self; 3] = [Self::Head, Self::Block, Self::Range];
}

/// What a read needs of its endpoint.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Need {
    pub(crate) work: Work,
    /// The highest block it is about.
    pub(crate) block: Option<u64>,
    /// The endpoint whose answer could not be used; another one is asked if there is one.
    pub(crate) avoid: Option<usize>,
}

impl Need {
    pub(crate) fn new(work: Work) -> Self {
        Self {
            work,
            block: None,
            avoid: None,
        }
    }

    pub(crate) fn of_block(self, block: u64) -> Self {
        Self {
            block: Some(block),
            ..self
        }
    }

    pub(crate) fn avoiding(self, avoid: Option<usize>) -> Self {
        Self { avoid, ..self }
    }
}

/// Whom to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    Use(usize),
    /// Nobody before then.
    Wait(Instant),
    /// Nobody before a call that is under way has come back.
    WaitForAnswer,
    /// Nobody ever.
    Nobody(IngestErrorKind),
}

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// An answer that could be used.
    Answered,
    /// A refusal that says nothing against the endpoint: too large a question, or the chain changed
    /// while it was answered.
    Refused,
    /// The endpoint lacks this block.
    Lacking(Option<u64>),
    /// The endpoint asks for patience.
    Busy(Option<Duration>),
    /// No answer, or one that makes no sense.
    Failed(Option<Duration>),
    /// An answer that cannot be true.
    Untrue,
    /// Nobody waited for it.
    GivenUp,
}

/// What the roster is run by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) chain_id: u64,
    /// The hash of the first block; else whatever the first endpoint says.
    pub(crate) genesis: Option<B256>,
    pub(crate) breaker: BreakerConfig,
    /// Reads that may be under way at one endpoint.
    pub(crate) max_reads: usize,
    /// How long a lag of one block weighs at the head.
    pub(crate) block_time: Duration,
    /// How long an endpoint that asks for patience is left alone if it does not say.
    pub(crate) quiet_base: Duration,
    pub(crate) quiet_cap: Duration,
    /// The longest wish for patience that is obeyed as it stands.
    pub(crate) retry_after_cap: Duration,
}

/// What there is to see of a member.
#[derive(Clone, Debug)]
pub(crate) struct MemberSnapshot {
    pub(crate) breaker: BreakerSnapshot,
    pub(crate) identity: EndpointIdentity,
    pub(crate) mean_latency: Option<Duration>,
    pub(crate) p95_latency: Option<Duration>,
    pub(crate) error_rate: f64,
    pub(crate) head: Option<u64>,
    pub(crate) lag: Option<u64>,
    pub(crate) under_way: usize,
    pub(crate) quiet_for: Option<Duration>,
    pub(crate) untrue_answers: u64,
    pub(crate) hedged: u64,
}
