//! What a test says to the node.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use event_streamer_models::{B256, BlockRef, Log};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{broadcast, watch};
use tokio::task::{AbortHandle, JoinSet};

use super::block::{Block, some_logs};
use super::chain::Chain;
use super::lie::{Asked, Lie};
use super::{http, socket};

/// How many announcements a subscriber may be behind before it loses some, as with real nodes.
const ANNOUNCEMENTS: usize = 256;

/// Gets each call, with the answer that would be true.
type Script = Box<dyn FnMut(&Asked, &Value) -> Option<Lie> + Send>;

/// What is told to those who subscribed to `newHeads`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Announcing {
    /// Every new head.
    Heads,
    /// Every new head, twice.
    Twice,
    /// Heads whose number is a multiple.
    EveryNth(u64),
    /// Nothing; pings are answered.
    Nothing,
    /// Sockets that see this stay open, and nothing is read or written any more, whatever is set
    /// later.
    Dead,
}

pub(super) struct State {
    pub(super) chain: Chain,
    scripts: Vec<Script>,
    asked: Vec<Asked>,
    pub(super) takes_batches: bool,
    /// Asked for a block it has not got, it lets another call go first.
    dawdles: bool,
}

pub(super) struct Inner {
    state: Mutex<State>,
    /// How often the head was asked for.
    polls: watch::Sender<u64>,
    /// How often anything was asked for.
    calls: watch::Sender<u64>,
    pub(super) announcing: watch::Sender<Announcing>,
    pub(super) announcements: broadcast::Sender<BlockRef>,
    /// How many WebSockets were opened.
    pub(super) connected: watch::Sender<usize>,
    /// How many subscriptions to new heads there were.
    pub(super) subscribed: watch::Sender<usize>,
    /// How often the sockets were to be dropped.
    pub(super) drops: watch::Sender<u64>,
}

/// A node on a free loopback port, over HTTP and WebSocket. Ends with its last clone, and its
/// connections with it.
///
/// ```
/// use event_streamer_testkit::{Lie, SimNode, json_rpc};
/// use serde_json::json;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let node = SimNode::start().await;
/// node.mine(3);
/// let head = json_rpc(node.addr(), "eth_blockNumber", json!([])).await;
/// assert_eq!(head.unwrap(), "0x3");
///
/// // Two blocks give way to three others.
/// assert_eq!(node.reorg(2, 3).number, 1);
/// // From now on it refuses logs.
/// node.script(|asked, _| {
///     (asked.method == "eth_getLogs").then(|| Lie::Error(-32005, "query timeout".to_owned()))
/// });
/// # }
/// ```
#[derive(Clone)]
pub struct SimNode {
    inner: Arc<Inner>,
    addr: SocketAddr,
    _server: Arc<Abort>,
}

struct Abort(AbortHandle);

impl Drop for Abort {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl std::fmt::Debug for SimNode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimNode")
            .field("addr", &self.addr)
            .finish_non_exhaustive()
    }
}

impl SimNode {
    /// The chain id of every simulated node that is not told another.
    pub const CHAIN_ID: u64 = 1337;

    /// A node with block 0 alone, which is the same one for all nodes.
    ///
    /// # Panics
    ///
    /// If there is no port.
    pub async fn start() -> Self {
        Self::listen(free_port().await)
    }

    /// A node with a block 0 that no other node has.
    ///
    /// # Panics
    ///
    /// If there is no port.
    pub async fn start_other() -> Self {
        let listener = free_port().await;
        let salt = listener.local_addr().unwrap().port().into();
        Self::salted(listener, salt)
    }

    /// As [`start`](Self::start), on a port of the test's choice.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    #[must_use]
    pub fn listen(listener: TcpListener) -> Self {
        Self::salted(listener, 0)
    }

    fn salted(listener: TcpListener, salt: u64) -> Self {
        let state = State {
            chain: Chain::new(Self::CHAIN_ID, salt),
            scripts: Vec::new(),
            asked: Vec::new(),
            takes_batches: true,
            dawdles: false,
        };
        let inner = Arc::new(Inner {
            state: Mutex::new(state),
            polls: watch::Sender::new(0),
            calls: watch::Sender::new(0),
            announcing: watch::Sender::new(Announcing::Heads),
            announcements: broadcast::Sender::new(ANNOUNCEMENTS),
            connected: watch::Sender::new(0),
            subscribed: watch::Sender::new(0),
            drops: watch::Sender::new(0),
        });
        let addr = listener.local_addr().unwrap();
        let serving = tokio::spawn(serve(listener, Arc::clone(&inner)));
        let node = Self {
            inner,
            addr,
            _server: Arc::new(Abort(serving.abort_handle())),
        };
        node.mine(1);
        node
    }

