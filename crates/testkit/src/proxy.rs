//! A TCP proxy that misbehaves on command.

mod pump;

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};

/// A proxy on a loopback port before any address: forwards bytes both ways until it is told to do
/// something else. Dropping it ends its connections.
///
/// ```
/// # use event_streamer_testkit::{FaultProxy, Script, WireServer, exchange};
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let server = WireServer::scripted([Script::new().expect_any().respond(200, "fine")]).await;
/// let proxy = FaultProxy::before(server.addr());
///
/// proxy.refuse().await;
/// assert!(tokio::net::TcpStream::connect(proxy.addr()).await.is_err());
/// proxy.accept().await;
/// let answer = exchange(proxy.addr(), "GET / HTTP/1.1\r\n\r\n").await;
/// assert!(answer.ends_with("fine"));
/// # }
/// ```
#[derive(Debug)]
pub struct FaultProxy {
    addr: SocketAddr,
    orders: watch::Sender<Orders>,
    seen: watch::Receiver<Seen>,
    serving: AbortHandle,
    /// Keeps the port while nobody listens on it.
    _port: TcpSocket,
}

/// What the proxy is to do.
#[derive(Clone, Debug)]
struct Orders {
    upstream: SocketAddr,
    refusing: bool,
    stalled: bool,
    delay: Duration,
    /// Bytes towards the client until a reset.
    reset_after: Option<usize>,
    /// How often connections were to be ended, each way of ending them counted for itself.
    resets: u64,
    ends: u64,
}

/// What the proxy has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Seen {
    listening: bool,
    accepted: usize,
    open: usize,
}

impl FaultProxy {
    /// Starts a proxy before an address, forwarding.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    #[must_use]
    pub fn before(upstream: SocketAddr) -> Self {
        let port = bound_socket(([127, 0, 0, 1], 0).into());
        let addr = port.local_addr().expect("a bound socket has an address");
        let orders = watch::Sender::new(Orders {
            upstream,
            refusing: false,
            stalled: false,
            delay: Duration::ZERO,
            reset_after: None,
            resets: 0,
            ends: 0,
        });
        // Listening from here on: connecting works at once.
        let listener = listen(addr);
        let (done, seen) = watch::channel(Seen {
            listening: true,
            ..Seen::default()
        });
        let serving = tokio::spawn(serve(listener, addr, orders.clone(), done)).abort_handle();
        Self {
            addr,
            orders,
            seen,
            serving,
            _port: port,
        }
    }

    /// Where the proxy listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// `http://127.0.0.1:port`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Connects to another address from now on: the server behind was started anew.
    pub fn set_upstream(&self, upstream: SocketAddr) {
        self.orders.send_modify(|orders| orders.upstream = upstream);
    }

    /// Refuses new connections from now on; open ones go on.
    pub async fn refuse(&self) {
        self.orders.send_modify(|orders| orders.refusing = true);
        self.wait_for(|seen| !seen.listening).await;
    }

    /// Takes new connections again.
    pub async fn accept(&self) {
        self.orders.send_modify(|orders| orders.refusing = false);
        self.wait_for(|seen| seen.listening).await;
    }

    /// Resets the open connections on both sides (RST).
    pub async fn reset(&self) {
        self.orders.send_modify(|orders| orders.resets += 1);
        self.wait_for(|seen| seen.open == 0).await;
    }

    /// Ends the open connections cleanly on both sides (FIN), wherever they are.
    pub async fn end(&self) {
        self.orders.send_modify(|orders| orders.ends += 1);
        self.wait_for(|seen| seen.open == 0).await;
    }

    /// Resets the connection that carries the `bytes`-th byte from now on towards a client, right
    /// after that byte.
    pub fn reset_after(&self, bytes: usize) {
        self.orders
            .send_modify(|orders| orders.reset_after = Some(bytes));
    }

    /// Forwards nothing from now on; connections stay open, new ones are accepted.
    pub fn stall(&self) {
        self.orders.send_modify(|orders| orders.stalled = true);
    }

    /// Forwards again, beginning with what was held back.
    pub fn resume(&self) {
        self.orders.send_modify(|orders| orders.stalled = false);
    }

    /// Forwards each piece that much later.
    pub fn delay(&self, delay: Duration) {
        self.orders.send_modify(|orders| orders.delay = delay);
    }

    /// How many connections were accepted so far.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.seen.borrow().accepted
    }

    /// How many connections are open.
    #[must_use]
    pub fn open(&self) -> usize {
        self.seen.borrow().open
    }

    /// Waits until `count` connections were accepted, in all.
    pub async fn accepted_at_least(&self, count: usize) {
        self.wait_for(|seen| seen.accepted >= count).await;
    }

    async fn wait_for(&self, condition: impl Fn(&Seen) -> bool) {
        let mut seen = self.seen.clone();
        seen.wait_for(|seen| condition(seen))
            .await
            .expect("the proxy serves until it is dropped");
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        // The serving task owns the connections' tasks.
        self.serving.abort();
    }
}

/// A socket on the port, not listening. Several may share it, so that the port can be kept while
/// the listening one comes and goes.
fn bound_socket(addr: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket
        .set_reuseport(true)
        .expect("a port that several sockets may share");
    socket.bind(addr).expect("a loopback port");
    socket
}

fn listen(addr: SocketAddr) -> TcpListener {
    bound_socket(addr).listen(1024).expect("a listening socket")
}

async fn serve(
    listener: TcpListener,
    addr: SocketAddr,
    orders: watch::Sender<Orders>,
    seen: watch::Sender<Seen>,
) {
    let mut listener = Some(listener);
    let mut connections = JoinSet::new();
    let mut changes = orders.subscribe();
    loop {
        let refusing = changes.borrow_and_update().refusing;
        if refusing {
            listener = None;
        } else {
            listener.get_or_insert_with(|| listen(addr));
        }
        seen.send_modify(|seen| seen.listening = !refusing);

        tokio::select! {
            Some(client) = accept_next(listener.as_ref()) => {
                seen.send_modify(|seen| {
                    seen.accepted += 1;
                    seen.open += 1;
                });
                connections.spawn(pump::run(client, orders.clone()));
            }
            Some(_) = connections.join_next() => seen.send_modify(|seen| seen.open -= 1),
            // The task holds a sender itself, so this never fails.
            Ok(()) = changes.changed() => {}
        }
    }
}

async fn accept_next(listener: Option<&TcpListener>) -> Option<TcpStream> {
    let (client, _) = listener?.accept().await.ok()?;
    Some(client)
}

#[cfg(test)]
mod tests;
