//! A proxy in front of any JSON-RPC node that lies, stalls, refuses and resets.

mod lies;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

use crate::json_rpc::post;
use crate::network::Random;
use crate::sim::next_request;

/// What a [`RpcProxy`] does wrong: of so many the one, chosen by a seed; 0 for never.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RpcFaults {
    /// Logs that are left out of every answer, always the same ones: from `eth_getLogs` and from
    /// receipts.
    pub drops_logs: u64,
    /// Requests that are never answered.
    pub stalls: u64,
    /// Requests that are answered with status 429.
    pub busy: u64,
    /// Requests whose connection is reset.
    pub resets: u64,
}

/// What a [`RpcProxy`] has done wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RpcFaultCounts {
    /// Logs left out, counted in each answer.
    pub dropped_logs: u64,
    /// Requests never answered.
    pub stalled: u64,
    /// Requests answered with 429.
    pub refused: u64,
    /// Connections reset.
    pub reset: u64,
}

/// A proxy on a loopback port before the HTTP endpoint of a node. Honest until it is told its faults.
/// Dropping it ends its connections.
///
/// ```
/// use event_streamer_testkit::{RpcFaults, RpcProxy, SimNode, json_rpc};
/// use serde_json::json;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let node = SimNode::start().await;
/// let proxy = RpcProxy::before(node.addr(), 7).await;
/// let query = json!([{ "fromBlock": "0x0", "toBlock": "0x0" }]);
/// let all = json_rpc(proxy.addr(), "eth_getLogs", query.clone()).await.unwrap();
/// assert!(!all.as_array().unwrap().is_empty());
///
/// proxy.set_faults(RpcFaults { drops_logs: 1, ..RpcFaults::default() });
/// assert_eq!(json_rpc(proxy.addr(), "eth_getLogs", query).await.unwrap(), json!([]));
/// assert!(proxy.counts().dropped_logs > 0);
/// # }
/// ```
#[derive(Debug)]
pub struct RpcProxy {
    addr: SocketAddr,
    state: Arc<Mutex<State>>,
    serving: AbortHandle,
}

#[derive(Debug)]
struct State {
    upstream: SocketAddr,
    faults: RpcFaults,
    counts: RpcFaultCounts,
    random: Random,
    seed: u64,
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Answer,
    Stall,
    Refuse,
    Reset,
}

impl RpcProxy {
    /// Starts a proxy before the node that listens on an address.
    ///
    /// # Panics
    ///
    /// If there is no port.
    pub async fn before(upstream: SocketAddr, seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State {
            upstream,
            faults: RpcFaults::default(),
            counts: RpcFaultCounts::default(),
            random: Random::new(seed),
            seed,
        }));
        let serving = tokio::spawn(serve(listener, Arc::clone(&state))).abort_handle();
        Self {
            addr,
            state,
            serving,
        }
    }

    /// Where the proxy listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Its HTTP endpoint.
    #[must_use]
    pub fn http_url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Sets what goes wrong from now on.
    pub fn set_faults(&self, faults: RpcFaults) {
        locked(&self.state).faults = faults;
    }

    /// What went wrong so far.
    #[must_use]
    pub fn counts(&self) -> RpcFaultCounts {
        locked(&self.state).counts
    }
}

impl Drop for RpcProxy {
    fn drop(&mut self) {
        // The serving task owns the connections' tasks.
        self.serving.abort();
    }
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap()
}

impl State {
    fn fate(&mut self) -> Fate {
        let RpcFaults {
            stalls,
            busy,
            resets,
            ..
        } = self.faults;
        let counts = &mut self.counts;
        let fates = [
            (stalls, Fate::Stall, &mut counts.stalled),
            (busy, Fate::Refuse, &mut counts.refused),
            (resets, Fate::Reset, &mut counts.reset),
        ];
        for (one_in, fate, count) in fates {
            if one_in > 0 && self.random.one_in(one_in) {
                *count += 1;
                return fate;
            }
        }
        Fate::Answer
    }
}

async fn serve(listener: TcpListener, state: Arc<Mutex<State>>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    connections.spawn(pass(stream, Arc::clone(&state)));
                }
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Passes requests on until one side goes.
async fn pass(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    let _ = stream.set_nodelay(true);
    let mut buffer = Vec::new();
    loop {
        let Some(request) = next_request(&mut buffer) else {
            if !matches!(stream.read_buf(&mut buffer).await, Ok(1..)) {
                return;
            }
            continue;
        };
        let fate = locked(&state).fate();
        let answer = match fate {
            Fate::Answer => match answer(&request.body, &state).await {
                Some(answer) => answer,
                None => return,
            },
            Fate::Refuse => "HTTP/1.1 429 \r\ncontent-length: 0\r\n\r\n".to_owned(),
            Fate::Stall => {
                // Until the caller loses its patience.
                let _ = stream.read_buf(&mut buffer).await;
                return;
            }
            Fate::Reset => {
                let _ = stream.set_zero_linger();
                return;
            }
        };
        if stream.write_all(answer.as_bytes()).await.is_err() || request.is_last {
            return;
        }
    }
}

/// The node's answer, without what is left out; `None` if the node is gone.
async fn answer(request: &[u8], state: &Mutex<State>) -> Option<String> {
    let upstream = locked(state).upstream;
    let request = std::str::from_utf8(request).ok()?;
    let answer = post(upstream, request).await.ok()?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    let body = {
        let mut state = locked(state);
        let (seed, one_in) = (state.seed, state.faults.drops_logs);
        let (body, dropped) = lies::without_some_logs(body, seed, one_in);
        state.counts.dropped_logs += dropped;
        body
    };
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
    Some(format!(
        "{head}content-length: {}\r\n\r\n{body}",
        body.len()
    ))
}
