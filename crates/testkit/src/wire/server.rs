//! The listener, and what it remembers.

use std::collections::VecDeque;
use std::future::{Ready, ready};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::{AbortHandle, JoinSet};

use super::connection::Connection;
use super::request::RecordedRequest;
use super::routes::Routes;
use super::script::{Reply, Script};
use super::socket::{self, MemoryStream, Socket};

/// A raw HTTP/1.1 server on a free loopback port that does what its scripts say.
///
/// Requests that nothing was prepared for, and requests other than expected, are faults: the next
/// [`finished`](Self::finished), or at the latest the drop, panics with them. Dropping the server
/// ends its tasks and connections.
///
/// ```
/// # use event_streamer_testkit::{Script, WireServer};
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let server = WireServer::scripted([
///     Script::new().expect("GET /health").respond(503, "busy"),
///     Script::new().expect("GET /health").respond(200, "fine"),
/// ]).await;
///
/// for body in ["busy", "fine"] {
///     let answer = event_streamer_testkit::exchange(server.addr(), "GET /health HTTP/1.1\r\n\r\n").await;
///     assert!(answer.ends_with(body));
/// }
/// server.finished().await;
/// assert_eq!(server.requests().len(), 2);
/// # }
/// ```
#[derive(Debug)]
pub struct WireServer {
    addr: SocketAddr,
    shared: Arc<Shared>,
    accepting: AbortHandle,
    dialed: mpsc::UnboundedSender<MemoryStream>,
}

#[derive(Debug)]
pub(super) struct Shared {
    plan: Mutex<Plan>,
    seen: watch::Sender<Seen>,
}

#[derive(Debug)]
enum Plan {
    /// One script for each accepted connection.
    Connections(VecDeque<Script>),
    /// Scripts by request; connections are kept alive.
    Requests(Routes),
}

#[derive(Debug, Default)]
struct Seen {
    accepted: usize,
    /// Scripts being played.
    playing: usize,
    requests: Vec<RecordedRequest>,
    faults: Vec<String>,
}

impl WireServer {
    /// Starts a server that plays one script for each accepted connection, in order.
    pub async fn scripted(scripts: impl IntoIterator<Item = Script>) -> Self {
        Self::start(Plan::Connections(scripts.into_iter().collect())).await
    }

    /// Starts a server that answers each request by its method and path, and keeps connections
    /// alive.
    pub async fn routed(routes: Routes) -> Self {
        Self::start(Plan::Requests(routes)).await
    }

    /// Starts a server that answers every request of one pattern with this JSON, and no other request.
    ///
    /// ```
    /// # use event_streamer_testkit::WireServer;
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let server = WireServer::answering("GET /health", r#"{"status": "healthy"}"#).await;
    /// let answer = event_streamer_testkit::exchange(server.addr(), "GET /health HTTP/1.1\r\n\r\n").await;
    /// assert!(answer.ends_with(r#"{"status": "healthy"}"#));
    /// # }
    /// ```
    pub async fn answering(pattern: &str, json: &str) -> Self {
        let reply =
            Reply::new(200, json.to_owned()).with_header("content-type", "application/json");
        Self::routed(Routes::new().always(pattern, reply)).await
    }

    async fn start(plan: Plan) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free loopback port");
        let addr = listener
            .local_addr()
            .expect("a bound listener has an address");
        let shared = Arc::new(Shared {
            plan: Mutex::new(plan),
            seen: watch::Sender::default(),
        });
        let (dialed, dials) = mpsc::unbounded_channel();
        let accepting = tokio::spawn(accept(listener, dials, shared.clone())).abort_handle();
        Self {
            addr,
            shared,
            accepting,
            dialed,
        }
    }

    /// A function that opens connections to this server in memory, whatever it is given: a dialer
    /// for HTTP clients whose tests run under the paused clock. Refuses once the server is gone.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use event_streamer_testkit::{Script, WireServer};
    /// # use tokio::io::AsyncReadExt;
    /// # async fn example() {
    /// let hour = Duration::from_secs(3600);
    /// let server = WireServer::scripted([Script::new().delay(hour).raw("late")]).await;
    /// let dial = server.dialer::<&str>();
    /// let mut answer = String::new();
    /// dial("anywhere").await.unwrap().read_to_string(&mut answer).await.unwrap();
    /// assert_eq!(answer, "late");
    /// # }
    /// # tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build()
    /// #     .unwrap().block_on(example());
    /// ```
    pub fn dialer<Target>(
        &self,
    ) -> impl Fn(Target) -> Ready<io::Result<MemoryStream>> + Clone + Send + Sync + 'static {
        let dialed = self.dialed.clone();
        move |_| {
            let (theirs, ours) = socket::memory_pair();
            ready(match dialed.send(ours) {
                Ok(()) => Ok(theirs),
                Err(_) => Err(io::ErrorKind::ConnectionRefused.into()),
            })
        }
    }

    /// Where the server listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// `http://127.0.0.1:port`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The requests seen so far, in the order of their ends.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.seen.borrow().requests.clone()
    }

    /// The n-th request, from 0; waits until there is one.
    pub async fn request(&self, index: usize) -> RecordedRequest {
        self.wait_for(|seen| seen.requests.len() > index).await;
        self.shared.seen.borrow().requests[index].clone()
    }

    /// The first `count` requests that match a pattern such as `POST /stream/*/heartbeat`; waits
    /// until there are as many.
    pub async fn requests_to(&self, pattern: &str, count: usize) -> Vec<RecordedRequest> {
        let fitting = |seen: &Seen| -> Vec<RecordedRequest> {
            seen.requests
                .iter()
                .filter(|request| request.matches(pattern))
                .cloned()
                .collect()
        };
        self.wait_for(|seen| fitting(seen).len() >= count).await;
        let mut requests = fitting(&self.shared.seen.borrow());
        requests.truncate(count);
        requests
    }

    /// How many connections were accepted so far.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.shared.seen.borrow().accepted
    }

    /// Waits until every script was played to its end. Connections that are kept alive behind
    /// [`Routes`] may still be open.
    ///
    /// # Panics
    ///
    /// If something happened that no script was for.
    pub async fn finished(&self) {
        self.wait_for(|seen| {
            !seen.faults.is_empty() || (seen.playing == 0 && self.shared.unused().is_empty())
        })
        .await;
        self.assert_no_faults();
    }

    /// Asserts that nothing happened so far that no script was for.
    ///
    /// # Panics
    ///
    /// With what happened.
    pub fn assert_no_faults(&self) {
        let faults = self.shared.seen.borrow().faults.join("\n  ");
        assert!(
            faults.is_empty(),
            "the wire server saw what no script is for:\n  {faults}"
        );
    }

    /// The scripts that were not used, as text.
    #[must_use]
    pub fn unused(&self) -> Vec<String> {
        self.shared.unused()
    }

    async fn wait_for(&self, condition: impl Fn(&Seen) -> bool) {
        let mut seen = self.shared.seen.subscribe();
        seen.wait_for(|seen| condition(seen))
            .await
            .expect("the server itself holds the sender");
    }
}