    /// Where the node listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Its HTTP endpoint, with a key in its path as providers have it.
    #[must_use]
    pub fn http_url(&self) -> String {
        format!("http://{}/v3/0123456789abcdef", self.addr)
    }

    /// Its WebSocket endpoint: the same port.
    #[must_use]
    pub fn ws_url(&self) -> String {
        format!("ws://{}/ws/0123456789abcdef", self.addr)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state()
    }

    /// Mines blocks with a few logs each.
    pub fn mine(&self, count: u64) {
        for _ in 0..count {
            self.mine_with(some_logs);
        }
    }

    /// Mines a block whose logs are made from its number and a number no other block has.
    pub fn mine_with(&self, logs: impl FnOnce(u64, u64) -> Vec<Log>) -> Block {
        self.mine_from_index(0, logs)
    }

    /// The same, with log indexes from `first` on.
    pub fn mine_from_index(&self, first: u32, logs: impl FnOnce(u64, u64) -> Vec<Log>) -> Block {
        let block = self.state().chain.mine(first, logs);
        self.inner.announce(block.at());
        block
    }

    /// Replaces the top `depth` blocks by `count` others. Gives the last common block.
    ///
    /// # Panics
    ///
    /// If the chain is not that high.
    pub fn reorg(&self, depth: u64, count: u64) -> BlockRef {
        let mut state = self.state();
        let kept = state.chain.canonical.len() - depth as usize;
        state.chain.canonical.truncate(kept);
        drop(state);
        let fork = self.head();
        self.mine(count);
        fork
    }

    /// Makes a block that exists the head again.
    pub fn switch_to(&self, tip: B256) {
        self.state().chain.switch_to(tip);
        self.inner.announce(self.head());
    }

    /// The true head, whatever the node says.
    #[must_use]
    pub fn head(&self) -> BlockRef {
        let state = self.state();
        let number = state.chain.canonical.len() as u64 - 1;
        state.chain.block(number).at()
    }

    /// The canonical block of a number.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[must_use]
    pub fn block(&self, number: u64) -> Block {
        self.state().chain.block(number).clone()
    }

    /// The canonical logs of some blocks, as they should arrive: with the time of their block.
    ///
    /// # Panics
    ///
    /// If the chain is not that high.
    #[must_use]
    pub fn all_logs(&self, from: u64, to: u64) -> Vec<Log> {
        let state = self.state();
        let blocks = (from..=to).map(|it| state.chain.block(it));
        blocks.flat_map(|block| block.stamped(true)).collect()
    }

    /// Takes over the chain of another node as it is now.
    pub fn copy(&self, other: &Self) {
        let (blocks, canonical) = {
            let state = other.state();
            (state.chain.blocks.clone(), state.chain.canonical.clone())
        };
        let mut state = self.state();
        (state.chain.blocks, state.chain.canonical) = (blocks, canonical);
        // Blocks mined here from now on are none of the other's.
        state.chain.salt += 1_000_000;
        drop(state);
        self.inner.announce(self.head());
    }

    /// Says another chain id from now on.
    pub fn set_chain_id(&self, chain_id: u64) {
        self.state().chain.chain_id = chain_id;
    }

    /// Acts as if its head were this.
    pub fn set_lag(&self, head: Option<u64>) {
        self.state().chain.lag = head;
    }

    /// Sets the blocks that are called `safe` and `finalized`.
    pub fn set_finality(&self, safe: Option<u64>, finalized: Option<u64>) {
        let mut state = self.state();
        (state.chain.safe, state.chain.finalized) = (safe, finalized);
    }

    /// Blocks of dead branches are not known by their hash from now on.
    pub fn forget_dead_branches(&self) {
        self.state().chain.forgets = true;
    }

    /// Logs do not carry the time of their block.
    pub fn stamp_no_logs(&self) {
        self.state().chain.stamps_logs = false;
    }

    /// From now on calls for blocks that the node lacks are overtaken by others.
    pub fn dawdle(&self) {
        self.state().dawdles = true;
    }

    /// Takes no batches.
    pub fn refuse_batches(&self) {
        self.state().takes_batches = false;
    }

    /// Has receipts.
    pub fn have_receipts(&self) {
        self.state().chain.has_receipts = true;
    }

    /// Sets what subscribers of new heads are told.
    pub fn set_announcing(&self, announcing: Announcing) {
        self.inner.announcing.send_replace(announcing);
    }

