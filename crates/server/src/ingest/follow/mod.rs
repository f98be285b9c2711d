//! The task behind a follower: decides what to read next, reads it, hands it out.
//!
//! One loop for history and live: where the position is, and what the chain looks like now, say
//! what is done. So there is no seam between the two, and a reorg is noticed in either.

mod branch;
mod live;
mod range;

use std::sync::Arc;

use event_streamer_models::{BlockRef, Finality, Log};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::rpc::LogFilter;

use super::backoff::Backoff;
use super::cursor::{Cursor, FollowStart};
use super::error::IngestError;
use super::fault::{Defect, Failure, Fault};
use super::matcher::LogMatcher;
use super::plan::RangePlanner;
use super::ring::Header;
use super::router::Route;
use super::sample::Sample;
use super::shared::Shared;
use super::step::{Incomplete, Rollback, Segment, Step};
use super::trail::Trail;
use super::view::View;

use branch::Verdict;

/// What a follower was asked for.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) filter: LogFilter,
    pub(super) start: FollowStart,
    /// Nothing below is handed out.
    pub(super) first_block: u64,
    pub(super) end_block: Option<u64>,
    pub(super) finality: Finality,
}

/// How many faults that only time is expected to mend are waited out before the range is narrowed
/// all the same.
const PATIENCE: u32 = 3;

/// In boxes: a channel has room for many more than are ever in it.
pub(super) type Steps = mpsc::Sender<Box<Result<Step, IngestError>>>;

/// Runs until the request is fulfilled, nobody listens any more, or the source ends.
pub(super) async fn run(
    shared: Arc<Shared>,
    request: Request,
    steps: Steps,
    dropped: CancellationToken,
) {
    let engine = Engine::new(Arc::clone(&shared), request, steps.clone());
    let followed = async {
        if let Err(error) = engine.run().await {
            // The last word waits for its turn.
            let _ = steps.send(Box::new(Err(error))).await;
        }
    };
    tokio::select! {
        biased;
        () = dropped.cancelled() => {}
        // The follower finds out by itself, as this may not wait for it.
        _ = shared.ended() => {}
        () = followed => {}
    }
}

struct Engine {
    shared: Arc<Shared>,
    matcher: LogMatcher,
    /// Where logs near the head come from.
    route: Route,
    request: Request,
    /// Behind the last block or log that was handed out.
    cursor: Option<Cursor>,
    /// The block to go on with.
    next: u64,
    /// The blocks that the cursor came by.
    trail: Trail,
    /// The chain when the cursor was last known to be on it.
    base: Option<Arc<View>>,
    /// The cursor is on the branch of `base`, and `base` has the current epoch.
    verified: bool,
    planner: RangePlanner,
    /// The endpoint whose answer could not be used.
    avoid: Option<usize>,
    /// Logs in a block of history, the moving mean.
    density: f64,
    /// Which ranges are looked at by chance.
    sample: Sample,
    /// That this position cannot move was told.
    told_incomplete: bool,
    /// The end was told.
    told_end: bool,
    backoff: Backoff,
    views: watch::Receiver<Option<Arc<View>>>,
    steps: Steps,
}

/// What to do next.
enum Plan {
    /// Nothing, until the chain changes.
    Wait,
    /// Everything was handed out.
    End,
    /// Blocks of history by range, at most up to `last`.
    Range { last: u64 },
    /// Blocks near the head one by one, each pinned by its hash.
    Blocks { last: u64 },
}

/// What came of it.
enum Turn {
    /// The position moved.
    Moved,
    /// There is nothing to do until the chain changes.
    Idle,
    /// Everything was handed out.
    Done,
}

