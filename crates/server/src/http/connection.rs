//! One connection, from its first byte to its last.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::stall::StallLimited;
use crate::config::HttpConfig;

/// Headers of one request; hyper answers 431 beyond.
const MAX_HEADERS: usize = 100;
/// Bytes of one request's head; the URL holds a resume token of a few hundred.
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// How connections are served.
#[derive(Clone, Debug)]
pub(super) struct ConnectionServer {
    router: Router,
    builder: http1::Builder,
    header_timeout: Duration,
    write_timeout: Duration,
    /// Says that no further request is to begin.
    pub(super) draining: CancellationToken,
    /// Says that what is under way is to be dropped.
    pub(super) aborting: CancellationToken,
}

impl ConnectionServer {
    pub(super) fn new(router: Router, config: &HttpConfig) -> Self {
        let mut builder = http1::Builder::new();
        builder
            .timer(TokioTimer::new())
            // hyper's timer runs from the end of one request to the end of the next one's head.
            .header_read_timeout(config.idle_timeout)
            .max_headers(MAX_HEADERS)
            .max_buf_size(MAX_HEAD_BYTES);
        Self {
            router,
            builder,
            header_timeout: config.header_timeout,
            write_timeout: config.write_timeout,
            draining: CancellationToken::new(),
            aborting: CancellationToken::new(),
        }
    }

    /// Serves the requests of one connection until it ends, one way or another.
    pub(super) async fn serve<T>(self, socket: T)
    where
        T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let began = Arc::new(AtomicBool::new(false));
        let mark = {
            let began = Arc::clone(&began);
            move |request: Request<Incoming>| {
                began.store(true, Ordering::Relaxed);
                request
            }
        };
        let service = TowerToHyperService::new(self.router.map_request(mark));
        let io = TokioIo::new(StallLimited::new(socket, self.write_timeout));
        let mut connection = std::pin::pin!(self.builder.serve_connection(io, service));
        let mut drained = false;
        let served = loop {
            tokio::select! {
                biased;
                served = connection.as_mut() => break served,
                () = self.aborting.cancelled() => return,
                () = no_request(&began, self.header_timeout) => return,
                () = self.draining.cancelled(), if !drained => {
                    drained = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        };
        if let Err(error) = served {
            // The other side's doing, nearly always: broken requests, closed sockets.
            tracing::debug!(%error, "connection failed");
        }
    }
}

/// Resolves if no request has come within the time-out.
async fn no_request(began: &AtomicBool, timeout: Duration) {
    if !began.load(Ordering::Relaxed) {
        sleep(timeout).await;
    }
    if began.load(Ordering::Relaxed) {
        std::future::pending::<()>().await;
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
        let server = ConnectionServer::new(router, &HttpConfig::default());
        let (ours, theirs) = duplex(4096);
        tokio::spawn(server.serve(theirs));
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

    /// How long the service keeps the connection open.
    async fn closes_after(mut socket: DuplexStream) -> Duration {
        let began = Instant::now();
        let _ = socket.read_to_end(&mut Vec::new()).await;
        began.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_request_has_to_come_soon() {
        let mut socket = connect();
        socket.write_all(&REQUEST[..10]).await.unwrap();
        let limit = HttpConfig::default().header_timeout;
        assert_eq!(closes_after(socket).await.as_secs(), limit.as_secs());
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
        let left = config.idle_timeout - config.header_timeout * 2;
        assert_eq!(closes_after(socket).await.as_secs(), left.as_secs());
    }
}
