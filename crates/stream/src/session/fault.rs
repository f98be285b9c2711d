//! What is wrong with a stream, and what follows from it.

use std::time::Duration;

use event_streamer_models::SubscriptionId;

use crate::position::LogPosition;

/// A message that breaks the protocol. The stream cannot be trusted behind it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProtocolFault {
    /// Batches are missing.
    #[error("batch {got} came where batch {expected} was due")]
    Gap {
        /// The sequence that was due.
        expected: u64,
        /// The sequence that came.
        got: u64,
    },
    /// A batch that was never seen comes out of turn.
    #[error("batch {got} is unknown and comes behind its turn, batch {expected} was due")]
    StepBack {
        /// The sequence that was due.
        expected: u64,
        /// The sequence that came.
        got: u64,
    },
    /// A message that moves the position is missing, or comes out of turn.
    #[error("the stream is at step {got} where step {expected} was due")]
    OutOfStep {
        /// The step that was due.
        expected: u64,
        /// The step that came.
        got: u64,
    },
    /// Blocks are left out between what the service says that it has read.
    #[error("the stream goes on at block {got}, and what is read ends with block {covered}")]
    Hole {
        /// The last block that was read.
        covered: u64,
        /// The first block that was read behind it.
        got: u64,
    },
    /// Events come that lie before delivered ones, without a notice of a rollback.
    #[error("events up to {last} came behind {delivered}, without a notice of a rollback")]
    OutOfOrder {
        /// The last of the events.
        last: LogPosition,
        /// How far the delivered events reach.
        delivered: LogPosition,
    },
    /// A block has another hash than before, without a notice of a rollback.
    #[error("block {block_number} has another hash than before, without a notice of a rollback")]
    BranchChanged {
        /// The block.
        block_number: u64,
    },
    /// The number of events is not the one the batch states.
    #[error("a batch of {stated} events holds {got}")]
    SizeMismatch {
        /// What `batch_size` says.
        stated: u64,
        /// The events that came.
        got: u64,
    },
    /// The batch belongs to another subscription.
    #[error("a batch of subscription {got} came on the stream of subscription {expected}")]
    Foreign {
        /// The subscription that is streamed.
        expected: SubscriptionId,
        /// The subscription of the batch.
        got: SubscriptionId,
    },
}

/// Why a stream ended, or did not begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// The connection was not made, broke, fell silent or ended.
    Connection,
    /// The service is there and cannot serve now.
    Unavailable {
        /// How long it wants to be left alone.
        retry_after: Option<Duration>,
    },
    /// What came breaks the protocol.
    Protocol,
}

/// What to do after a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Recovery {
    /// Connect again after this delay.
    Reconnect {
        /// The delay.
        delay: Duration,
        /// How often in a row, from 1.
        attempt: u32,
    },
    /// The fault is final.
    Stop,
}