impl Engine {
    fn new(shared: Arc<Shared>, request: Request, steps: Steps) -> Self {
        let config = &shared.config;
        let (cursor, next) = match request.start {
            FollowStart::After(cursor) => (Some(cursor), after(&cursor)),
            FollowStart::Block(number) => (None, number),
            FollowStart::Latest => (None, 0),
        };
        let mut trail = Trail::default();
        if let Some(cursor) = cursor.filter(Cursor::has_hash) {
            trail.advance(cursor.block);
        }
        let matcher = LogMatcher::new(request.filter.clone());
        Self {
            trail,
            route: shared.router.register(matcher.clone()),
            matcher,
            cursor,
            next: next.max(request.first_block),
            base: None,
            verified: cursor.is_none(),
            planner: RangePlanner::new(config.max_blocks_per_request),
            avoid: None,
            density: 0.0,
            sample: Sample::new(config.jitter_seed),
            told_incomplete: false,
            told_end: false,
            backoff: config.backoff(),
            views: shared.view.subscribe(),
            steps,
            request,
            shared,
        }
    }

    async fn run(mut self) -> Result<(), IngestError> {
        self.begin().await;
        loop {
            let view = self.view().await;
            match self.turn(&view).await {
                Ok(Turn::Moved) => {}
                Ok(Turn::Idle) => self.changed().await,
                Ok(Turn::Done) => return Ok(()),
                Err(Failure::Fault(fault)) => self.wait_out(&fault).await,
                Err(Failure::Final(error)) => return Err(error),
            }
        }
    }

    /// Where "latest" is gets decided once, with the first sight of the chain.
    async fn begin(&mut self) {
        if self.request.start != FollowStart::Latest {
            return;
        }
        loop {
            let view = self.view().await;
            if let Some(newest) = view.newest(&self.request.finality) {
                self.next = newest.max(self.request.first_block);
                self.request.first_block = self.next;
                return;
            }
            self.changed().await;
        }
    }

    /// One turn: makes sure of the position, then does what is next.
    async fn turn(&mut self, view: &Arc<View>) -> Result<Turn, Failure> {
        let same_branch = self
            .base
            .as_ref()
            .is_some_and(|base| base.epoch == view.epoch);
        if let Some(cursor) = self.cursor.filter(|_| !(self.verified && same_branch)) {
            // What is seldom under way has no room in the task: there may be ten thousand of these.
            match Box::pin(self.verify(&cursor, view)).await? {
                Verdict::Good => {}
                Verdict::Ahead => return Ok(Turn::Idle),
                Verdict::Dead(rollback) => {
                    self.roll_back(view, rollback).await;
                    return Ok(Turn::Moved);
                }
            }
        }
        self.verified = true;
        self.base = Some(Arc::clone(view));
        match self.plan(view) {
            Plan::Wait => return Ok(Turn::Idle),
            Plan::End => return Ok(self.end(view).await),
            Plan::Range { last } => Box::pin(self.read_range(view, last)).await,
            Plan::Blocks { last } => Box::pin(self.read_blocks(view, last)).await,
        }
        .map(|()| Turn::Moved)
        .inspect_err(|failure| {
            if matches!(failure, Failure::Fault(fault) if fault.is_about_change()) {
                // Perhaps it is the position that is on a dead branch.
                self.verified = false;
            }
        })
    }

    /// Everything was handed out. Where a reorg can still replace the end block, it is watched.
    async fn end(&mut self, view: &View) -> Turn {
        if !std::mem::replace(&mut self.told_end, true) {
            self.hand_out(Step::End).await;
        }
        if view.is_final(self.next.saturating_sub(1)) || self.cursor.is_none() {
            Turn::Done
        } else {
            Turn::Idle
        }
    }

    async fn roll_back(&mut self, view: &Arc<View>, rollback: Rollback) {
        let Rollback { rollback_to, depth } = rollback;
        tracing::info!(
            rollback_to = rollback_to.number,
            depth,
            "the position's branch died"
        );
        self.move_to(Cursor::after_block(rollback_to));
        self.verified = true;
        self.base = Some(Arc::clone(view));
        self.hand_out(Step::Reorg(rollback)).await;
    }

