//! Accepting connections and ending them.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::http;
use crate::chain::Chain;
use crate::limits::NodeLimits;

/// The pause after a connection could not be accepted.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What every connection shares.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) chain: Arc<Chain>,
    pub(super) limits: Arc<NodeLimits>,
    pub(super) stop: CancellationToken,
    pub(super) kill: CancellationToken,
    pub(super) tasks: TaskTracker,
}

/// One connection's state: the server, and the connection's place among `max_connections`, which
/// an upgrade to a WebSocket takes along.
#[derive(Clone)]
pub(super) struct Connection {
    pub(super) server: Server,
    pub(super) permit: Arc<OwnedSemaphorePermit>,
}

impl Server {
    /// Accepts connections until the stop.
    pub(super) async fn accept(self, listener: TcpListener) {
        let places = Arc::new(Semaphore::new(
            self.limits.max_connections.min(Semaphore::MAX_PERMITS),
        ));
        let stop = self.stop.clone();
        let accepting = async {
            loop {
                // The semaphore is never closed.
                let Ok(permit) = Arc::clone(&places).acquire_owned().await else {
                    return;
                };
                match listener.accept().await {
                    Ok((stream, _)) => {
                        let connection = Connection {
                            server: self.clone(),
                            permit: Arc::new(permit),
                        };
                        self.tasks.spawn(connection.serve(stream));
                    }
                    // The connection was gone before it was accepted, or there are no more file
                    // descriptors: both pass.
                    Err(error) => {
                        tracing::warn!(%error, "replay node cannot accept a connection");
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                }
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = accepting => {}
        }
    }
}

impl Connection {
    async fn serve(self, stream: TcpStream) {
        // Answers are written whole; waiting for more to send only adds delay.
        let _ = stream.set_nodelay(true);
        let (stop, kill) = (self.server.stop.clone(), self.server.kill.clone());
        let router = Router::new()
            .fallback(http::handle)
            .layer(DefaultBodyLimit::max(self.server.limits.max_request_bytes))
            .with_state(self);
        // No time-outs here: a program under a paused clock would run into them at once.
        let connection = http1::Builder::new()
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
            .with_upgrades();
        tokio::pin!(connection);
        let served = tokio::select! {
            () = kill.cancelled() => return,
            served = &mut connection => served,
            () = stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                tokio::select! {
                    () = kill.cancelled() => return,
                    served = connection => served,
                }
            }
        };
        if let Err(error) = served {
            tracing::debug!(%error, "connection to the replay node broke");
        }
    }
}
