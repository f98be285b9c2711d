//! The node: a chain served over HTTP and WebSocket.

mod builder;
mod http;
mod pace;
mod serve;
mod websocket;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use self::builder::{BlockPosition, ReplayNodeBuilder};
use self::serve::Server;
use crate::chain::Chain;
use crate::limits::NodeLimits;
use crate::recording::Recording;

/// How long answers that are under way may take when the node shuts down.
const SHUTDOWN_GRACE: Duration = Duration::from_millis(500);

/// An EVM node that serves a [`Recording`] over JSON-RPC, HTTP and WebSocket on one port.
///
/// It runs until it is shut down or dropped. [`shutdown`](Self::shutdown) waits until no task of
/// it is left; a drop ends its tasks as soon as the runtime gets to it.
///
/// ```
/// use std::time::Duration;
///
/// use event_streamer_replay::{BlockPosition, Recording, ReplayNode};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let text = r#"{"recording":1,"chain_id":1,"first_block":100,"last_block":120}"#;
/// let node = ReplayNode::builder(Recording::read(text.as_bytes())?)
///     .head(BlockPosition::BeforeLast(10))
///     .start()
///     .await?;
/// assert!(node.http_url().starts_with("http://127.0.0.1:"));
/// assert_eq!(node.head(), 110);
///
/// assert_eq!(node.mine(3), 113);
/// node.set_block_time(Some(Duration::from_millis(10)));
/// node.wait_for_head(120).await;
/// assert_eq!(node.head(), node.last_block());
/// node.shutdown().await;
/// # Ok(())
/// # }
/// ```
pub struct ReplayNode {
    chain: Arc<Chain>,
    address: SocketAddr,
    block_time: watch::Sender<Option<Duration>>,
    /// Asks every task to come to its end.
    stop: CancellationToken,
    /// Ends every task where it stands.
    kill: CancellationToken,
    tasks: TaskTracker,
}

/// What the builder has checked.
struct Settings {
    chain: Chain,
    limits: NodeLimits,
    block_time: Option<Duration>,
    listener: TcpListener,
    address: SocketAddr,
}

impl ReplayNode {
    /// Sets up a node for this recording.
    #[must_use]
    pub fn builder(recording: impl Into<Arc<Recording>>) -> ReplayNodeBuilder {
        ReplayNodeBuilder::new(recording.into())
    }

    fn spawn(settings: Settings) -> Self {
        let chain = Arc::new(settings.chain);
        let (stop, kill) = (CancellationToken::new(), CancellationToken::new());
        let tasks = TaskTracker::new();
        let (block_time, pace) = watch::channel(settings.block_time);

        tasks.spawn(pace::run(Arc::clone(&chain), pace, stop.clone()));
        let server = Server {
            chain: Arc::clone(&chain),
            limits: Arc::new(settings.limits),
            stop: stop.clone(),
            kill: kill.clone(),
            tasks: tasks.clone(),
        };
        tasks.spawn(server.accept(settings.listener));
        tracing::debug!(
            address = %settings.address,
            chain_id = chain.recording().chain_id(),
            head = chain.head(),
            last_block = chain.recording().last_block(),
            "replay node started"
        );
        Self {
            chain,
            address: settings.address,
            block_time,
            stop,
            kill,
            tasks,
        }
    }

    /// The address it listens on.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Where to send requests: `http://127.0.0.1:34567`. Any path is served.
    #[must_use]
    pub fn http_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where to connect a WebSocket: `ws://127.0.0.1:34567`. Any path is served.
    #[must_use]
    pub fn ws_url(&self) -> String {
        format!("ws://{}", self.address)
    }

    /// The recording it serves.
    #[must_use]
    pub fn recording(&self) -> &Recording {
        self.chain.recording()
    }

    /// The highest block mined.
    #[must_use]
    pub fn head(&self) -> u64 {
        self.chain.head()
    }

    /// The last block there is to mine.
    #[must_use]
    pub fn last_block(&self) -> u64 {
        self.chain.recording().last_block()
    }

    /// Mines so many blocks at once, at most up to the last; gives the new head.
    ///
    /// Each block is announced to the `newHeads` subscribers; of more than 1,024 the newest.
    pub fn mine(&self, blocks: u64) -> u64 {
        self.chain.mine(blocks)
    }

    /// Changes the time between blocks from now on; `None` stops the clock.
    pub fn set_block_time(&self, block_time: Option<Duration>) {
        self.block_time.send_replace(block_time);
    }

    /// Waits until a block is mined. For a block above the last this never ends.
    pub async fn wait_for_head(&self, number: u64) {
        // It fails if the sender is gone, which `self` holds.
        let _ = self
            .chain
            .watch_head()
            .wait_for(|&head| head >= number)
            .await;
    }

    /// Stops listening, finishes the answers under way, closes the WebSockets, and waits until no
    /// task is left. What is not done after half a second is cut off.
    pub async fn shutdown(self) {
        self.stop.cancel();
        self.tasks.close();
        if timeout(SHUTDOWN_GRACE, self.tasks.wait()).await.is_err() {
            self.kill.cancel();
            self.tasks.wait().await;
        }
        tracing::debug!(address = %self.address, "replay node stopped");
    }
}

impl Drop for ReplayNode {
    fn drop(&mut self) {
        self.stop.cancel();
        self.kill.cancel();
    }
}

impl fmt::Debug for ReplayNode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplayNode")
            .field("address", &self.address)
            .field("chain_id", &self.chain.recording().chain_id())
            .field("head", &self.head())
            .field("last_block", &self.last_block())
            .finish_non_exhaustive()
    }
}
