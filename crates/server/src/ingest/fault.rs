//! What can go wrong with an answer, inside the ingest. Faults are waited out, never handed on.

use std::error::Error as _;
use std::fmt;

use crate::rpc::{RpcError, RpcErrorKind};

use super::error::IngestError;

/// A node's answer that cannot be used, or did not come.
#[derive(Debug)]
pub(crate) enum Fault {
    /// There was no answer.
    Rpc(RpcError),
    /// There was one, and it is not true, not complete, or not about what was asked.
    Defect(Defect),
}

/// What is wrong with an answer. Every one of these was seen from public nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Defect {
    /// The endpoint has no newest block.
    NoHead,
    /// The endpoint does not have a block that another answer proves to exist.
    NoBlock { number: u64 },
    /// A log of a block that was not asked for.
    OutOfRange { number: u64 },
    /// A log that the filter does not let pass.
    NotMatching { number: u64 },
    /// A log that says of itself that a reorg removed it.
    Removed { number: u64 },
    /// Two different logs in one place, or two blocks of one number.
    Contradiction { number: u64 },
    /// A log of another block than the canonical one of that number.
    OtherBranch { number: u64 },
    /// The block's logs do not give the bloom of its header: some are missing, or are not its own.
    Bloom { number: u64 },
    /// The answer for a range lacks logs that the block itself has.
    Missing { number: u64 },
    /// The chain changed while it was read.
    Moved { number: u64 },
    /// The block as a whole did not come.
    Unread { number: u64 },
    /// A header whose parent is not the block below.
    Unlinked { number: u64 },
}

impl Fault {
    /// True if asking for fewer blocks is not expected to help. A hint: after some attempts it is
    /// tried all the same.
    pub(crate) fn is_about_time(&self) -> bool {
        match self {
            Self::Rpc(error) => {
                matches!(
                    error.kind(),
                    RpcErrorKind::RateLimited | RpcErrorKind::NotFound
                )
            }
            Self::Defect(Defect::NoHead | Defect::NoBlock { .. }) => true,
            Self::Defect(_) => self.is_about_change(),
        }
    }

    /// True if the answer was too large for the node or for our own limit.
    pub(crate) fn is_about_size(&self) -> bool {
        matches!(self, Self::Rpc(error) if error.kind() == RpcErrorKind::TooLarge)
    }

    /// True if a change of the chain explains it.
    pub(crate) fn is_about_change(&self) -> bool {
        matches!(
            self,
            Self::Defect(Defect::Moved { .. } | Defect::Unread { .. } | Defect::Unlinked { .. })
        )
    }

    /// True if an answer cannot be true.
    pub(crate) fn is_untrue(&self) -> bool {
        match self {
            Self::Rpc(_) | Self::Defect(Defect::NoHead | Defect::NoBlock { .. }) => false,
            Self::Defect(_) => !self.is_about_change(),
        }
    }

    /// The block whose logs do not agree with its header, if that is so. It is said only after the
    /// endpoints were asked again and for their receipts.
    pub(crate) fn contradicted_block(&self) -> Option<u64> {
        match self {
            Self::Defect(Defect::Bloom { number }) => Some(*number),
            _ => None,
        }
    }

    /// What a node said it would have answered.
    pub(crate) fn range_hint(&self) -> Option<u64> {
        match self {
            Self::Rpc(error) => error.range_hint(),
            Self::Defect(_) => None,
        }
    }
}

impl From<RpcError> for Fault {
    fn from(error: RpcError) -> Self {
        Self::Rpc(error)
    }
}

impl From<Defect> for Fault {
    fn from(defect: Defect) -> Self {
        Self::Defect(defect)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rpc(error) => {
                // The only place where the chain of causes becomes a text, so it is shown whole.
                write!(f, "{error}")?;
                let mut source = error.source();
                while let Some(cause) = source {
                    write!(f, ": {cause}")?;
                    source = cause.source();
                }
                Ok(())
            }
            Self::Defect(defect) => write!(f, "{defect}"),
        }
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoHead => f.write_str("the endpoint has no newest block"),
            Self::NoBlock { number } => write!(f, "the endpoint does not have block {number}"),
            Self::OutOfRange { number } => {
                write!(f, "got a log of block {number}, which was not asked for")
            }
            Self::NotMatching { number } => {
                write!(
                    f,
                    "got a log of block {number} that the filter does not let pass"
                )
            }
            Self::Removed { number } => write!(f, "got a removed log of block {number}"),
            Self::Contradiction { number } => {
                write!(f, "the logs of block {number} contradict each other")
            }
            Self::OtherBranch { number } => {
                write!(
                    f,
                    "got logs of another block {number} than the canonical one"
                )
            }
            Self::Bloom { number } => write!(
                f,
                "the logs of block {number} do not agree with its header's bloom: logs are \
                 missing, or this chain's blooms are wrong (then set its verification to off)"
            ),
            Self::Missing { number } => {
                write!(f, "the answer for a range lacks logs of block {number}")
            }
            Self::Moved { number } => write!(f, "block {number} was replaced while it was read"),
            Self::Unread { number } => write!(f, "block {number} could not be read as a whole"),
            Self::Unlinked { number } => {
                write!(f, "the parent of block {number} is not the block below it")
            }
        }
    }
}

/// Why an attempt came to nothing: worth another one, or not.
#[derive(Debug)]
pub(crate) enum Failure {
    Fault(Fault),
    Final(IngestError),
}

impl<T: Into<Fault>> From<T> for Failure {
    fn from(fault: T) -> Self {
        Self::Fault(fault.into())
    }
}

impl From<IngestError> for Failure {
    fn from(error: IngestError) -> Self {
        Self::Final(error)
    }
}
