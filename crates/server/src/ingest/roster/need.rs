//! What a read needs of its endpoint, whom to ask, and what became of it.

use std::time::Duration;

use tokio::time::Instant;

use super::super::error::IngestErrorKind;

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
