//! The chain's endpoints, and the calls made to them: does what the roster says.
//!
//! An endpoint is asked for its chain id and its first block before its first use, and again after
//! every broken connection; one that belongs to another chain is never used.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use event_streamer_models::B256;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::rpc::{BlockTag, RpcClient, RpcError, RpcErrorKind, RpcUrl};

use super::breaker::{Breaker, Now, Ticket};
use super::config::SourceConfig;
use super::error::{IngestError, IngestErrorKind};
use super::fault::{Defect, Failure, Fault};
use super::roster::{Choice, Need, Outcome, Roster, Rules, Work};
use super::snapshot::{EndpointIdentity, EndpointRole, EndpointSnapshot};

pub(crate) struct Endpoints {
    inner: Arc<Inner>,
}

struct Inner {
    nodes: Vec<Node>,
    sockets: Vec<Socket>,
    roster: Mutex<Roster>,
    /// A call came back.
    answered: Notify,
}

struct Node {
    name: String,
    client: RpcClient,
    permits: Arc<Semaphore>,
}

/// An endpoint that announces heads.
struct Socket {
    name: String,
    url: RpcUrl,
    breaker: Mutex<Breaker>,
}

/// The right to ask one endpoint for a while. Not to be held while another one is awaited.
///
/// What became of it is to be [`noted`](Self::noted); a lease that is dropped says nothing about the
/// endpoint.
pub(crate) struct Lease {
    inner: Arc<Inner>,
    index: usize,
    work: Work,
    begun: Instant,
    ticket: Option<Ticket>,
    _permit: OwnedSemaphorePermit,
}

impl Endpoints {
    pub(crate) fn new(config: &SourceConfig) -> Result<Self, RpcError> {
        let names = |offset: usize| breaker_names(&config.name).skip(offset);
        let nodes = config.http.iter().zip(names(0)).map(|(url, name)| {
            Ok(Node {
                name,
                client: RpcClient::new(url.clone(), &config.rpc)?,
                permits: Arc::new(Semaphore::new(config.max_concurrent_reads.max(1))),
            })
        });
        let nodes = nodes.collect::<Result<Vec<_>, RpcError>>()?;
        let sockets = config.websocket.iter().zip(names(nodes.len()));
        let sockets = sockets.map(|(url, name)| Socket {
            name,
            url: url.clone(),
            breaker: Mutex::new(Breaker::new(config.breaker)),
        });
        Ok(Self::of(config, nodes, sockets.collect()))
    }

    /// No endpoint at all: every lease is refused.
    pub(crate) fn none(config: &SourceConfig) -> Self {
        Self::of(config, Vec::new(), Vec::new())
    }

