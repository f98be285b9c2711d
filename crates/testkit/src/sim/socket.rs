//! `newHeads` over a WebSocket.

use std::sync::Arc;

use event_streamer_models::{BlockRef, quantity};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::broadcast::error::RecvError;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::node::{Announcing, Inner};

/// Serves until one side goes, or the sockets are dropped.
pub(super) async fn serve(stream: TcpStream, inner: &Arc<Inner>) {
    let mut drops = inner.drops.subscribe();
    drops.mark_unchanged();
    tokio::select! {
        // Either way the connection ends here.
        _ = drops.changed() => {}
        _ = talk(stream, inner) => {}
    }
}

async fn talk(stream: TcpStream, inner: &Inner) -> Result<(), Error> {
    let mut socket = tokio_tungstenite::accept_async(stream).await?;
    inner.connected.send_modify(|it| *it += 1);
    let mut heads = inner.announcements.subscribe();
    let mut announcing = inner.announcing.subscribe();
    let mut is_subscribed = false;
    loop {
        if *announcing.borrow_and_update() == Announcing::Dead {
            std::future::pending::<()>().await;
        }
        tokio::select! {
            _ = announcing.changed() => {}
            message = socket.next() => match message {
                Some(message) => {
                    let message = message?;
                    if message.is_text() {
                        is_subscribed = true;
                        answer(&mut socket, message.to_text()?, inner).await?;
                    }
                }
                None => return Ok(()),
            },
            head = heads.recv(), if is_subscribed => match head {
                Ok(head) => socket.send(announcement(head)).await?,
                // It was too slow, and misses some.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return Ok(()),
            },
        }
    }
}

async fn answer(
    socket: &mut WebSocketStream<TcpStream>,
    request: &str,
    inner: &Inner,
) -> Result<(), Error> {
    let request: Value = serde_json::from_str(request).expect("a request is JSON");
    let id = &request["id"];
    let is_heads = request["method"] == "eth_subscribe" && request["params"] == json!(["newHeads"]);
    let answer = if is_heads {
        json!({ "jsonrpc": "2.0", "id": id, "result": "0x1" })
    } else {
        let error = json!({ "code": -32601, "message": "newHeads only" });
        json!({ "jsonrpc": "2.0", "id": id, "error": error })
    };
    socket.send(Message::text(answer.to_string())).await?;
    inner
        .subscribed
        .send_modify(|it| *it += usize::from(is_heads));
    Ok(())
}

fn announcement(head: BlockRef) -> Message {
    let head = json!({ "number": quantity::format(head.number), "hash": head.hash });
    let message = json!({
        "jsonrpc": "2.0", "method": "eth_subscription",
        "params": { "subscription": "0x1", "result": head },
    });
    Message::text(message.to_string())
}
