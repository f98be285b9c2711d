//! One ordered, complete sequence of logs: history, then live, without a seam.

use std::fmt;
use std::sync::Arc;

use event_streamer_models::Finality;
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::rpc::LogFilter;

use super::cursor::{Cursor, FollowStart};
use super::error::{IngestError, IngestErrorKind};
use super::follow::{self, Request};
use super::source::ChainSource;
use super::step::Step;

/// How many steps are read ahead of the one being consumed. Each holds one answer of a node at
/// most, so this bounds a follower's memory.
const STEPS_AHEAD: usize = 1;

/// A reader of the logs that pass one filter.
///
/// Reading begins with the first [`next`](Self::next), in a task of its own that stays
/// one step ahead and ends with the follower.
pub struct Follower {
    source: ChainSource,
    state: State,
    cursor: Option<Cursor>,
}

enum State {
    Idle(Box<Request>),
    Running {
        steps: mpsc::Receiver<Box<Result<Step, IngestError>>>,
        _task: DropGuard,
        /// The end was told, and is watched.
        at_end: bool,
        /// What came after the end, not handed out yet.
        after_end: Option<Box<Result<Step, IngestError>>>,
    },
    Failed(IngestErrorKind),
}

impl Follower {
    pub(crate) fn new(
        source: ChainSource,
        filter: LogFilter,
        start: FollowStart,
        end_block: Option<u64>,
        finality: Finality,
    ) -> Self {
        let cursor = match start {
            FollowStart::After(cursor) => Some(cursor),
            FollowStart::Block(_) | FollowStart::Latest => None,
        };
        let first_block = match start {
            FollowStart::Block(number) => number,
            FollowStart::Latest | FollowStart::After(_) => 0,
        };
        let request = Request {
            filter,
            start,
            first_block,
            end_block,
            finality,
        };
        Self {
            source,
            state: State::Idle(Box::new(request)),
            cursor,
        }
    }

    /// Never hands out logs of blocks below this one, also after a reorg that goes back further.
    ///
    /// To be called before the first step; where the start is a block, that block is the default.
    #[must_use]
    pub fn with_first_block(mut self, block: u64) -> Self {
        if let State::Idle(request) = &mut self.state {
            request.first_block = block;
        }
        self
    }

    /// The next thing that happened on the chain. Waits as long as there is nothing to tell, and
    /// while nodes are at fault. After [`Step::End`] it is `End` again, at once, unless a reorg
    /// replaced the end block: [`reopened`](Self::reopened) waits for that.
    ///
    /// Cancel safe: a step is either returned or still there for the next call.
    ///
    /// # Errors
    ///
    /// Only what no patience mends; see [`IngestErrorKind`]. It stays.
    pub async fn next(&mut self) -> Result<Step, IngestError> {
        if let State::Idle(request) = &self.state {
            self.state = self.run((**request).clone());
        }
        let step = match &mut self.state {
            State::Running {
                steps,
                at_end,
                after_end,
                ..
            } => match after_end.take() {
                Some(step) => Some(step),
                None if *at_end => match steps.try_recv() {
                    Ok(step) => Some(step),
                    Err(_) => return Ok(Step::End),
                },
                None => steps.recv().await,
            },
            State::Failed(kind) => return Err(IngestError::new(*kind)),
            State::Idle(_) => return Ok(Step::End),
        };
        let step = step.map_or_else(|| Err(self.source.shared().verdict()), |step| *step);
        self.took(&step);
        step
    }

    /// Waits, after [`Step::End`], until there is something else to tell: the end block was replaced
    /// by a reorg, and [`next`](Self::next) tells it. Never comes back once the end block is final;
    /// comes back at once before the end. Cancel safe.
    pub async fn reopened(&mut self) {
        match &mut self.state {
            State::Running {
                steps,
                at_end: true,
                after_end,
                ..
            } => {
                if after_end.is_none() {
                    match steps.recv().await {
                        Some(step) => *after_end = Some(step),
                        None => std::future::pending().await,
                    }
                }
            }
            State::Idle(_) | State::Running { .. } | State::Failed(_) => {}
        }
    }

    fn took(&mut self, step: &Result<Step, IngestError>) {
        match step {
            Ok(Step::Logs(segment)) => self.cursor = Some(Cursor::after_block(segment.to)),
            Ok(Step::Reorg(rollback)) => {
                self.cursor = Some(Cursor::after_block(rollback.rollback_to));
            }
            Ok(Step::Incomplete(_) | Step::End) => {}
            Err(error) => self.state = State::Failed(error.kind()),
        }
        if let State::Running { at_end, .. } = &mut self.state {
            *at_end = matches!(step, Ok(Step::End));
        }
    }

    fn run(&self, request: Request) -> State {
        let shared = Arc::clone(self.source.shared());
        let (sender, steps) = mpsc::channel(STEPS_AHEAD);
        let token = CancellationToken::new();
        let task = follow::run(Arc::clone(&shared), request, sender, token.clone());
        shared.tasks.spawn(task);
        State::Running {
            steps,
            _task: token.drop_guard(),
            at_end: false,
            after_end: None,
        }
    }

    /// The position after the last step; before the first one, the position it was started after.
    #[must_use]
    pub fn cursor(&self) -> Option<&Cursor> {
        self.cursor.as_ref()
    }
}

impl fmt::Debug for Follower {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Follower")
            .field("cursor", &self.cursor)
            .finish_non_exhaustive()
    }
}
