//! The task that keeps the head: polls, feeds the state machine, publishes what came of it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use event_streamer_models::{B256, BlockRef};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::rpc::{BlockTag, RpcClient};

use super::endpoints::Asked;
use super::fault::{Defect, Failure};
use super::head::{Applied, HeadMachine, LEAP_LINKS, Observer};
use super::ring::Header;
use super::roster::{Need, Work};
use super::shared::Shared;
use super::source::HeadState;
use super::view::{FinalityMarks, View};

/// How often in a row a head is asked for that was announced and is not there yet, before the next
/// regular poll.
const CHASES: u32 = 6;

/// The first wait of a chase; it doubles.
const CHASE: Duration = Duration::from_millis(10);

/// After how many polls without news another endpoint is asked: this one may lag.
const PATIENCE: u32 = 4;

/// Bounds of the wait between two polls, whatever the block time.
const MIN_POLL: Duration = Duration::from_millis(10);
const MAX_POLL: Duration = Duration::from_secs(60);

/// Tracks the head until the source ends.
pub(super) async fn track(shared: Arc<Shared>, announced: watch::Receiver<Option<u64>>) {
    let tracker = Tracker {
        machine: HeadMachine::new(shared.config.reorg_window),
        shared: Arc::clone(&shared),
        marks: FinalityMarks::default(),
        epoch: 0,
        unfillable: None,
        idle: 0,
    };
    tokio::select! {
        biased;
        _ = shared.ended() => {}
        () = tracker.run(announced) => {}
    }
}

struct Tracker {
    shared: Arc<Shared>,
    machine: HeadMachine,
    marks: FinalityMarks,
    epoch: u64,
    /// The lowest header of the ring, if nothing below it can be had.
    unfillable: Option<B256>,
    /// Polls in a row that brought no news.
    idle: u32,
}

impl Tracker {
    async fn run(mut self, mut announced: watch::Receiver<Option<u64>>) {
        let config = &self.shared.config;
        let interval = config.block_time.clamp(MIN_POLL, MAX_POLL);
        let mut backoff = config.backoff();
        let mut chases = 0;
        loop {
            let wait = match self.poll().await {
                Ok(()) => {
                    backoff.succeeded();
                    self.shared.health.poll_succeeded();
                    let head = self.machine.ring().head().map_or(0, |it| it.number);
                    let is_behind = announced.borrow().is_some_and(|it| it > head);
                    chases = if is_behind { chases + 1 } else { 0 };
                    if (1..=CHASES).contains(&chases) {
                        CHASE.saturating_mul(1 << chases).min(interval)
                    } else {
                        interval
                    }
                }
                Err(Failure::Fault(fault)) => {
                    let wait = backoff.failed();
                    tracing::warn!(error = %fault, ?wait, "cannot read the head");
                    self.shared.health.poll_failed(fault.to_string());
                    wait
                }
                Err(Failure::Final(error)) => {
                    tracing::error!(%error, "the chain cannot be followed");
                    self.shared.give_up(error.kind());
                    return;
                }
            };
            let polled = Instant::now();
            tokio::select! {
                biased;
                () = tokio::time::sleep_until(polled + wait) => {}
                Ok(()) = announced.changed() => chases = 0,
            }
            // A node that announces without end does not get to set the pace.
            tokio::time::sleep_until(polled + MIN_POLL.min(interval / 8)).await;
        }
    }

    async fn poll(&mut self) -> Result<(), Failure> {
        let shared = Arc::clone(&self.shared);
        let read = |asked: Asked| async move {
            let (head, reported) = ask(asked.node()).await?;
            Ok((asked, head, reported))
        };
        let mut need = Need::new(Work::Head);
        let (asked, head, reported) = shared.endpoints.ask(&mut need, read).await?;
        let polled = self.observe(&asked, head, reported).await;
        if polled.is_err() {
            self.machine.abandon();
        }
        if self.idle >= PATIENCE || polled.is_err() {
            self.idle = 0;
            asked.pass_on();
        }
        polled
    }

    /// Takes what one endpoint says the head is.
    async fn observe(
        &mut self,
        asked: &Asked,
        head: Arc<Header>,
        reported: FinalityMarks,
    ) -> Result<(), Failure> {
        let number = head.number;
        let before = self.machine.ring().clone();
        let applied = self.apply(asked, head).await?;
        self.idle = if applied == Applied::Stale {
            self.idle + 1
        } else {
            0
        };
        match applied {
            Applied::Reorg { ancestor, depth } => {
                self.epoch += 1;
                let bottom = before.bottom().map_or(0, |it| it.number);
                let bottom = bottom.min(number.saturating_add(1));
                let rollback_to = ancestor.map(|it| it.number);
                tracing::info!(depth, rollback_to, head = number, "reorg");
                if let Some(broken) = self.marks.reorg(rollback_to, bottom) {
                    tracing::error!(
                        finalized = broken.number,
                        rollback_to,
                        "a block that was final has been replaced"
                    );
                }
            }
            Applied::Jumped => self.epoch += 1,
            // Another endpoint may know better. It proves nothing about this one, neither.
            Applied::Unproven => {
                tracing::debug!(number, "a head that has not proven itself");
                asked.pass_on();
            }
            Applied::Extended | Applied::NeedParent(_) | Applied::Stale => {}
        }
        if applied == Applied::Unproven {
            return Ok(());
        }
        asked.has_head(number);
        self.marks.observe(self.machine.ring(), reported);
        let finalized = self.marks.finalized.map(|it| it.number);
        self.machine.trim(finalized);
        self.fill(asked.node(), finalized).await;
        self.publish(number);
        Ok(())
    }

