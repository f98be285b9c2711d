//! The simulated node, in the terms of the service.

use std::ops::Deref;

use event_streamer_models::Log;
use event_streamer_server::ingest::LogFilter;
use event_streamer_server::rpc::RpcUrl;
use event_streamer_testkit::SimNode;
use tokio::net::TcpListener;

pub(crate) use event_streamer_testkit::{Asked, Lie, some_logs};

use super::fold::soon;

pub(crate) const CHAIN_ID: u64 = SimNode::CHAIN_ID;

/// A [`SimNode`] whose URLs, filters and waits are ours.
#[derive(Clone, Debug)]
pub(crate) struct Node(SimNode);

impl Deref for Node {
    type Target = SimNode;

    fn deref(&self) -> &SimNode {
        &self.0
    }
}

impl Node {
    /// A node with block 0 alone, which is the same one for all nodes.
    pub(crate) async fn start() -> Self {
        Self(SimNode::start().await)
    }

    /// A node with a block 0 that no other node has.
    pub(crate) async fn start_other() -> Self {
        Self(SimNode::start_other().await)
    }

    pub(crate) fn listen(listener: TcpListener) -> Self {
        Self(SimNode::listen(listener))
    }

    pub(crate) fn url(&self) -> RpcUrl {
        self.http_url().parse().unwrap()
    }

    /// The canonical logs of some blocks that pass a filter, as they should arrive.
    pub(crate) fn logs(&self, filter: &LogFilter, from: u64, to: u64) -> Vec<Log> {
        let mut logs = self.all_logs(from, to);
        logs.retain(|it| filter.matches(it));
        logs
    }

    /// Waits until the head was asked for `count` more times.
    pub(crate) async fn polled(&self, count: u64) {
        soon("a poll", self.0.polled(count)).await;
    }

    /// Waits until `count` more calls were made, of any kind.
    pub(crate) async fn asked_times(&self, count: u64) {
        soon("a call", self.0.asked_times(count)).await;
    }
}
