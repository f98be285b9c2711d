//! WebSocket announcements make it fast; without them it goes on all the same.

use std::time::Duration;

use event_streamer_models::{B256, quantity};
use event_streamer_server::ingest::SourceConfig;
use event_streamer_server::rpc::RpcUrl;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{self, Message};

use super::fold::{Fold, config, soon, source};
use super::node::{CHAIN_ID, Node};

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

    /// Waits for a connection that subscribes, and lets it.
    async fn accept(&self) -> Subscription {
        soon("a subscription", async {
            loop {
                let (stream, _) = self.listener.accept().await.unwrap();
                // Some give up before their turn has come.
                if let Ok(subscription) = Self::subscribe(stream).await {
                    return subscription;
                }
            }
        })
        .await
    }

    async fn subscribe(stream: TcpStream) -> Result<Subscription, tungstenite::Error> {
        let mut subscription = Subscription {
            socket: tokio_tungstenite::accept_async(stream).await?,
        };
        let chain_id = subscription.asked("eth_chainId").await?;
        let ours = json!(quantity::format(CHAIN_ID));
        subscription.answer(&chain_id, ours).await?;
        let request = subscription.asked("eth_subscribe").await?;
        assert_eq!(request["params"], json!(["newHeads"]));
        subscription.answer(&request, json!("0x1")).await?;
        Ok(subscription)
    }

    /// From now on lets everybody subscribe and announces this one head to them.
    async fn announce_to_all(self, number: u64) {
        loop {
            let mut subscription = self.accept().await;
            subscription.announce(number).await;
            while let Some(Ok(_)) = subscription.socket.next().await {}
        }
    }
}

struct Subscription {
    socket: WebSocketStream<TcpStream>,
}

impl Subscription {
    /// The next request, which is to be for this method.
    async fn asked(&mut self, method: &str) -> Result<Value, tungstenite::Error> {
        let request = self.socket.next().await;
        let request = request.ok_or(tungstenite::Error::ConnectionClosed)??;
        let request: Value = serde_json::from_str(request.to_text()?).unwrap();
        assert_eq!(request["method"], method);
        Ok(request)
    }

    async fn answer(&mut self, to: &Value, result: Value) -> Result<(), tungstenite::Error> {
        let answer = json!({ "jsonrpc": "2.0", "id": to["id"], "result": result });
        self.socket.send(Message::text(answer.to_string())).await
    }

    async fn announce(&mut self, number: u64) {
        let head = json!({ "number": quantity::format(number), "hash": "0x00" });
        let message = json!({
            "jsonrpc": "2.0", "method": "eth_subscription",
            "params": { "subscription": "0x1", "result": head },
        });
        // Whether it still listens is what some tests are about.
        let _ = self.socket.send(Message::text(message.to_string())).await;
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
async fn a_connection_that_died_silently_is_made_again() {
    let (node, announcer) = (Node::start().await, Announcer::bind().await);
    let config = announced_only(&node, &announcer);
    let source = source(config.with_websocket_silence(Duration::from_millis(100)));
    let mut fold = Fold::new(&source);
    fold.until_head(&node).await;
    // Not read, so its pings are not answered.
    let _dead = announcer.accept().await;
    node.mine(1);
    tokio::select! {
        () = announcer.announce_to_all(node.head().number) => {}
        _ = fold.until_head(&node) => {}
    }
}

#[tokio::test]
async fn a_subscription_that_died_on_a_living_connection_is_made_again() {
    let (node, announcer) = (Node::start().await, Announcer::bind().await);
    let config = config(&[&node]).with_websocket(vec![announcer.url()]);
    let source = source(config.with_websocket_silence(Duration::from_millis(100)));
    let mut fold = Fold::new(&source);
    let mut forgotten = announcer.accept().await;
    node.mine(20);
    fold.until_head(&node).await;
    // It answers pings, announces nothing, and is left all the same.
    let left = async { while let Some(Ok(_)) = forgotten.socket.next().await {} };
    soon("the end of the connection", left).await;
    announcer.accept().await;
}

#[tokio::test]
async fn a_refused_subscription_is_asked_for_again() {
    let (node, announcer) = (Node::start().await, Announcer::bind().await);
    let source = source(announced_only(&node, &announcer));
    let (stream, _) = soon("a connection", announcer.listener.accept())
        .await
        .unwrap();
    let mut refusing = Subscription {
        socket: tokio_tungstenite::accept_async(stream).await.unwrap(),
    };
    // That it does not say which chain it is on is no reason not to subscribe.
    for method in ["eth_chainId", "eth_subscribe"] {
        let request = refusing.asked(method).await.unwrap();
        let error = json!({ "code": -32000, "message": "no" });
        let refusal = json!({ "jsonrpc": "2.0", "id": request["id"], "error": error });
        let refusal = Message::text(refusal.to_string());
        refusing.socket.send(refusal).await.unwrap();
    }
    let mut subscription = announcer.accept().await;
    let mut fold = Fold::new(&source);
    node.mine(1);
    subscription.announce(node.head().number).await;
    fold.until_head(&node).await;
}

/// One connection that is answered like this; how it ends is told.
async fn is_left(announcer: &Announcer, chain_id: u64, genesis: Option<B256>) -> bool {
    let (stream, _) = announcer.listener.accept().await.unwrap();
    let mut subscription = Subscription {
        socket: tokio_tungstenite::accept_async(stream).await.unwrap(),
    };
    let request = subscription.asked("eth_chainId").await.unwrap();
    let answer = json!(quantity::format(chain_id));
    subscription.answer(&request, answer).await.unwrap();
    if let Some(hash) = genesis {
        let request = subscription.asked("eth_getBlockByNumber").await.unwrap();
        assert_eq!(request["params"], json!(["0x0", false]));
        let block = json!({ "number": "0x0", "hash": hash });
        subscription.answer(&request, block).await.unwrap();
    }
    // Either it subscribes, or it goes.
    !matches!(subscription.socket.next().await, Some(Ok(Message::Text(_))))
}

#[tokio::test]
async fn announcements_of_another_chain_are_not_listened_to() {
    let node = Node::start().await;
    node.mine(3);
    let announcer = Announcer::bind().await;
    let config = announced_only(&node, &announcer).with_genesis(node.block(0).hash);
    let _source = source(config);
    let ours = Some(node.block(0).hash);
    soon("every connection is looked at anew", async {
        assert!(is_left(&announcer, CHAIN_ID + 1, None).await);
        assert!(is_left(&announcer, CHAIN_ID, Some(B256([9; 32]))).await);
        assert!(!is_left(&announcer, CHAIN_ID, ours).await);
    })
    .await;
}