    /// Gives the machine a head and every parent it asks for.
    async fn apply(&mut self, asked: &Asked, head: Arc<Header>) -> Result<Applied, Failure> {
        let node = asked.node();
        let observer = Observer {
            index: asked.index,
            voters: self.shared.endpoints.voters(),
        };
        if self.machine.is_leap(head.number) {
            let parents = parents_of(node, &head).await?;
            if self.machine.leap(Arc::clone(&head), parents) {
                return Ok(Applied::Jumped);
            }
        }
        let mut between = self.headers_up_to(node, head.number).await?;
        let mut applied = self.machine.apply(head, observer);
        while let Applied::NeedParent(parent) = applied {
            let header = match between.remove(&parent.hash) {
                Some(header) => header,
                None => by_hash(node, &parent).await?,
            };
            applied = self.machine.apply(header, observer);
        }
        Ok(applied)
    }

    /// The headers between our head and a higher one, by hash: where heads were skipped, one batch
    /// is faster than walking. What is missing or of another branch is walked to.
    async fn headers_up_to(
        &self,
        node: &RpcClient,
        number: u64,
    ) -> Result<HashMap<B256, Arc<Header>>, Failure> {
        let Some(ours) = self.machine.ring().head().map(|it| it.number) else {
            return Ok(HashMap::new());
        };
        let skipped = number.saturating_sub(ours).saturating_sub(1);
        if !(2..=self.machine.max_len()).contains(&skipped) {
            return Ok(HashMap::new());
        }
        let tags: Vec<BlockTag> = (ours + 1..number).map(BlockTag::Number).collect();
        let headers = node.headers(&tags).await?.into_iter().flatten().flatten();
        Ok(headers.map(|it| (it.hash, Arc::new(it.into()))).collect())
    }

    /// Extends the ring downwards as far as wanted and possible. It is useful without, so a fault
    /// here is none of the poll's.
    async fn fill(&mut self, node: &RpcClient, finalized: Option<u64>) {
        let missing = self.machine.missing(finalized);
        let bottom = self.machine.ring().bottom().map(|it| it.hash);
        if missing.is_empty() || bottom == self.unfillable {
            return;
        }
        let tags: Vec<BlockTag> = missing.rev().map(BlockTag::Number).collect();
        match node.headers(&tags).await {
            Ok(headers) => {
                for header in headers {
                    let Ok(header) = header else { return };
                    let linked = header.is_some_and(|it| self.machine.fill(Arc::new(it.into())));
                    if !linked {
                        self.unfillable = self.machine.ring().bottom().map(|it| it.hash);
                        return;
                    }
                }
            }
            Err(error) => tracing::debug!(%error, "cannot read older headers"),
        }
    }

    /// Shows the new state to followers and to the outside, if it is new.
    fn publish(&self, observed: u64) {
        let Some(head) = self.machine.ring().head().map(|it| it.block()) else {
            return;
        };
        self.shared.endpoints.chain_head(head.number);
        let view = View {
            ring: self.machine.ring().clone(),
            head,
            safe: self.marks.safe,
            finalized: self.marks.finalized,
            epoch: self.epoch,
        };
        self.shared.view.send_if_modified(|current| {
            let is_new = current.as_deref() != Some(&view);
            if is_new {
                *current = Some(Arc::new(view));
            }
            is_new
        });
        let number = |it: Option<BlockRef>| it.map(|it| it.number);
        let (safe, finalized) = (number(self.marks.safe), number(self.marks.finalized));
        self.shared.head.send_if_modified(|current| {
            let now = Instant::now();
            let is_fresh = observed >= head.number;
            let observed_at = match current {
                Some(state) if !is_fresh => state.observed_at,
                _ => now,
            };
            let state = HeadState {
                head,
                safe,
                finalized,
                observed_at,
            };
            let is_new = current.is_none_or(|it| HeadState { observed_at, ..it } != state);
            *current = Some(state);
            is_new
        });
    }
}

/// The head, and what the node calls safe and finalized.
async fn ask(node: &RpcClient) -> Result<(Arc<Header>, FinalityMarks), Failure> {
    let tags = [BlockTag::Latest, BlockTag::Safe, BlockTag::Finalized];
    let mut headers = node.headers(&tags).await?.into_iter();
    let mut next = || headers.next().unwrap_or(Ok(None));
    let Some(head) = next()? else {
        return Err(Defect::NoHead.into());
    };
    // Not every chain has these tags, and not always from its first block on.
    let mut mark = || next().ok().flatten().map(|it| it.block_ref());
    let (safe, finalized) = (mark(), mark());
    Ok((Arc::new(head.into()), FinalityMarks { safe, finalized }))
}

/// As many parents as prove a head, or fewer if the node does not have them.
async fn parents_of(node: &RpcClient, head: &Header) -> Result<Vec<Arc<Header>>, Failure> {
    let mut parents: Vec<Arc<Header>> = Vec::new();
    while parents.len() < LEAP_LINKS
        && let Some(parent) = parents.last().map_or(head, |it| it).parent()
    {
        match node.header_by_hash(&parent.hash).await? {
            Some(header) => parents.push(Arc::new(header.into())),
            None => break,
        }
    }
    Ok(parents)
}

async fn by_hash(node: &RpcClient, block: &BlockRef) -> Result<Arc<Header>, Failure> {
    let number = block.number;
    let header = node
        .header_by_hash(&block.hash)
        .await?
        .ok_or(Defect::NoBlock { number })?;
    if header.number != number {
        return Err(Defect::Unlinked { number: number + 1 }.into());
    }
    Ok(Arc::new(header.into()))
}
