//! How a node is set up.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use super::{ReplayNode, Settings};
use crate::chain::Chain;
use crate::error::NodeError;
use crate::limits::NodeLimits;
use crate::recording::Recording;

/// A block of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BlockPosition {
    /// The block below the first one: everything is still to be mined. Block 0 if the first block
    /// is block 0, which exists from the start on every chain.
    BeforeFirst,
    /// The first block.
    First,
    /// The last block: everything is mined.
    Last,
    /// So many blocks below the last, at most [`BeforeFirst`](Self::BeforeFirst).
    BeforeLast(u64),
    /// The block with this number, not above the last.
    Number(u64),
}

impl BlockPosition {
    fn resolve(self, recording: &Recording) -> Result<u64, NodeError> {
        let (first, last) = (recording.first_block(), recording.last_block());
        let before_first = first.saturating_sub(1);
        match self {
            Self::BeforeFirst => Ok(before_first),
            Self::First => Ok(first),
            Self::Last => Ok(last),
            Self::BeforeLast(blocks) => Ok(last.saturating_sub(blocks).max(before_first)),
            Self::Number(number) if number <= last => Ok(number),
            Self::Number(number) => Err(NodeError::setting(format!(
                "the head cannot be block {number}: the recording ends at block {last}"
            ))),
        }
    }
}

/// Sets up a [`ReplayNode`]; made by [`ReplayNode::builder`].
#[derive(Clone, Debug)]
pub struct ReplayNodeBuilder {
    recording: Arc<Recording>,
    head: BlockPosition,
    block_time: Option<Duration>,
    listen: SocketAddr,
    safe_depth: u64,
    finalized_depth: u64,
    limits: NodeLimits,
}

impl ReplayNodeBuilder {
    pub(super) fn new(recording: Arc<Recording>) -> Self {
        Self {
            recording,
            head: BlockPosition::Last,
            block_time: None,
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            safe_depth: 32,
            finalized_depth: 64,
            limits: NodeLimits::default(),
        }
    }

    /// The head at the start; the blocks above it are still to be mined. Default: the last block.
    #[must_use]
    pub fn head(mut self, head: BlockPosition) -> Self {
        self.head = head;
        self
    }

    /// Mines a block each time this has passed, until the last. Default: `None`, blocks are mined
    /// by [`ReplayNode::mine`] alone. Less than a millisecond counts as one.
    #[must_use]
    pub fn block_time(mut self, block_time: Option<Duration>) -> Self {
        self.block_time = block_time;
        self
    }

    /// The address to listen on. Default: a free port of 127.0.0.1. There is no authentication:
    /// whoever reaches the address reads the recording.
    #[must_use]
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// How far `safe` and `finalized` lie below the head, in blocks, but not below block 0.
    /// Default: 32 and 64, one and two epochs of mainnet.
    #[must_use]
    pub fn finality(mut self, safe_depth: u64, finalized_depth: u64) -> Self {
        self.safe_depth = safe_depth;
        self.finalized_depth = finalized_depth;
        self
    }

    /// What clients may ask for.
    #[must_use]
    pub fn limits(mut self, limits: NodeLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Listens and serves.
    ///
    /// # Errors
    ///
    /// If the address cannot be listened on, the head lies above the last block, `finalized` would
    /// lie above `safe`, or `max_connections` is 0.
    pub async fn start(self) -> Result<ReplayNode, NodeError> {
        let head = self.head.resolve(&self.recording)?;
        if self.finalized_depth < self.safe_depth {
            return Err(NodeError::setting(format!(
                "`finalized` ({} blocks below the head) cannot lie above `safe` ({})",
                self.finalized_depth, self.safe_depth
            )));
        }
        if self.limits.max_connections == 0 {
            return Err(NodeError::setting(
                "`max_connections` is 0: the node could not be reached",
            ));
        }
        let fault = |error| NodeError::listen(self.listen, error);
        let listener = TcpListener::bind(self.listen).await.map_err(fault)?;
        let address = listener.local_addr().map_err(fault)?;
        Ok(ReplayNode::spawn(Settings {
            chain: Chain::new(self.recording, head, self.safe_depth, self.finalized_depth),
            limits: self.limits,
            block_time: self.block_time,
            listener,
            address,
        }))
    }
}
