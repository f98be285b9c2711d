//! JSON-RPC over a WebSocket, and the announcements of `newHeads`.

use event_streamer_replay::{
    BlockPosition, NodeLimits, RecordingBuilder, RecordingInfo, ReplayNode,
};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::support::{call, small, start};

struct Client(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Client {
    async fn connect(node: &ReplayNode) -> Self {
        Self(connect_async(node.ws_url()).await.unwrap().0)
    }

    async fn send(&mut self, message: impl Into<Message>) {
        self.0.send(message.into()).await.unwrap();
    }

    async fn receive(&mut self) -> Value {
        let message = self.0.next().await.unwrap().unwrap();
        serde_json::from_str(message.to_text().unwrap()).unwrap()
    }

    async fn call(&mut self, method: &str, params: Value) -> Value {
        let request = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        self.send(request.to_string()).await;
        self.receive().await
    }

    async fn subscribe(&mut self) -> Value {
        self.call("eth_subscribe", json!(["newHeads"])).await["result"].take()
    }

    /// The subscription and the number of the next announcement.
    async fn head(&mut self) -> (Value, u64) {
        let mut message = self.receive().await;
        assert_eq!(message["method"], "eth_subscription");
        assert_eq!(message["jsonrpc"], "2.0");
        let number = message["params"]["result"]["number"].as_str().unwrap()[2..].to_owned();
        (
            message["params"]["subscription"].take(),
            u64::from_str_radix(&number, 16).unwrap(),
        )
    }
}

#[tokio::test]
async fn every_mined_block_is_announced() {
    let node = start(small(), BlockPosition::Number(100)).await;
    let mut client = Client::connect(&node).await;
    let id = client.subscribe().await;
    assert_eq!(id, "0x1");
    node.mine(1);
    let announcement = client.receive().await;
    let block = call(&node, "eth_getBlockByNumber", json!(["0x65", false]))
        .await
        .unwrap();
    let header = announcement["params"]["result"].as_object().unwrap();
    assert_eq!(header["logsBloom"], block["logsBloom"]);
    for (name, value) in block.as_object().unwrap() {
        let in_body = ["transactions", "uncles", "size"].contains(&name.as_str());
        assert_eq!(header.get(name), (!in_body).then_some(value), "{name}");
    }
    node.mine(2);
    node.mine(1_000);
    for number in 102..=120 {
        assert_eq!(client.head().await, (id.clone(), number));
    }
}

#[tokio::test]
async fn what_is_announced_can_be_asked_for() {
    let node = start(small(), BlockPosition::First).await;
    let mut client = Client::connect(&node).await;
    client.subscribe().await;
    for _ in 0..5 {
        node.mine(1);
        let (_, number) = client.head().await;
        let head = call(&node, "eth_blockNumber", json!([])).await.unwrap();
        assert_eq!(head, format!("{number:#x}"));
    }
}

#[tokio::test]
async fn subscriptions_end_and_are_counted() {
    let limits = NodeLimits::default().with_max_subscriptions(2);
    let node = ReplayNode::builder(small())
        .head(BlockPosition::First)
        .limits(limits)
        .start()
        .await
        .unwrap();
    let mut client = Client::connect(&node).await;
    let (one, two) = (client.subscribe().await, client.subscribe().await);
    assert_ne!(one, two);
    let third = client.call("eth_subscribe", json!(["newHeads"])).await;
    assert_eq!(third["error"]["code"], -32005);

    node.mine(1);
    let mut told = [client.head().await, client.head().await];
    told.sort_by_key(|(id, _)| id.to_string());
    assert_eq!(told, [(one.clone(), 101), (two.clone(), 101)]);

    assert_eq!(
        client.call("eth_unsubscribe", json!([one])).await["result"],
        true
    );
    for unknown in [json!([one]), json!(["0x99"]), json!(["nonsense"])] {
        let answer = client.call("eth_unsubscribe", unknown).await;
        assert_eq!(answer["error"]["code"], -32000);
    }
    node.mine(1);
    assert_eq!(client.head().await, (two, 102));
    let answer = client.call("eth_chainId", json!([])).await;
    assert_eq!(answer["result"], "0x5", "nothing else was announced");
}

#[tokio::test]
async fn bad_subscriptions() {
    let node = start(small(), BlockPosition::Last).await;
    let mut client = Client::connect(&node).await;
    let cases = [
        ("eth_subscribe", json!([]), -32602),
        ("eth_subscribe", json!([7]), -32602),
        ("eth_subscribe", json!(["logs", {}]), -32601),
        ("eth_subscribe", json!(["newheads"]), -32601),
        ("eth_unsubscribe", json!([]), -32602),
        ("eth_unsubscribe", json!([1]), -32602),
    ];
    for (method, params, code) in cases {
        let answer = client.call(method, params.clone()).await;
        assert_eq!(answer["error"]["code"], code, "{method} {params}");
    }
}

#[tokio::test]
async fn messages_are_requests() {
    let node = start(small(), BlockPosition::Last).await;
    let mut client = Client::connect(&node).await;
    client.send("no request").await;
    assert_eq!(client.receive().await["error"]["code"], -32700);

    let request = r#"{"jsonrpc":"2.0","id":7,"method":"eth_chainId"}"#;
    client
        .send(Message::Binary(request.as_bytes().to_vec().into()))
        .await;
    assert_eq!(client.receive().await["id"], 7);

    client.send(format!("[{request},{request}]")).await;
    assert_eq!(client.receive().await.as_array().unwrap().len(), 2);

    client.send(Message::Ping(vec![1, 2].into())).await;
    let pong = client.0.next().await.unwrap().unwrap();
    assert_eq!(pong, Message::Pong(vec![1, 2].into()));

    // No answer to a notification: the next answer is that of the next request.
    client
        .send(r#"{"jsonrpc":"2.0","method":"eth_chainId"}"#)
        .await;
    assert_eq!(
        client.call("eth_blockNumber", json!([])).await["result"],
        "0x78"
    );
}

#[tokio::test]
async fn a_long_message_ends_the_connection() {
    let limits = NodeLimits::default().with_max_request_bytes(1_000);
    let node = ReplayNode::builder(small())
        .limits(limits)
        .start()
        .await
        .unwrap();
    let mut client = Client::connect(&node).await;
    // It may be cut off while it is still being sent.
    let _ = client.0.send("x".repeat(100_000).into()).await;
    while let Some(Ok(message)) = client.0.next().await {
        assert!(message.is_close(), "{message}");
    }
    let mut other = Client::connect(&node).await;
    assert_eq!(other.call("eth_chainId", json!([])).await["result"], "0x5");
}

#[tokio::test]
async fn a_jump_announces_the_newest_blocks() {
    let info = RecordingInfo::new(1).with_blocks(0, 5_000_000);
    let recording = RecordingBuilder::new(info).build().unwrap();
    let node = start(recording, BlockPosition::First).await;
    let mut client = Client::connect(&node).await;
    client.subscribe().await;
    node.mine(5_000_000);
    for number in 4_998_977..=5_000_000 {
        assert_eq!(client.head().await.1, number);
    }
}