    /// Announces a block, whether it exists or not.
    pub fn announce(&self, block: BlockRef) {
        // Nobody may be listening.
        let _ = self.inner.announcements.send(block);
    }

    /// Ends the WebSockets that are open, without a word.
    pub fn drop_sockets(&self) {
        self.inner.drops.send_modify(|it| *it += 1);
    }

    /// Waits until `count` WebSockets were opened, in all.
    ///
    /// # Panics
    ///
    /// Never: the node is there as long as this waits.
    pub async fn connected(&self, count: usize) {
        let mut connected = self.inner.connected.subscribe();
        connected.wait_for(|it| *it >= count).await.unwrap();
    }

    /// Waits until there were `count` subscriptions to new heads, in all.
    ///
    /// # Panics
    ///
    /// Never: the node is there as long as this waits.
    pub async fn subscribed(&self, count: usize) {
        let mut subscribed = self.inner.subscribed.subscribe();
        subscribed.wait_for(|it| *it >= count).await.unwrap();
    }

    /// Lets a script look at every call from now on; the first one that lies is believed.
    pub fn script(&self, script: impl FnMut(&Asked, &Value) -> Option<Lie> + Send + 'static) {
        self.state().scripts.push(Box::new(script));
    }

    /// From now on the truth.
    pub fn be_honest(&self) {
        self.state().scripts.clear();
    }

    /// Everything that was asked so far.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.state().asked.clone()
    }

    /// How many calls of a kind were made so far.
    pub fn count(&self, of: impl Fn(&Asked) -> bool) -> usize {
        self.state().asked.iter().filter(|it| of(it)).count()
    }

    /// Waits until the head was asked for `count` more times.
    pub async fn polled(&self, count: u64) {
        grown(&self.inner.polls, count).await;
    }

    /// Waits until `count` more calls were made, of any kind.
    pub async fn asked_times(&self, count: u64) {
        grown(&self.inner.calls, count).await;
    }
}

async fn free_port() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

async fn grown(counter: &watch::Sender<u64>, count: u64) {
    let mut counter = counter.subscribe();
    let goal = *counter.borrow() + count;
    counter.wait_for(|it| *it >= goal).await.unwrap();
}

impl Inner {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn announce(&self, block: BlockRef) {
        let times = match *self.announcing.borrow() {
            Announcing::Heads => 1,
            Announcing::Twice => 2,
            Announcing::EveryNth(nth) => u32::from(block.number.is_multiple_of(nth)),
            Announcing::Nothing | Announcing::Dead => 0,
        };
        for _ in 0..times {
            let _ = self.announcements.send(block);
        }
    }

    /// The answer to one call: what a script says, else the truth.
    pub(super) async fn answer(&self, asked: Asked) -> Lie {
        let is_overtaken = self.state().is_overtaken(&asked);
        if is_overtaken {
            grown(&self.calls, 1).await;
        }
        let is_head = asked.is_head();
        let answer = self.state().answer(asked);
        self.calls.send_modify(|it| *it += 1);
        if is_head {
            self.polls.send_modify(|it| *it += 1);
        }
        answer
    }
}

impl State {
    fn answer(&mut self, asked: Asked) -> Lie {
        let truth = self.chain.truth(&asked);
        let mut scripts = std::mem::take(&mut self.scripts);
        let shown = match &truth {
            Lie::Result(value) => value,
            _ => &Value::Null,
        };
        let lie = scripts.iter_mut().find_map(|script| script(&asked, shown));
        self.scripts = scripts;
        self.asked.push(asked);
        lie.unwrap_or(truth)
    }

    fn is_overtaken(&self, asked: &Asked) -> bool {
        let is_block = asked.method == "eth_getBlockByNumber";
        let is_missing = || matches!(self.chain.truth(asked), Lie::Result(Value::Null));
        self.dawdles && is_block && is_missing()
    }
}

async fn serve(listener: TcpListener, inner: Arc<Inner>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { continue };
                let inner = Arc::clone(&inner);
                connections.spawn(async move {
                    let mut start = [0; 4];
                    // Who upgrades begins with GET, who calls with POST.
                    while stream.peek(&mut start).await.is_ok_and(|it| (1..4).contains(&it)) {
                        tokio::task::yield_now().await;
                    }
                    match &start {
                        b"GET " => socket::serve(stream, &inner).await,
                        _ => http::serve(stream, &inner).await,
                    }
                });
            }
            Some(_) = connections.join_next() => {}
        }
    }
}
