//! A chain that streams follow across changes of its configuration.

use std::sync::Arc;

use tokio::sync::watch;

use super::ServedChain;
use crate::delivery::ending::Ending;
use crate::delivery::feed::{Chain, Feed, Wanted};
use crate::ingest::{FollowStart, Follower, HeadState, IngestErrorKind, Step};

type Served = watch::Receiver<Option<Arc<ServedChain>>>;

/// A chain, whichever source it has at the moment.
#[derive(Clone, Debug)]
pub(crate) struct LiveChain {
    served: Served,
}

impl LiveChain {
    pub(super) fn new(served: Served) -> Self {
        Self { served }
    }
}

impl Chain for LiveChain {
    type Feed = LiveFeed;

    fn follow(&self, wanted: Wanted) -> LiveFeed {
        let mut served = self.served.clone();
        let follower = follow(&mut served, &wanted);
        LiveFeed {
            served,
            wanted,
            follower,
            at_end: false,
            after_end: None,
        }
    }

    fn head(&self) -> Option<HeadState> {
        self.served.borrow().as_ref()?.source.head()
    }
}

/// A follower of one source after the other, from the position where the last one left it.
pub(crate) struct LiveFeed {
    served: Served,
    /// Begins where the last step ended.
    wanted: Wanted,
    /// `None` once the chain is deactivated.
    follower: Option<Follower>,
    /// The follower has told the end.
    at_end: bool,
    /// What came after the end, not handed out yet.
    after_end: Option<Result<Step, Ending>>,
}

impl LiveFeed {
    /// The next step of whatever source the chain has. Cancel safe.
    async fn step(&mut self) -> Result<Step, Ending> {
        loop {
            let Some(follower) = &mut self.follower else {
                return Err(Ending::Deactivated);
            };
            let step = tokio::select! {
                biased;
                changed = self.served.changed() => {
                    self.switch(changed.is_ok());
                    continue;
                }
                step = follower.next() => step,
            };
            match step {
                // Its source was stopped because there is another one.
                Err(error)
                    if error.kind() == IngestErrorKind::Closed
                        && self.served.has_changed().unwrap_or(true) => {}
                step => {
                    if let Some(cursor) = follower.cursor() {
                        self.wanted.start = FollowStart::After(*cursor);
                    }
                    self.at_end = matches!(step, Ok(Step::End));
                    return step.map_err(Ending::from);
                }
            }
        }
    }

    fn switch(&mut self, is_served: bool) {
        self.follower = is_served
            .then(|| follow(&mut self.served, &self.wanted))
            .flatten();
        self.at_end = false;
    }
}

impl Feed for LiveFeed {
    async fn next(&mut self) -> Result<Step, Ending> {
        match self.after_end.take() {
            Some(step) => step,
            None => self.step().await,
        }
    }

    async fn reopened(&mut self) {
        while self.after_end.is_none() {
            if self.at_end
                && let Some(follower) = &mut self.follower
            {
                tokio::select! {
                    biased;
                    changed = self.served.changed() => self.switch(changed.is_ok()),
                    () = follower.reopened() => return,
                }
                continue;
            }
            // Another source tells the end again, unless it knows better.
            let step = self.step().await;
            if !matches!(step, Ok(Step::End)) {
                self.after_end = Some(step);
            }
        }
    }
}

fn follow(served: &mut Served, wanted: &Wanted) -> Option<Follower> {
    let chain = served.borrow_and_update().clone()?;
    let finality = wanted.finality.unwrap_or(chain.config.default_finality());
    let follower = chain.source.follow(
        wanted.filter.clone(),
        wanted.start,
        wanted.end_block,
        finality,
    );
    Some(follower.with_first_block(wanted.first_block))
}
