//! Requests over a WebSocket, and the announcements of `newHeads`.

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::response::Response;
use tokio::sync::watch;

use super::serve::{Connection, Server};
use crate::rpc::{self, Subscriptions};

/// Accepts the upgrade; the WebSocket is served by a task of its own.
pub(super) fn upgrade(connection: Connection, upgrade: WebSocketUpgrade) -> Response {
    let Connection { server, permit } = connection;
    let limit = server.limits.max_request_bytes;
    // Counts as a task of the node from now on, also before the upgrade is through.
    let token = server.tasks.token();
    upgrade
        .max_message_size(limit)
        .max_frame_size(limit)
        .on_upgrade(async move |socket| {
            let _held = (permit, token);
            tokio::select! {
                () = server.kill.cancelled() => {}
                () = serve(&server, socket) => {}
            }
        })
}

/// Serves until the client goes or the node stops. Every message is sent before the next is read
/// or announced: a slow client holds up nobody but itself, and no queue grows.
async fn serve(server: &Server, mut socket: WebSocket) {
    let mut subscriptions = Subscriptions::default();
    let mut head = server.chain.watch_head();
    loop {
        let message = tokio::select! {
            biased;
            () = server.stop.cancelled() => return say_goodbye(socket).await,
            announcement = next_announcement(server, &mut subscriptions, &mut head) => {
                match announcement {
                    Some(announcement) => Some(Message::Text(announcement.into())),
                    None => return,
                }
            }
            received = socket.recv() => match received {
                Some(Ok(message)) => answer(server, &mut subscriptions, &message),
                Some(Err(error)) => {
                    tracing::debug!(%error, "WebSocket to the replay node broke");
                    return;
                }
                None => return,
            },
        };
        if let Some(message) = message
            && socket.send(message).await.is_err()
        {
            return;
        }
    }
}

/// Waits for an announcement that is due; `None` if there will be no more. Nothing is lost if it is
/// dropped while it waits.
async fn next_announcement(
    server: &Server,
    subscriptions: &mut Subscriptions,
    head: &mut watch::Receiver<u64>,
) -> Option<String> {
    loop {
        head.mark_unchanged();
        if let Some(announcement) = subscriptions.next_announcement(&server.chain) {
            return Some(announcement);
        }
        head.changed().await.ok()?;
    }
}

fn answer(
    server: &Server,
    subscriptions: &mut Subscriptions,
    message: &Message,
) -> Option<Message> {
    let body = match message {
        Message::Text(text) => text.as_bytes(),
        Message::Binary(bytes) => bytes,
        // Pings are answered, and a close is ended, underneath.
        Message::Ping(_) | Message::Pong(_) | Message::Close(_) => return None,
    };
    let answer = rpc::answer(&server.chain, &server.limits, Some(subscriptions), body)?;
    // An answer is made of JSON and of text that was UTF-8 before.
    String::from_utf8(answer)
        .ok()
        .map(|text| Message::Text(text.into()))
}

async fn say_goodbye(mut socket: WebSocket) {
    let frame = CloseFrame {
        code: close_code::AWAY,
        reason: "the node shuts down".into(),
    };
    // The client may be gone already, which is what is wanted.
    let _ = socket.send(Message::Close(Some(frame))).await;
}
