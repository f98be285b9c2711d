//! Why a follower gives up: faults that no patience mends.

use std::error::Error as StdError;
use std::fmt;

use event_streamer_models::B256;

/// A final failure of a [`Follower`](super::Follower). Faults of nodes are not among them: those
/// are waited out, and are visible in [`SourceStatus`](super::SourceStatus).
#[derive(Debug)]
pub struct IngestError {
    kind: IngestErrorKind,
}

/// What kind of failure an [`IngestError`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IngestErrorKind {
    /// Every endpoint belongs to another chain than the configured one.
    WrongChain {
        /// The configured chain id.
        expected: u64,
        /// What an endpoint reported.
        actual: u64,
    },
    /// Every endpoint has another first block than the configured one.
    WrongGenesis {
        /// The hash of an endpoint's first block.
        actual: B256,
    },
    /// A block that had been final was replaced: what was delivered cannot be trusted.
    ReorgTooDeep {
        /// The number of the block the position was on.
        position: u64,
        /// The number of the last block that the two branches have in common, as far as known.
        rollback_to: u64,
        /// The number of the block that had been final.
        finalized: u64,
    },
    /// A request to the node cannot be made from the configuration (no HTTP endpoint, a URL the
    /// client does not take).
    Config,
    /// The source was shut down.
    Closed,
}

impl IngestError {
    pub(crate) fn new(kind: IngestErrorKind) -> Self {
        Self { kind }
    }

    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> IngestErrorKind {
        self.kind
    }
}

impl fmt::Display for IngestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            IngestErrorKind::WrongChain { expected, actual } => write!(
                f,
                "every endpoint is on another chain: expected chain id {expected}, got {actual}; \
                 correct the endpoints or the chain id"
            ),
            IngestErrorKind::WrongGenesis { actual } => write!(
                f,
                "every endpoint is on another chain: its first block is {actual}; correct the \
                 endpoints or the configured genesis hash"
            ),
            IngestErrorKind::ReorgTooDeep {
                position,
                rollback_to,
                finalized,
            } => write!(
                f,
                "reorg deeper than finality: at block {position} the chain went back to block \
                 {rollback_to}, though block {finalized} had been final; check the endpoints"
            ),
            IngestErrorKind::Config => {
                f.write_str("no endpoint can be used: configure at least one http or https URL")
            }
            IngestErrorKind::Closed => f.write_str("the chain's source was shut down"),
        }
    }
}

impl StdError for IngestError {}
