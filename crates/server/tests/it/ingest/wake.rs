//! WebSocket announcements make it fast; without them it goes on all the same.

use std::time::Duration;

use event_streamer_models::quantity;
use event_streamer_server::ingest::SourceConfig;
use event_streamer_server::rpc::RpcUrl;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use super::fold::{Fold, config, soon, source};
use super::node::Node;

/// The node's side of a `newHeads` subscription, spoken by the test.
struct Announcer {
    listener: TcpListener,
}

impl Announcer {
    async fn bind() -> Self {
        Self {
            listener: TcpListener::bind("127.0.0.1:0").await.unwrap(),
        }
    }

    fn url(&self) -> RpcUrl {
        format!("ws://{}/ws/key", self.listener.local_addr().unwrap())
            .parse()
            .unwrap()
    }

    /// Waits for a connection and lets it subscribe.
    async fn accept(&self) -> Subscription {
        let (stream, _) = soon("a connection", self.listener.accept()).await.unwrap();
        let mut socket = tokio_tungstenite::accept_async(stream).await.unwrap();
        let request = socket.next().await.unwrap().unwrap().into_text().unwrap();
        let request: Value = serde_json::from_str(&request).unwrap();
        assert_eq!(request["method"], "eth_subscribe");
        assert_eq!(request["params"], json!(["newHeads"]));
        let answer = json!({ "jsonrpc": "2.0", "id": request["id"], "result": "0x1" });
        socket
            .send(Message::text(answer.to_string()))
            .await
            .unwrap();
        Subscription { socket }
    }
}

struct Subscription {
    socket: WebSocketStream<TcpStream>,
}

impl Subscription {
    async fn announce(&mut self, number: u64) {
        let head = json!({ "number": quantity::format(number), "hash": "0x00" });
        let message = json!({
            "jsonrpc": "2.0", "method": "eth_subscription",
            "params": { "subscription": "0x1", "result": head },
        });
        self.socket
            .send(Message::text(message.to_string()))
            .await
            .unwrap();
    }
}

/// Polls so rarely that only an announcement can be the reason for news.
fn announced_only(node: &Node, announcer: &Announcer) -> SourceConfig {
    config(&[node])
        .with_block_time(Duration::from_secs(3_600))
        .with_websocket(vec![announcer.url()])
}

#[tokio::test]
async fn an_announcement_wakes() {
    let (node, announcer) = (Node::start().await, Announcer::bind().await);
    let source = source(announced_only(&node, &announcer));
    let mut subscription = announcer.accept().await;
    let mut fold = Fold::new(&source);
    fold.until_head(&node).await;
    for _ in 0..5 {
        node.mine(1);
        subscription.announce(node.head().number).await;
        fold.until_head(&node).await;
        // Twice the same is no news.
        subscription.announce(node.head().number).await;
    }
    // Skipped heads, and a head of the same number.
    node.mine(3);
    subscription.announce(node.head().number).await;
    fold.until_head(&node).await;
    node.reorg(1, 1);
    subscription.announce(node.head().number).await;
    assert_eq!(fold.until_head(&node).await.len(), 1);
}

#[tokio::test]
async fn a_head_that_is_announced_early_is_chased() {
    let (node, announcer) = (Node::start().await, Announcer::bind().await);
    let source = source(announced_only(&node, &announcer));
    let mut subscription = announcer.accept().await;
    let mut fold = Fold::new(&source);
    fold.until_head(&node).await;
    let before = node.head().number;
    node.mine(1);
    node.set_lag(Some(before));
    let remote = node.clone();
    let late = tokio::spawn(async move {
        remote.polled(2).await;
        remote.set_lag(None);
    });
    subscription.announce(before + 1).await;
    fold.until_head(&node).await;
    soon("the head", late).await.unwrap();
}

#[tokio::test]
async fn silence_is_outlived_by_polling() {
    let (node, announcer) = (Node::start().await, Announcer::bind().await);
    let source = source(config(&[&node]).with_websocket(vec![announcer.url()]));
    let _never_announces = announcer.accept().await;
    let mut fold = Fold::new(&source);
    for _ in 0..10 {
        node.mine(1);
        fold.until_head(&node).await;
    }
}

#[tokio::test]
async fn a_connection_that_ends_is_made_again() {
    let (node, announcer) = (Node::start().await, Announcer::bind().await);
    let source = source(announced_only(&node, &announcer));
    let mut fold = Fold::new(&source);
    for _ in 0..3 {
        let mut subscription = announcer.accept().await;
        node.mine(1);
        subscription.announce(node.head().number).await;
        fold.until_head(&node).await;
        // Dropped without a word.
    }
}

#[tokio::test]
async fn a_refused_subscription_is_asked_for_again() {
    let (node, announcer) = (Node::start().await, Announcer::bind().await);
    let source = source(announced_only(&node, &announcer));
    let (stream, _) = soon("a connection", announcer.listener.accept())
        .await
        .unwrap();
    let mut socket = tokio_tungstenite::accept_async(stream).await.unwrap();
    let refusal = r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"no"}}"#;
    socket.send(Message::text(refusal)).await.unwrap();
    let mut subscription = announcer.accept().await;
    let mut fold = Fold::new(&source);
    node.mine(1);
    subscription.announce(node.head().number).await;
    fold.until_head(&node).await;
}
