//! What is handled and not yet kept: acknowledgements wait here for the checkpoint.

use std::collections::VecDeque;

use event_streamer_models::ResumeToken;

use super::acks::AckTarget;
use super::config::PositionKeeper;

/// A position that everything before is handled: to be kept durably, and then handed to
/// [`Session::checkpointed`](crate::Session::checkpointed).
///
/// Of one session; whether it is saved late, twice or not at all does no harm to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    token: ResumeToken,
    /// How many marks had settled when it was made.
    settled: u64,
}

impl Checkpoint {
    /// What to keep: the token to resume from.
    #[must_use]
    pub fn token(&self) -> &ResumeToken {
        &self.token
    }
}

/// An acknowledgement that may be sent once the first `settled` marks are kept.
#[derive(Debug)]
struct Waiting {
    settled: u64,
    target: AckTarget,
    token: Option<ResumeToken>,
}

/// An acknowledgement that may be sent, and the position behind its batch.
pub(crate) type Released = (AckTarget, Option<ResumeToken>);

/// The part of the way between handled and acknowledged.
#[derive(Debug)]
pub(crate) struct Checkpoints {
    keeper: PositionKeeper,
    /// Marks that left the ledger, ever.
    settled: u64,
    /// So many of them are kept.
    kept: u64,
    /// The position that is kept.
    position: Option<ResumeToken>,
    waiting: VecDeque<Waiting>,
    count: u64,
}

impl Checkpoints {
    pub(crate) fn new(keeper: PositionKeeper, position: Option<ResumeToken>) -> Self {
        Self {
            keeper,
            settled: 0,
            kept: 0,
            position,
            waiting: VecDeque::new(),
            count: 0,
        }
    }

    /// Takes in that everything up to `handled` is handled. `kept` says that it is durable already.
    pub(crate) fn settle(
        &mut self,
        handled: Option<&ResumeToken>,
        target: Option<Released>,
        kept: bool,
    ) {
        self.settled += 1;
        if let Some((target, token)) = target {
            self.waiting.push_back(Waiting {
                settled: self.settled,
                target,
                token,
            });
        }
        // Without a new position there is nothing to keep: a batch without a token, of a service that
        // has none, is where the one before it was.
        let nothing_new = self.kept + 1 == self.settled && self.position.as_ref() == handled;
        if kept || nothing_new || self.keeper == PositionKeeper::Service {
            self.keep(self.settled, handled);
        }
    }

    /// The position that is to be kept next, if there is one.
    pub(crate) fn due(&self, handled: Option<&ResumeToken>) -> Option<Checkpoint> {
        (self.kept < self.settled).then_some(())?;
        Some(Checkpoint {
            token: handled?.clone(),
            settled: self.settled,
        })
    }

    /// Takes in that a checkpoint is durable.
    pub(crate) fn kept(&mut self, checkpoint: &Checkpoint) {
        if checkpoint.settled > self.kept && checkpoint.settled <= self.settled {
            self.count += 1;
            self.keep(checkpoint.settled, Some(&checkpoint.token));
        }
    }

    fn keep(&mut self, settled: u64, position: Option<&ResumeToken>) {
        self.kept = settled;
        self.position = position.cloned();
    }

    /// The next acknowledgement that nothing holds back any more.
    pub(crate) fn release(&mut self) -> Option<Released> {
        let next = self
            .waiting
            .pop_front_if(|waiting| waiting.settled <= self.kept)?;
        Some((next.target, next.token))
    }

    /// The position that is kept.
    pub(crate) fn position(&self) -> Option<&ResumeToken> {
        self.position.as_ref()
    }

    /// Acknowledgements that wait for a checkpoint.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Checkpoints that were kept.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }
}
