//! The sockets of the API: accepted, bounded, and closed when they should be.

mod accept;
mod activity;
pub(crate) mod compression;
mod connection;
mod proxy;
mod request;
mod slots;
mod stall;
mod tls;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use self::accept::Accept;
use self::connection::ConnectionServer;
pub(crate) use self::request::Peer;
pub(crate) use self::tls::Tls;
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
    pub(crate) fn start(
        listener: impl Accept,
        router: Router,
        config: &HttpConfig,
        tls: Option<Tls>,
    ) -> Self {
        let connections = TaskTracker::new();
        let server = Arc::new(ConnectionServer::new(router, config, tls, &connections));
        let (draining, aborting) = (server.draining.clone(), server.aborting.clone());
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

struct Acceptor<A> {
    listener: A,
    server: Arc<ConnectionServer>,
    permits: Arc<Semaphore>,
    connections: TaskTracker,
}

impl<A: Accept> Acceptor<A> {
    async fn run(mut self) {
        while let Some((socket, permit)) = self.next().await {
            self.admit(socket, permit);
        }
    }

    /// Serves a connection, unless its address has as many as it may. A proxy has the connections
    /// of all its clients, who are counted one by one, request by request.
    fn admit(&self, socket: A::Socket, permit: OwnedSemaphorePermit) {
        let server = Arc::clone(&self.server);
        let peer = A::peer(&socket);
        let is_proxy = |peer| {
            let mut trusted = server.trusted_proxies.iter();
            trusted.any(|range| range.contains(peer))
        };
        let slot = peer
            .filter(|peer| !is_proxy(*peer))
            .map(|peer| server.slots.take(peer));
        if matches!(slot, Some(None)) {
            tracing::debug!(?peer, "connection refused: its address has too many");
            self.connections.spawn(async move {
                server.refuse(socket).await;
                drop(permit);
            });
            return;
        }
        self.connections.spawn(async move {
            server.serve(socket, peer).await;
            drop((permit, slot));
        });
    }

    /// The next connection, once there is a place for it; `None` when draining.
    async fn next(&mut self) -> Option<(A::Socket, OwnedSemaphorePermit)> {
        let (listener, permits) = (&mut self.listener, &self.permits);
        let accepted = async {
            // Nobody closes the semaphore.
            let permit = Arc::clone(permits).acquire_owned().await.ok()?;
            loop {
                match listener.accept().await {
                    Ok(socket) => return Some((socket, permit)),
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
