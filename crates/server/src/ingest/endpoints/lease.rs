//! One call's right to an endpoint, and what is noted of it.

use std::future::Future;
use std::sync::Arc;

use event_streamer_models::B256;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

use crate::rpc::{BlockTag, RpcClient, RpcError, RpcErrorKind};

use super::super::breaker::{Now, Ticket};
use super::super::fault::{Defect, Failure, Fault};
use super::super::roster::{Outcome, Work};
use super::super::snapshot::EndpointIdentity;
use super::Inner;

/// The right to ask one endpoint for a while. Not to be held while another one is awaited.
///
/// What became of it is to be [`noted`](Self::noted); a lease that is dropped says nothing about the
/// endpoint.
pub(crate) struct Lease {
    pub(super) inner: Arc<Inner>,
    pub(super) index: usize,
    pub(super) work: Work,
    pub(super) begun: Instant,
    pub(super) ticket: Option<Ticket>,
    pub(super) _permit: OwnedSemaphorePermit,
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
    pub(super) async fn identify(&mut self) -> Result<bool, Failure> {
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
