//! One connection, from its first byte to its last.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use event_streamer_transport::Link;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::HttpService;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::activity::{Activity, Exhausted, Patience, Watched};
use super::request::{Answer, Requests, Tracked};
use super::slots::Slots;
use super::stall::StallLimited;
use super::tls::{Protocol, Tls};
use crate::config::{HttpConfig, IpRange};

/// How long an HTTP/2 client has to take note that its connection ends.
const GOODBYE: Duration = Duration::from_secs(1);
/// Bytes of an HTTP/2 answer that wait for its reader, beyond what its window lets through.
const HTTP2_SEND_BUFFER: usize = 64 * 1024;
/// What an HTTP/2 client may send of one request's body, and of all of them, before it is read.
const HTTP2_STREAM_WINDOW: u32 = 64 * 1024;
const HTTP2_CONNECTION_WINDOW: u32 = 1024 * 1024;
/// Streams that an HTTP/2 client may take back before we have looked at them, and that it may make
/// us take back by faults of its own, before the connection ends.
const HTTP2_MAX_RESETS: usize = 20;
const HTTP2_MAX_FAULTS: usize = 100;
/// How often an HTTP/2 client is asked for a sign of life, and how long it has for it.
const HTTP2_PING: Duration = Duration::from_secs(30);
const HTTP2_PONG: Duration = Duration::from_secs(20);

/// Numbers the connections of this process, for its logs.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// How connections are served.
#[derive(Debug)]
pub(super) struct ConnectionServer {
    router: Router,
    http1: http1::Builder,
    http2: http2::Builder<Tracked>,
    patience: Patience,
    write_timeout: Duration,
    pub(super) trusted_proxies: Arc<[IpRange]>,
    pub(super) slots: Slots,
    tls: Option<Tls>,
    /// Says that no further request is to begin.
    pub(super) draining: CancellationToken,
    /// Says that what is under way is to be dropped.
    pub(super) aborting: CancellationToken,
}

impl ConnectionServer {
    pub(super) fn new(
        router: Router,
        config: &HttpConfig,
        tls: Option<Tls>,
        tasks: &TaskTracker,
    ) -> Self {
        let mut http1 = http1::Builder::new();
        http1
            .timer(TokioTimer::new())
            // The time-outs are ours: hyper's would run from the end of one request to the end of
            // the next one's head.
            .header_read_timeout(None)
            .max_headers(config.max_headers)
            .max_buf_size(config.max_head_bytes);
        let mut http2 = http2::Builder::new(Tracked::new(tasks.clone()));
        http2
            .timer(TokioTimer::new())
            .max_concurrent_streams(config.max_http2_streams)
            .max_header_list_size(u32::try_from(config.max_head_bytes).unwrap_or(u32::MAX))
            .max_pending_accept_reset_streams(HTTP2_MAX_RESETS)
            .max_local_error_reset_streams(HTTP2_MAX_FAULTS)
            .initial_stream_window_size(HTTP2_STREAM_WINDOW)
            .initial_connection_window_size(HTTP2_CONNECTION_WINDOW)
            .max_send_buf_size(HTTP2_SEND_BUFFER)
            .keep_alive_interval(HTTP2_PING)
            .keep_alive_timeout(HTTP2_PONG);
        Self {
            router,
            http1,
            http2,
            patience: Patience {
                head: config.header_timeout,
                idle: config.idle_timeout,
            },
            write_timeout: config.write_timeout,
            trusted_proxies: config.trusted_proxies.clone().into(),
            slots: Slots::new(config.max_sockets_per_address),
            tls,
            draining: CancellationToken::new(),
            aborting: CancellationToken::new(),
        }
    }

    /// Serves the requests of one connection until it ends, one way or another.
    pub(super) async fn serve(self: Arc<Self>, socket: impl Link, peer: Option<IpAddr>) {
        let connection = NEXT.fetch_add(1, Ordering::Relaxed);
        let activity = Activity::new(self.patience);
        let requests = Requests {
            router: self.router.clone(),
            activity: Arc::clone(&activity),
            slots: self.slots.clone(),
            trusted_proxies: Arc::clone(&self.trusted_proxies),
            peer,
            connection,
        };
        let Some(tls) = &self.tls else {
            return self.http1(socket, requests).await;
        };
        let handshake = tls.accept(socket);
        let handshake = tokio::select! {
            biased;
            () = self.aborting.cancelled() => return,
            handshake = timeout(self.patience.head, handshake) => handshake,
        };
        // Apart from plain connections, which would else be as large as these.
        match handshake {
            Ok(Ok((Protocol::Http1, socket))) => Box::pin(self.http1(socket, requests)).await,
            Ok(Ok((Protocol::Http2, socket))) => Box::pin(self.http2(socket, requests)).await,
            Ok(Err(error)) => tracing::debug!(connection, ?peer, %error, "no TLS connection"),
            Err(_) => tracing::debug!(connection, ?peer, "no TLS connection in time"),
        }
    }

    async fn http1(&self, socket: impl Link, requests: Requests) {
        let activity = Arc::clone(&requests.activity);
        let socket = StallLimited::new(socket, self.write_timeout);
        let io = TokioIo::new(Watched::new(socket, Arc::clone(&activity)));
        let number = requests.connection;
        let connection = std::pin::pin!(self.http1.serve_connection(io, requests));
        self.drive(connection, &activity, number, Duration::ZERO)
            .await;
    }