    fn plan(&self, view: &View) -> Plan {
        if self.request.end_block.is_some_and(|end| self.next > end) {
            return Plan::End;
        }
        let Some(newest) = self.newest(view) else {
            // Not an error: young chains have no finality yet, and a node may learn it.
            tracing::debug!(finality = ?self.request.finality, "no block has this finality yet");
            return Plan::Wait;
        };
        if self.next > newest {
            return Plan::Wait;
        }
        let last = self.request.end_block.map_or(newest, |end| end.min(newest));
        let pinned = view.first_pinned();
        // Near the end also final blocks are read one by one: others want the same ones now.
        let is_near = last - self.next < self.shared.config.blocks_ahead as u64;
        if self.next >= pinned || is_near && view.ring.get(self.next).is_some() {
            Plan::Blocks { last }
        } else {
            Plan::Range {
                last: last.min(pinned - 1),
            }
        }
    }

    fn newest(&self, view: &View) -> Option<u64> {
        view.newest(&self.request.finality)
    }

    /// Hands out the logs up to and including block `to`.
    async fn deliver(&mut self, view: &View, to: BlockRef, mut logs: Vec<Log>) {
        if let Some(Cursor {
            block,
            log_index: Some(done),
        }) = self.cursor
        {
            logs.retain(|it| it.block_number != block.number || it.log_index > done);
        }
        let segment = Segment {
            from_block: self.next,
            to,
            logs,
            live: self.newest(view).is_some_and(|newest| to.number >= newest),
            head_block: view.head.number,
        };
        self.move_to(Cursor::after_block(to));
        self.hand_out(Step::Logs(segment)).await;
    }

    /// What is read goes on where the position is: on its block, or on the child of it. Where that
    /// is not so, one of them is on another branch, and it may be the position.
    fn check_link(&self, first: &Header) -> Result<(), Defect> {
        let Some(cursor) = self.cursor.filter(Cursor::has_hash) else {
            return Ok(());
        };
        let BlockRef { number, hash } = cursor.block;
        let is_linked = if number == first.number {
            hash == first.hash
        } else {
            // Where the position is further below, nothing can be said.
            number + 1 != first.number || hash == first.parent_hash
        };
        if is_linked {
            Ok(())
        } else {
            Err(Defect::Unlinked {
                number: first.number,
            })
        }
    }

    fn move_to(&mut self, cursor: Cursor) {
        self.told_incomplete = false;
        self.told_end = false;
        self.backoff.succeeded();
        self.shared.health.read_succeeded();
        self.next = after(&cursor).max(self.request.first_block);
        self.trail.advance(cursor.block);
        self.cursor = Some(cursor);
    }

    async fn hand_out(&self, step: Step) {
        // If nobody listens, this task is about to be told.
        let _ = self.steps.send(Box::new(Ok(step))).await;
    }

    /// The chain as it is now; waits for the first sight of it.
    async fn view(&mut self) -> Arc<View> {
        loop {
            let view = self.views.borrow_and_update().clone();
            match view {
                Some(view) => return view,
                None => self.changed().await,
            }
        }
    }

    async fn changed(&mut self) {
        if self.views.changed().await.is_err() {
            // The source is gone, and this task with it.
            std::future::pending::<()>().await;
        }
    }

    async fn wait_out(&mut self, fault: &Fault) {
        if fault.is_about_change() && self.views.has_changed().unwrap_or(false) {
            // What was being read is gone, and it is known by now what came instead.
            return;
        }
        let wait = self.backoff.failed();
        tracing::warn!(block = self.next, error = %fault, ?wait, "reading failed, trying again");
        self.shared.health.read_failed(fault);
        if let Some(block) = fault.contradicted_block()
            && !std::mem::replace(&mut self.told_incomplete, true)
        {
            self.shared.health.found_incomplete();
            let reason = fault.to_string();
            self.hand_out(Step::Incomplete(Incomplete { block, reason }))
                .await;
        }
        tokio::time::sleep(wait).await;
    }
}

/// The first block that is not wholly done.
fn after(cursor: &Cursor) -> u64 {
    match cursor.log_index {
        Some(_) => cursor.block.number,
        None => cursor.block.number.saturating_add(1),
    }
}
