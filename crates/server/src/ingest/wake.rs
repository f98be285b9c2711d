//! Announcements of new heads, kept coming: reconnects for as long as the source lives.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::rpc::{HeadSocket, HeadsOf, RpcError};

use super::backoff::Backoff;
use super::shared::Shared;

/// How many blocks may pass unannounced in a silence.
const UNANNOUNCED: u64 = 4;

/// The numbers of announced heads. Only the last one counts.
pub(crate) type Announced = watch::Sender<Option<u64>>;

/// Passes announcements on. Whatever happens here costs latency only: the tracker polls all the
/// same.
pub(super) async fn listen(shared: Arc<Shared>, index: usize, announced: Announced) {
    tokio::select! {
        biased;
        _ = shared.ended() => {}
        () = reconnect(&shared, index, &announced) => {}
    }
}

async fn reconnect(shared: &Shared, index: usize, announced: &Announced) {
    let config = &shared.config;
    let url = &config.websocket[index];
    let patience = config.websocket_silence;
    let mut backoff = config.backoff();
    loop {
        let ticket = match shared.endpoints.begin_socket(index) {
            Ok(ticket) => ticket,
            Err(rest) => {
                tokio::time::sleep(rest).await;
                continue;
            }
        };
        let of = HeadsOf {
            chain_id: Some(config.chain_id),
            genesis: shared.endpoints.genesis(),
        };
        let dialer = &config.rpc.dialer;
        let error = match HeadSocket::connect(url, dialer, of, patience).await {
            Ok(socket) => {
                tracing::debug!(endpoint = %url, "subscribed to new heads");
                shared.endpoints.end_socket(index, ticket, true);
                forward(socket, shared, announced, &mut backoff, patience).await
            }
            Err(error) => {
                shared.endpoints.end_socket(index, ticket, false);
                error
            }
        };
        let wait = backoff.failed();
        tracing::warn!(%error, ?wait, "no announcements of new heads; polling goes on");
        tokio::time::sleep(wait).await;
    }
}

/// Passes on what one connection announces, until it ends or is found dead.
async fn forward(
    mut socket: HeadSocket,
    shared: &Shared,
    announced: &Announced,
    backoff: &mut Backoff,
    patience: Duration,
) -> RpcError {
    let head = || shared.head.borrow().map_or(0, |it| it.head.number);
    let mut last = head();
    let mut pinged = false;
    loop {
        match tokio::time::timeout(patience, socket.next()).await {
            Ok(Ok(number)) => {
                backoff.succeeded();
                pinged = false;
                last = number;
                announced.send_replace(Some(number));
            }
            Ok(Err(error)) => return error,
            // A subscription may die while its connection lives on.
            Err(_) if head() >= last.saturating_add(UNANNOUNCED) => {
                return socket.error("announces nothing while the chain grows");
            }
            Err(_) => match socket.ping(patience).await {
                Ok(false) if pinged => return socket.error("silent, also after a ping"),
                Ok(_) => pinged = true,
                Err(error) => return error,
            },
        }
    }
}
