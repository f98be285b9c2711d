//! The chain's HTTP endpoints: which one is asked next.
//!
//! The one that last answered well is asked until it fails; then it is the next one's turn. An
//! endpoint is asked for its chain id before its first use and again after every broken connection;
//! one that belongs to another chain is never used again.

use std::fmt;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use crate::rpc::{RpcClient, RpcError, RpcErrorKind};

use super::config::SourceConfig;
use super::error::{IngestError, IngestErrorKind};
use super::fault::{Failure, Fault};

pub(crate) struct Endpoints {
    all: Vec<Endpoint>,
    /// The one to ask next.
    turn: AtomicUsize,
    chain_id: u64,
    retry_after_cap: Duration,
}

struct Endpoint {
    node: RpcClient,
    permits: Semaphore,
    state: Mutex<State>,
    /// The highest block it was seen to have.
    height: AtomicU64,
}

#[derive(Clone, Copy, Debug)]
struct State {
    identity: Identity,
    /// The node asked to be left alone until then.
    quiet_until: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
enum Identity {
    Unknown,
    Ours,
    Foreign(u64),
}

enum Choice {
    Use(usize),
    Wait(Instant),
    Nobody(IngestErrorKind),
}

/// The right to ask one endpoint for a while. Not to be held while another one is awaited.
pub(crate) struct Lease<'a> {
    endpoints: &'a Endpoints,
    index: usize,
    _permit: SemaphorePermit<'a>,
}

impl Endpoints {
    pub(crate) fn new(config: &SourceConfig) -> Result<Self, RpcError> {
        let endpoint = |url| -> Result<Endpoint, RpcError> {
            Ok(Endpoint {
                node: RpcClient::new(url, &config.rpc)?,
                permits: Semaphore::new(config.max_concurrent_reads.max(1)),
                state: Mutex::new(State {
                    identity: Identity::Unknown,
                    quiet_until: None,
                }),
                height: AtomicU64::new(0),
            })
        };
        Ok(Self {
            all: config
                .http
                .iter()
                .cloned()
                .map(endpoint)
                .collect::<Result<_, _>>()?,
            turn: AtomicUsize::new(0),
            chain_id: config.chain_id,
            retry_after_cap: config.retry_after_cap,
        })
    }

    /// No endpoint at all: every lease is refused.
    pub(crate) fn none(config: &SourceConfig) -> Self {
        Self {
            all: Vec::new(),
            turn: AtomicUsize::new(0),
            chain_id: config.chain_id,
            retry_after_cap: config.retry_after_cap,
        }
    }

    /// Waits for the turn of an endpoint that is known to be on the right chain.
    ///
    /// # Errors
    ///
    /// A fault if the endpoint could not be identified, a final error if all are foreign.
    pub(crate) async fn lease(&self) -> Result<Lease<'_>, Failure> {
        loop {
            let index = match self.choose() {
                Choice::Use(index) => index,
                Choice::Wait(until) => {
                    tokio::time::sleep_until(until).await;
                    continue;
                }
                Choice::Nobody(kind) => return Err(IngestError::new(kind).into()),
            };
            let endpoint = &self.all[index];
            let Ok(permit) = endpoint.permits.acquire().await else {
                return Err(IngestError::new(IngestErrorKind::Closed).into());
            };
            let lease = Lease {
                endpoints: self,
                index,
                _permit: permit,
            };
            match endpoint.state().identity {
                Identity::Ours => return Ok(lease),
                // Found out while this waited for its turn.
                Identity::Foreign(_) => continue,
                Identity::Unknown => {}
            }
            if lease.identify().await? {
                return Ok(lease);
            }
        }
    }

    fn choose(&self) -> Choice {
        let now = Instant::now();
        let count = self.all.len();
        let first = self.turn.load(Ordering::Relaxed);
        let mut earliest: Option<Instant> = None;
        let mut nobody = IngestErrorKind::Config;
        for index in (0..count).map(|offset| (first + offset) % count) {
            let state = *self.all[index].state();
            match (state.identity, state.quiet_until) {
                (Identity::Foreign(actual), _) => {
                    nobody = IngestErrorKind::WrongChain {
                        expected: self.chain_id,
                        actual,
                    };
                }
                (_, Some(until)) if until > now => {
                    earliest = Some(earliest.map_or(until, |it| it.min(until)));
                }
                _ => return Choice::Use(index),
            }
        }
        earliest.map_or(Choice::Nobody(nobody), Choice::Wait)
    }
}

impl Endpoint {
    fn state(&self) -> MutexGuard<'_, State> {
        // The state is valid after any panic: it is only ever replaced whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lease<'_> {
    pub(crate) fn node(&self) -> &RpcClient {
        &self.endpoint().node
    }

    fn endpoint(&self) -> &Endpoint {
        &self.endpoints.all[self.index]
    }

    /// Whether the endpoint was seen to have this block or a higher one. One that was not may answer
    /// for a range it has only in part.
    pub(crate) fn has(&self, number: u64) -> bool {
        self.endpoint().height.load(Ordering::Relaxed) >= number
    }

    /// The endpoint has this block.
    pub(crate) fn proven(&self, number: u64) {
        self.endpoint().height.fetch_max(number, Ordering::Relaxed);
    }

    /// Whether the endpoint is on the right chain.
    async fn identify(&self) -> Result<bool, Failure> {
        let actual = match self.node().chain_id().await {
            Ok(id) => id.get(),
            Err(error) => {
                let fault = Fault::from(error);
                self.failed(&fault);
                return Err(Failure::Fault(fault));
            }
        };
        let expected = self.endpoints.chain_id;
        let ours = actual == expected;
        if !ours {
            tracing::error!(
                endpoint = %self.node().url(), expected, actual,
                "endpoint is on another chain and will not be used"
            );
        }
        self.endpoint().state().identity = if ours {
            Identity::Ours
        } else {
            Identity::Foreign(actual)
        };
        Ok(ours)
    }

    /// It is the next endpoint's turn.
    pub(crate) fn pass_on(&self) {
        let Endpoints { all, turn, .. } = self.endpoints;
        let next = (self.index + 1) % all.len();
        // Only the first of many who find the same moves on.
        let _ = turn.compare_exchange(self.index, next, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// The endpoint's answer could not be used: the next one's turn.
    pub(crate) fn failed(&self, fault: &Fault) {
        self.pass_on();
        let mut state = self.endpoint().state();
        if let Some(wait) = fault.retry_after() {
            state.quiet_until = Some(Instant::now() + wait.min(self.endpoints.retry_after_cap));
        }
        if matches!(fault, Fault::Rpc(error) if error.kind() == RpcErrorKind::Transport)
            && matches!(state.identity, Identity::Ours)
        {
            state.identity = Identity::Unknown;
        }
    }

    /// Passes a result on, and notes the fault if it is one.
    pub(crate) fn noted<T>(&self, result: Result<T, Failure>) -> Result<T, Failure> {
        if let Err(Failure::Fault(fault)) = &result {
            self.failed(fault);
        }
        result
    }
}

impl fmt::Debug for Endpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.all.iter().map(|it| it.node.url()))
            .finish()
    }
}