    async fn http2(&self, socket: impl Link, requests: Requests) {
        let activity = Arc::clone(&requests.activity);
        let io = TokioIo::new(StallLimited::new(socket, self.write_timeout));
        let number = requests.connection;
        let connection = std::pin::pin!(self.http2.serve_connection(io, requests));
        self.drive(connection, &activity, number, GOODBYE).await;
    }

    /// Runs a connection until it ends, is of no use any more, or the service ends.
    async fn drive<C: Connection>(
        &self,
        mut connection: Pin<&mut C>,
        activity: &Activity,
        number: u64,
        goodbye: Duration,
    ) {
        let mut drained = false;
        let served = loop {
            tokio::select! {
                biased;
                served = connection.as_mut() => break served,
                () = self.aborting.cancelled() => return,
                exhausted = activity.exhausted() => {
                    tracing::debug!(connection = number, ?exhausted, "connection closed");
                    if exhausted == Exhausted::Silent && !goodbye.is_zero() {
                        connection.as_mut().drain();
                        let _ = timeout(goodbye, connection).await;
                    }
                    return;
                }
                () = self.draining.cancelled(), if !drained => {
                    drained = true;
                    connection.as_mut().drain();
                }
            }
        };
        if let Err(error) = served {
            // The other side's doing, nearly always: broken requests, closed sockets.
            tracing::debug!(connection = number, %error, "connection failed");
        }
    }

    /// Tells a client that its address has as many connections as it may. Best effort: it has a
    /// second to take note.
    pub(super) async fn refuse(&self, mut socket: impl Link) {
        use tokio::io::AsyncWriteExt as _;
        const ANSWER: &[u8] = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 10\r\n\
            Content-Length: 0\r\nConnection: close\r\n\r\n";
        // On TLS it could only be read behind a handshake, which is what is to be saved.
        if self.tls.is_none() {
            let told = async {
                socket.write_all(ANSWER).await?;
                socket.shutdown().await
            };
            tokio::select! {
                biased;
                _ = told => {}
                () = sleep(GOODBYE) => {}
            }
        }
    }
}

/// Connections of both protocols.
trait Connection: Future<Output = hyper::Result<()>> {
    /// Takes in no more requests, and ends behind those under way.
    fn drain(self: Pin<&mut Self>);
}

impl<T, S> Connection for http1::Connection<TokioIo<T>, S>
where
    T: Link,
    S: HttpService<Incoming, ResBody = Answer>,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    fn drain(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}

impl<T, S> Connection for http2::Connection<TokioIo<T>, S, Tracked>
where
    T: Link,
    S: HttpService<Incoming, ResBody = Answer>,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    http2::Connection<TokioIo<T>, S, Tracked>: Future<Output = hyper::Result<()>>,
    Tracked: hyper::rt::bounds::Http2ServerConnExec<S::Future, Answer>,
{
    fn drain(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
    use tokio::time::Instant;

    use super::*;

    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    fn connect() -> DuplexStream {
        let router = Router::new().route("/", get(async || "fine"));
        let tasks = TaskTracker::new();
        let server = ConnectionServer::new(router, &HttpConfig::default(), None, &tasks);
        let (ours, theirs) = duplex(4096);
        tokio::spawn(Arc::new(server).serve(theirs, None));
        ours
    }

    async fn answer(socket: &mut DuplexStream) -> String {
        let mut answer = String::new();
        while !answer.ends_with("fine") {
            let mut bytes = [0; 1024];
            let length = socket.read(&mut bytes).await.unwrap();
            assert!(length > 0, "closed after {answer:?}");
            answer.push_str(std::str::from_utf8(&bytes[..length]).unwrap());
        }
        answer
    }

    /// How long the service keeps the connection open, though a byte comes each second.
    async fn closes_after(mut socket: DuplexStream) -> Duration {
        let began = Instant::now();
        let mut buffer = [0; 64];
        loop {
            tokio::select! {
                biased;
                read = socket.read(&mut buffer) => if read.unwrap_or(0) == 0 {
                    return began.elapsed();
                },
                () = sleep(Duration::from_secs(1)) => {
                    let _ = socket.write_all(b"X").await;
                }
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_head_has_to_come_soon() {
        let mut socket = connect();
        socket.write_all(&REQUEST[..10]).await.unwrap();
        let limit = HttpConfig::default().header_timeout;
        assert_eq!(closes_after(socket).await, limit);
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_is_kept_for_the_next_request_and_not_for_ever() {
        let mut socket = connect();
        let config = HttpConfig::default();
        for _ in 0..2 {
            socket.write_all(REQUEST).await.unwrap();
            assert!(answer(&mut socket).await.starts_with("HTTP/1.1 200 "));
            sleep(config.header_timeout * 2).await;
        }
        let began = Instant::now();
        let _ = socket.read_to_end(&mut Vec::new()).await;
        let left = config.idle_timeout - config.header_timeout * 2;
        assert_eq!(began.elapsed(), left);
    }

    #[tokio::test(start_paused = true)]
    async fn a_later_head_has_no_more_time_than_the_first_one() {
        let mut socket = connect();
        let config = HttpConfig::default();
        socket.write_all(REQUEST).await.unwrap();
        answer(&mut socket).await;
        sleep(config.idle_timeout / 2).await;
        socket.write_all(&REQUEST[..10]).await.unwrap();
        assert_eq!(closes_after(socket).await, config.header_timeout);
    }
}
