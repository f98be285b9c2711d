//! The chain's endpoints, and the calls made to them: does what the roster says.
//!
//! An endpoint is asked for its chain id and its first block before its first use, and again after
//! every broken connection; one that belongs to another chain is never used.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use event_streamer_models::B256;
use tokio::sync::{Notify, Semaphore};
use tokio::time::Instant;

use crate::rpc::{RpcClient, RpcError, RpcUrl};

use super::breaker::{Breaker, Now, Ticket};
use super::config::SourceConfig;
use super::error::{IngestError, IngestErrorKind};
use super::fault::Failure;
use super::roster::{Choice, Need, Roster, Rules, Work};
use super::snapshot::{EndpointIdentity, EndpointRole, EndpointSnapshot};

mod lease;

pub(crate) use lease::{Asked, Lease};

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

    /// The hash of the chain's first block, as far as known.
    pub(crate) fn genesis(&self) -> Option<B256> {
        self.inner.roster().genesis
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
                calls: node.client.calls(),
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
            calls: BTreeMap::new(),
        }
    }
}

/// What the names of a chain's breakers begin with.
pub(crate) fn breaker_prefix(chain: &str) -> String {
    let words = chain.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|it| !it.is_empty()).collect();
    words.join("_").to_lowercase()
}

/// `ethereum_rpc`, `ethereum_rpc_2`, `ethereum_rpc_3`, ...
fn breaker_names(chain: &str) -> impl Iterator<Item = String> {
    let chain = breaker_prefix(chain);
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