    fn of(config: &SourceConfig, nodes: Vec<Node>, sockets: Vec<Socket>) -> Self {
        let rules = Rules {
            chain_id: config.chain_id,
            genesis: config.genesis,
            breaker: config.breaker,
            max_reads: config.max_concurrent_reads.max(1),
            block_time: config.block_time,
            quiet_base: config.retry_base,
            quiet_cap: config.retry_cap,
            retry_after_cap: config.retry_after_cap,
        };
        let inner = Inner {
            roster: Mutex::new(Roster::new(nodes.len(), rules)),
            nodes,
            sockets,
            answered: Notify::new(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Waits for the turn of an endpoint that is known to be on the right chain.
    ///
    /// # Errors
    ///
    /// A fault if the endpoint could not be identified, a final error if all are foreign.
    pub(crate) async fn lease(&self, need: Need) -> Result<Lease, Failure> {
        loop {
            let mut answered = pin!(self.inner.answered.notified());
            // From here on no answer is missed.
            answered.as_mut().enable();
            let index = match self.inner.choose(&need) {
                Choice::Use(index) => index,
                Choice::Wait(until) => {
                    tokio::select! {
                        biased;
                        () = tokio::time::sleep_until(until) => {}
                        () = answered => {}
                    }
                    continue;
                }
                Choice::WaitForAnswer => {
                    answered.await;
                    continue;
                }
                Choice::Nobody(kind) => return Err(IngestError::new(kind).into()),
            };
            if let Some(lease) = self.lease_of(index, need.work).await? {
                return Ok(lease);
            }
        }
    }

    /// A lease of this very endpoint; `None` if it is not let through any more.
    async fn lease_of(&self, index: usize, work: Work) -> Result<Option<Lease>, Failure> {
        let node = &self.inner.nodes[index];
        let Ok(permit) = Arc::clone(&node.permits).acquire_owned().await else {
            return Err(IngestError::new(IngestErrorKind::Closed).into());
        };
        let begun = Instant::now();
        let (ticket, identity) = {
            let mut roster = self.inner.roster();
            (roster.begin(index, begun), roster.identity(index))
        };
        let mut lease = Lease {
            inner: Arc::clone(&self.inner),
            index,
            work,
            begun,
            ticket,
            _permit: permit,
        };
        if lease.ticket.is_none() {
            return Ok(None);
        }
        if identity == EndpointIdentity::Ours || lease.identify().await? {
            lease.begun = Instant::now();
            return Ok(Some(lease));
        }
        Ok(None)
    }

    /// Makes a read at the endpoint that suits it best, and at one other one too if that is slow.
    /// The first answer that can be used is taken. Where there is none, `need` says from now on that
    /// another endpoint is to be asked.
    ///
    /// # Errors
    ///
    /// As [`lease`](Self::lease), and whatever the read fails with.
    pub(crate) async fn ask<T, R: Future<Output = Result<T, Failure>>>(
        &self,
        need: &mut Need,
        read: impl Fn(Asked) -> R,
    ) -> Result<T, Failure> {
        let lease = self.lease(*need).await?;
        let index = lease.index;
        let result = self.ask_twice(need, lease, read).await;
        need.avoid = result.is_err().then_some(index);
        result
    }

    async fn ask_twice<T, R: Future<Output = Result<T, Failure>>>(
        &self,
        need: &Need,
        lease: Lease,
        read: impl Fn(Asked) -> R,
    ) -> Result<T, Failure> {
        let slow = lease.index;
        let hedge_after = self.inner.roster().hedge_after(slow, need.work);
        let mut first = pin!(lease.run(&read));
        let lease = loop {
            tokio::select! {
                biased;
                result = &mut first => return result,
                () = tokio::time::sleep(hedge_after) => {}
            }
            // Where nobody can help out now, somebody may later.
            if let Some(index) = self.hedge(need, slow, hedge_after) {
                tokio::select! {
                    biased;
                    result = &mut first => return result,
                    lease = self.lease_of(index, need.work) => if let Ok(Some(lease)) = lease {
                        break lease;
                    },
                }
            }
        };
        let mut second = pin!(lease.run(&read));
        tokio::select! {
            biased;
            result = &mut first => match result {
                Ok(answer) => Ok(answer),
                Err(_) => second.await,
            },
            result = &mut second => match result {
                Ok(answer) => Ok(answer),
                Err(_) => first.await,
            },
        }
    }

    /// Who helps out with a read that is slow.
    fn hedge(&self, need: &Need, slow: usize, waited: Duration) -> Option<usize> {
        self.inner.note_budgets();
        let mut roster = self.inner.roster();
        let index = roster.choose_hedge(need, slow, Instant::now())?;
        roster.hedged(slow, need.work, waited);
        Some(index)
    }

    /// A lease of one endpoint for its own sake; `None` if it may not be asked now.
    pub(crate) async fn visit(&self, index: usize) -> Option<Lease> {
        self.lease_of(index, Work::Head).await.ok().flatten()
    }

    /// How many HTTP endpoints there are.
    pub(crate) fn len(&self) -> usize {
        self.inner.nodes.len()
    }

    /// How many endpoints have a say about the chain.
    pub(crate) fn voters(&self) -> usize {
        self.inner.roster().voters()
    }

    /// An answer of this endpoint turned out to be untrue when it was held against others.
    pub(crate) fn caught(&self, index: usize) {
        self.inner.roster().caught(index, Instant::now());
    }

    /// Whether the endpoint was caught with untrue answers lately.
    pub(crate) fn is_distrusted(&self, index: usize) -> bool {
        self.inner.roster().is_distrusted(index)
    }

    /// What the chain's head is, as far as it has proven itself.
    pub(crate) fn chain_head(&self, number: u64) {
        self.inner.roster().chain_head(number);
    }

    /// How all endpoints are doing, HTTP first.
    pub(crate) fn snapshots(&self) -> Vec<EndpointSnapshot> {
        let now = Instant::now();
        let nodes = self.inner.nodes.iter().enumerate().map(|(index, node)| {
            let seen = self.inner.roster().snapshot(index, now);
            EndpointSnapshot {
                name: node.name.clone(),
                url: node.client.url().origin(),
                role: EndpointRole::Data,
                identity: seen.identity,
                breaker: seen.breaker,
                mean_latency: seen.mean_latency,
                p95_latency: seen.p95_latency,
                error_rate: seen.error_rate,
                head: seen.head,
                lag: seen.lag,
                under_way: seen.under_way,
                quiet_for: seen.quiet_for,
                untrue_answers: seen.untrue_answers,
                hedged: seen.hedged,
            }
        });
        let sockets = self.inner.sockets.iter().map(Socket::snapshot);
        nodes.chain(sockets).collect()
    }

    /// Closes the breaker of this name; false if there is none.
    pub(crate) fn reset(&self, name: &str) -> bool {
        if let Some(index) = self.inner.nodes.iter().position(|it| it.name == name) {
            self.inner.roster().reset(index);
        } else if let Some(socket) = self.inner.sockets.iter().find(|it| it.name == name) {
            socket.breaker().reset();
        } else {
            return false;
        }
        // Whoever waits for it looks again.
        self.inner.answered.notify_waiters();
        true
    }

    /// Whether the endpoint of announcements may be tried; if not, for how long it is let alone.
    pub(crate) fn begin_socket(&self, index: usize) -> Result<Ticket, Duration> {
        let now = Instant::now();
        let mut breaker = self.inner.sockets[index].breaker();
        let rest = match breaker.admits(now) {
            Err(Some(until)) => until - now,
            // A reset, or the next look.
            _ => Duration::from_millis(100),
        };
        breaker.admit(now).ok_or(rest)
    }

    /// Tells what became of a try.
    pub(crate) fn end_socket(&self, index: usize, ticket: Ticket, is_well: bool) {
        let mut breaker = self.inner.sockets[index].breaker();
        if is_well {
            breaker.succeeded(ticket, Now::read());
        } else {
            breaker.failed(ticket, Now::read());
        }
    }
}

impl Inner {
    fn roster(&self) -> MutexGuard<'_, Roster> {
        // Nothing in the roster panics between two changes that belong together.
        self.roster.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn choose(&self, need: &Need) -> Choice {
        self.note_budgets();
        self.roster().choose(need, Instant::now())
    }

    fn note_budgets(&self) {
        for (index, node) in self.nodes.iter().enumerate() {
            if let Some(at) = node.client.budget_at() {
                self.roster().budget(index, Some(at));
            }
        }
    }
}

impl Socket {
    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn snapshot(&self) -> EndpointSnapshot {
        EndpointSnapshot {
            name: self.name.clone(),
            url: self.url.origin(),
            role: EndpointRole::Announcements,
            identity: EndpointIdentity::Unknown,
            breaker: self.breaker().snapshot(),
            mean_latency: None,
            p95_latency: None,
            error_rate: 0.0,
            head: None,
            lag: None,
            under_way: 0,
            quiet_for: None,
            untrue_answers: 0,
            hedged: 0,
        }
    }
}

/// The endpoint that a read is made at.
#[derive(Clone)]
pub(crate) struct Asked {
    inner: Arc<Inner>,
    pub(crate) index: usize,
}

impl Asked {
    pub(crate) fn node(&self) -> &RpcClient {
        &self.inner.nodes[self.index].client
    }

    /// Whether the endpoint was seen to have this block or a higher one. One that was not may answer
    /// for a range it has only in part.
    pub(crate) fn has(&self, block: u64) -> bool {
        self.inner.roster().has(self.index, block)
    }

    /// The endpoint has this block.
    pub(crate) fn proven(&self, block: u64) {
        self.inner.roster().proven(self.index, block);
    }

    /// The endpoint told of this head.
    pub(crate) fn head(&self, number: u64) {
        self.inner.roster().head(self.index, number);
    }

    /// The endpoint showed this head.
    pub(crate) fn has_head(&self, number: u64) {
        let mut roster = self.inner.roster();
        roster.head(self.index, number);
        roster.proven(self.index, number);
    }

    /// It is another endpoint's turn.
    pub(crate) fn pass_on(&self) {
        self.inner.roster().pass_on(self.index, Instant::now());
    }
}

impl Lease {
    pub(crate) fn asked(&self) -> Asked {
        Asked {
            inner: Arc::clone(&self.inner),
            index: self.index,
        }
    }

    /// Makes a read, and notes what became of it.
    pub(crate) async fn run<T, R: Future<Output = Result<T, Failure>>>(
        self,
        read: impl Fn(Asked) -> R,
    ) -> Result<T, Failure> {
        let result = read(self.asked()).await;
        self.noted(result)
    }

    /// Whether the endpoint is on the right chain.
    async fn identify(&mut self) -> Result<bool, Failure> {
        let (chain_id, genesis) = match self.identity().await {
            Ok(identity) => identity,
            Err(error) => {
                let fault = Fault::from(error);
                self.end(outcome_of(&fault));
                self.after(&fault);
                return Err(Failure::Fault(fault));
            }
        };
        let identity = self
            .inner
            .roster()
            .identified(self.index, chain_id, genesis);
        let endpoint = self.asked();
        let endpoint = endpoint.node().url();
        match identity {
            EndpointIdentity::Foreign { chain_id } => tracing::error!(
                %endpoint, chain_id, "endpoint is on another chain and will not be used"
            ),
            EndpointIdentity::OtherGenesis { genesis } => tracing::error!(
                %endpoint, %genesis, "endpoint has another first block and will not be used"
            ),
            EndpointIdentity::Ours | EndpointIdentity::Unknown => {}
        }
        if identity != EndpointIdentity::Ours {
            self.end(Outcome::GivenUp);
        }
        Ok(identity == EndpointIdentity::Ours)
    }

    /// The chain id, and the hash of the first block if the node still has that.
    async fn identity(&self) -> Result<(u64, Option<B256>), RpcError> {
        let asked = self.asked();
        let node = asked.node();
        let chain_id = node.chain_id().await?.get();
        if !self.inner.roster().wants_genesis(chain_id) {
            return Ok((chain_id, None));
        }
        match node.header_by_number(BlockTag::Number(0)).await {
            Ok(header) => Ok((chain_id, header.map(|it| it.hash))),
            // There are nodes that have lost their first blocks, and say so in many ways.
            Err(error)
                if matches!(
                    error.kind(),
                    RpcErrorKind::Node { .. } | RpcErrorKind::NotFound
                ) =>
            {
                Ok((chain_id, None))
            }
            Err(error) => Err(error),
        }
    }

    /// Passes a result on, and notes what it says about the endpoint.
    pub(crate) fn noted<T>(mut self, result: Result<T, Failure>) -> Result<T, Failure> {
        match &result {
            Ok(_) => self.end(Outcome::Answered),
            Err(Failure::Fault(fault)) => {
                self.end(outcome_of(fault));
                self.after(fault);
            }
            Err(Failure::Final(_)) => self.end(Outcome::GivenUp),
        }
        result
    }

    fn after(&self, fault: &Fault) {
        if matches!(fault, Fault::Rpc(error) if error.kind() == RpcErrorKind::Transport) {
            self.inner.roster().disconnected(self.index);
        }
    }

    fn end(&mut self, outcome: Outcome) {
        let Some(ticket) = self.ticket.take() else {
            return;
        };
        let now = Now::read();
        let took = now.instant - self.begun;
        self.inner
            .roster()
            .end(self.index, ticket, self.work, outcome, took, now);
        self.inner.answered.notify_waiters();
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.end(Outcome::GivenUp);
    }
}

/// What a fault says about the endpoint.
fn outcome_of(fault: &Fault) -> Outcome {
    match fault {
        Fault::Rpc(error) => match error.kind() {
            RpcErrorKind::RateLimited => Outcome::Busy(error.retry_after()),
            // A method that the node does not have says nothing about those it has.
            RpcErrorKind::TooLarge | RpcErrorKind::Node { code: -32601 } => Outcome::Refused,
            RpcErrorKind::NotFound => Outcome::Lacking(None),
            RpcErrorKind::Transport
            | RpcErrorKind::Protocol
            | RpcErrorKind::Http { .. }
            | RpcErrorKind::Node { .. } => Outcome::Failed(error.retry_after()),
        },
        Fault::Defect(defect) => match defect {
            Defect::NoBlock { number } => Outcome::Lacking(Some(*number)),
            Defect::NoHead => Outcome::Lacking(None),
            _ if fault.is_about_change() => Outcome::Refused,
            _ => Outcome::Untrue,
        },
    }
}

/// `ethereum_rpc`, `ethereum_rpc_2`, `ethereum_rpc_3`, ...
fn breaker_names(chain: &str) -> impl Iterator<Item = String> {
    let words = chain.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|it| !it.is_empty()).collect();
    let chain = words.join("_").to_lowercase();
    (1..).map(move |number: u32| match number {
        1 => format!("{chain}_rpc"),
        number => format!("{chain}_rpc_{number}"),
    })
}

impl fmt::Debug for Endpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let urls = self.inner.nodes.iter().map(|it| it.client.url());
        f.debug_list().entries(urls).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breakers_are_named_after_their_chain() {
        let names = |chain| Vec::from_iter(breaker_names(chain).take(3));
        assert_eq!(
            names("Ethereum"),
            ["ethereum_rpc", "ethereum_rpc_2", "ethereum_rpc_3"]
        );
        assert_eq!(names(" BNB Smart Chain")[0], "bnb_smart_chain_rpc");
        assert_eq!(names("chain 1337")[1], "chain_1337_rpc_2");
    }
}
