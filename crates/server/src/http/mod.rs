//! The sockets of the API: accepted, bounded, and closed when they should be.

mod connection;
mod stall;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::connection::ConnectionServer;
use crate::config::HttpConfig;

/// How long to wait when the operating system has no more sockets to give.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The API's sockets.
#[derive(Debug)]
pub(crate) struct HttpServer {
    connections: TaskTracker,
    draining: CancellationToken,
    aborting: CancellationToken,
}

impl HttpServer {
    /// Serves a router on a listener until it is stopped, or dropped.
    pub(crate) fn start(listener: TcpListener, router: Router, config: &HttpConfig) -> Self {
        let server = ConnectionServer::new(router, config);
        let (draining, aborting) = (server.draining.clone(), server.aborting.clone());
        let connections = TaskTracker::new();
        let acceptor = Acceptor {
            listener,
            server,
            permits: Arc::new(Semaphore::new(
                config.max_sockets.min(Semaphore::MAX_PERMITS),
            )),
            connections: connections.clone(),
        };
        connections.spawn(acceptor.run());
        Self {
            connections,
            draining,
            aborting,
        }
    }

    /// Takes in no more connections and requests. Those under way go on.
    pub(crate) fn drain(&self) {
        self.draining.cancel();
        self.connections.close();
    }

    /// Resolves when nothing is under way any more; only after [`drain`](Self::drain).
    pub(crate) async fn drained(&self) {
        self.connections.wait().await;
    }
}

impl Drop for HttpServer {
    fn drop(&mut self) {
        self.draining.cancel();
        self.aborting.cancel();
    }
}

struct Acceptor {
    listener: TcpListener,
    server: ConnectionServer,
    permits: Arc<Semaphore>,
    connections: TaskTracker,
}

impl Acceptor {
    async fn run(self) {
        while let Some((socket, permit)) = self.next().await {
            // Without it small answers wait for the other side's acknowledgement. A socket that
            // refuses is served all the same.
            let _ = socket.set_nodelay(true);
            let serving = self.server.clone().serve(socket);
            self.connections.spawn(async move {
                serving.await;
                drop(permit);
            });
        }
    }

    /// The next connection, once there is a place for it; `None` when draining.
    async fn next(&self) -> Option<(TcpStream, OwnedSemaphorePermit)> {
        let accepted = async {
            // Nobody closes the semaphore.
            let permit = Arc::clone(&self.permits).acquire_owned().await.ok()?;
            loop {
                match self.listener.accept().await {
                    Ok((socket, _)) => return Some((socket, permit)),
                    Err(error) if is_of_one_connection(&error) => {}
                    Err(error) => {
                        tracing::error!(%error, "no connection can be accepted");
                        sleep(ACCEPT_PAUSE).await;
                    }
                }
            }
        };
        tokio::select! {
            biased;
            () = self.server.draining.cancelled() => None,
            accepted = accepted => accepted,
        }
    }
}

/// The connection failed before it was accepted; the listener is fine.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionReset
    )
}