impl Drop for WireServer {
    fn drop(&mut self) {
        // The accept task owns the connections' tasks.
        self.accepting.abort();
        if !std::thread::panicking() {
            self.assert_no_faults();
        }
    }
}

async fn accept(
    listener: TcpListener,
    mut dials: mpsc::UnboundedReceiver<MemoryStream>,
    shared: Arc<Shared>,
) {
    let mut connections = JoinSet::new();
    loop {
        let socket = tokio::select! {
            Ok((stream, _)) = listener.accept() => Socket::tcp(stream),
            Some(stream) = dials.recv() => Socket::Memory(stream),
            else => return,
        };
        let number = shared.accepted();
        let mut connection = Connection::new(socket, number, shared.clone());
        let shared = shared.clone();
        connections.spawn(async move {
            if let Err(fault) = connection.play().await {
                shared.fault(format!("connection {number}: {fault}"));
            }
            // It counts as being played until here, so that its fault is known before its end.
            drop(connection);
        });
        while connections.try_join_next().is_some() {}
    }
}

impl Shared {
    fn accepted(&self) -> usize {
        let mut number = 0;
        self.seen.send_modify(|seen| {
            number = seen.accepted;
            seen.accepted += 1;
        });
        number
    }

    fn fault(&self, fault: String) {
        self.seen.send_modify(|seen| seen.faults.push(fault));
    }

    /// Counts a script as being played until the value is dropped.
    pub(super) fn playing(self: &Arc<Self>) -> Playing {
        self.seen.send_modify(|seen| seen.playing += 1);
        Playing(self.clone())
    }

    pub(super) fn record(&self, request: RecordedRequest) {
        self.seen.send_modify(|seen| seen.requests.push(request));
    }

    /// The script of a connection, where connections have scripts.
    pub(super) fn script_for_connection(&self) -> Option<Result<Script, String>> {
        match &mut *self.plan.lock().expect("no panic under this lock") {
            Plan::Connections(scripts) => Some(
                scripts
                    .pop_front()
                    .ok_or_else(|| "no script left for it".to_owned()),
            ),
            Plan::Requests(_) => None,
        }
    }

    /// The script of a request, where requests have scripts.
    pub(super) fn script_for_request(&self, request: &RecordedRequest) -> Option<Script> {
        match &mut *self.plan.lock().expect("no panic under this lock") {
            Plan::Connections(_) => None,
            Plan::Requests(routes) => routes.script_for(request),
        }
    }

    fn unused(&self) -> Vec<String> {
        match &*self.plan.lock().expect("no panic under this lock") {
            Plan::Connections(scripts) if scripts.is_empty() => Vec::new(),
            Plan::Connections(scripts) => vec![format!("{} script(s) left", scripts.len())],
            Plan::Requests(routes) => routes.unused(),
        }
    }
}

/// See [`Shared::playing`].
pub(super) struct Playing(Arc<Shared>);

impl Drop for Playing {
    fn drop(&mut self) {
        self.0.seen.send_modify(|seen| seen.playing -= 1);
    }
}
