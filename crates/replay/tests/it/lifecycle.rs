//! Mining, starting and stopping.

use std::time::Duration;

use event_streamer_replay::{BlockPosition, NodeErrorKind, NodeLimits, ReplayNode};
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::support::{call, small, start};

#[tokio::test]
async fn the_head_starts_where_it_is_told() {
    let cases = [
        (BlockPosition::BeforeFirst, 99),
        (BlockPosition::First, 100),
        (BlockPosition::Last, 120),
        (BlockPosition::Number(120), 120),
        (BlockPosition::Number(7), 7),
        (BlockPosition::BeforeLast(0), 120),
        (BlockPosition::BeforeLast(10), 110),
        (BlockPosition::BeforeLast(21), 99),
        (BlockPosition::BeforeLast(22), 99),
        (BlockPosition::BeforeLast(u64::MAX), 99),
    ];
    for (position, head) in cases {
        let node = start(small(), position).await;
        assert_eq!(node.head(), head, "{position:?}");
        assert_eq!(node.last_block(), 120);
        node.shutdown().await;
    }
}

#[tokio::test]
async fn settings_that_do_not_fit() {
    let builder = || ReplayNode::builder(small());
    let cases = [
        (
            builder().head(BlockPosition::Number(121)),
            "ends at block 120",
        ),
        (builder().finality(10, 9), "finalized"),
        (
            builder().limits(NodeLimits::default().with_max_connections(0)),
            "max_connections",
        ),
    ];
    for (builder, text) in cases {
        let error = builder.start().await.unwrap_err();
        assert_eq!(error.kind(), NodeErrorKind::Setting);
        assert!(error.to_string().contains(text), "{error}");
    }
    let node = builder().start().await.unwrap();
    let error = builder()
        .listen(node.local_addr())
        .start()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), NodeErrorKind::Listen);
    assert!(
        error.to_string().contains(&node.local_addr().to_string()),
        "{error}"
    );
    assert!(std::error::Error::source(&error).is_some());
}

#[tokio::test]
async fn mining_by_hand_ends_at_the_last_block() {
    let node = start(small(), BlockPosition::BeforeFirst).await;
    assert_eq!(node.mine(0), 99);
    assert_eq!(node.mine(1), 100);
    assert_eq!(node.mine(u64::MAX), 120);
    assert_eq!(node.mine(1), 120);
    node.wait_for_head(120).await;
}

#[tokio::test(start_paused = true)]
async fn mining_keeps_its_pace() {
    let begin = Instant::now();
    let node = ReplayNode::builder(small())
        .head(BlockPosition::First)
        .block_time(Some(Duration::from_secs(12)))
        .start()
        .await
        .unwrap();
    node.wait_for_head(101).await;
    assert_eq!(begin.elapsed().as_secs(), 12);
    node.wait_for_head(105).await;
    assert_eq!(begin.elapsed().as_secs(), 60);

    // By hand in between; the clock goes on as it did.
    assert_eq!(node.mine(2), 107);
    node.wait_for_head(108).await;
    assert_eq!(begin.elapsed().as_secs(), 72);

    // From now on faster, counted from the change.
    node.set_block_time(Some(Duration::from_secs(1)));
    node.wait_for_head(110).await;
    assert_eq!(begin.elapsed().as_secs(), 74);

    // Stopped: an hour later there is no new block.
    node.set_block_time(None);
    tokio::time::advance(Duration::from_secs(3_600)).await;
    assert_eq!(node.head(), 110);

    // Zero does not spin, and the last block ends it.
    node.set_block_time(Some(Duration::ZERO));
    node.wait_for_head(120).await;
    assert!(begin.elapsed() < Duration::from_secs(3_675));
    node.set_block_time(Some(Duration::MAX));
    node.shutdown().await;
}

#[tokio::test]
async fn a_shutdown_leaves_nothing_behind() {
    let before = tasks();
    let node = ReplayNode::builder(small())
        .head(BlockPosition::First)
        .block_time(Some(Duration::from_secs(3_600)))
        .start()
        .await
        .unwrap();
    let address = node.local_addr();
    // A connection that is idle between two requests, one that has sent half a request, and a
    // WebSocket with a subscription.
    let idle = TcpStream::connect(address).await.unwrap();
    let mut half = TcpStream::connect(address).await.unwrap();
    half.write_all(b"POST / HTTP/1.1\r\n").await.unwrap();
    let (mut socket, _) = connect_async(node.ws_url()).await.unwrap();
    let subscribe =
        json!({"jsonrpc": "2.0", "id": 1, "method": "eth_subscribe", "params": ["newHeads"]});
    socket.send(subscribe.to_string().into()).await.unwrap();
    socket.next().await.unwrap().unwrap();
    call(&node, "eth_chainId", json!([])).await.unwrap();
    assert!(tasks() > before);

    node.shutdown().await;
    assert_eq!(tasks(), before);
    let Some(Ok(Message::Close(Some(frame)))) = socket.next().await else {
        panic!("the WebSocket was not closed politely");
    };
    assert_eq!(frame.code, CloseCode::Away);
    for mut stream in [idle, half] {
        let mut rest = Vec::new();
        // Closed, perhaps with a reset because something unread was under way.
        let _ = stream.read_to_end(&mut rest).await;
        assert_eq!(rest, b"");
    }
    assert!(
        TcpStream::connect(address).await.is_err(),
        "still listening"
    );
}

/// A client that sends requests and reads no answers does not hold up the end.
#[tokio::test(start_paused = true)]
async fn a_stuck_reader_is_cut_off() {
    let before = tasks();
    let node = start(small(), BlockPosition::Last).await;
    let mut stuck = TcpStream::connect(node.local_addr()).await.unwrap();
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"eth_getLogs","params":[{"fromBlock":"0x0"}]}"#;
    let request = format!(
        "POST / HTTP/1.1\r\nhost: n\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    // Until both sides' buffers are full.
    let flood = async {
        loop {
            stuck.write_all(request.as_bytes()).await.unwrap();
        }
    };
    assert!(
        tokio::time::timeout(Duration::from_secs(60), flood)
            .await
            .is_err()
    );
    node.shutdown().await;
    assert_eq!(tasks(), before);
}

#[tokio::test]
async fn a_drop_ends_the_tasks_too() {
    let before = tasks();
    let node = start(small(), BlockPosition::Last).await;
    let (mut socket, _) = connect_async(node.ws_url()).await.unwrap();
    assert!(tasks() > before);
    drop(node);
    while socket.next().await.is_some_and(|message| message.is_ok()) {}
    while tasks() > before {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn connections_beyond_the_limit_wait() {
    let limits = NodeLimits::default().with_max_connections(1);
    let node = ReplayNode::builder(small())
        .limits(limits)
        .start()
        .await
        .unwrap();
    // The place is taken by a WebSocket, which keeps it beyond the upgrade.
    let (mut first, _) = connect_async(node.ws_url()).await.unwrap();
    let mut second = TcpStream::connect(node.local_addr()).await.unwrap();
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}"#;
    let request = format!(
        "POST / HTTP/1.1\r\nhost: n\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    second.write_all(request.as_bytes()).await.unwrap();
    // The node is busy with the first and answers it; the second has no answer yet.
    first.send(body.into()).await.unwrap();
    first.next().await.unwrap().unwrap();
    let mut byte = [0];
    assert!(second.try_read(&mut byte).is_err());

    first.close(None).await.unwrap();
    while first.next().await.is_some() {}
    let mut answer = String::new();
    second.read_to_string(&mut answer).await.unwrap();
    assert!(answer.contains(r#""result":"0x5""#), "{answer}");
}

#[tokio::test]
async fn two_nodes_share_a_recording() {
    let recording = std::sync::Arc::new(small());
    let one = ReplayNode::builder(std::sync::Arc::clone(&recording))
        .start()
        .await
        .unwrap();
    let other = ReplayNode::builder(recording)
        .head(BlockPosition::First)
        .start()
        .await
        .unwrap();
    assert_ne!(one.http_url(), other.http_url());
    assert_eq!(one.http_url(), format!("http://{}", one.local_addr()));
    assert_eq!((one.head(), other.head()), (120, 100));
    assert!(format!("{one:?}").contains("head: 120"));
}

fn tasks() -> usize {
    tokio::runtime::Handle::current()
        .metrics()
        .num_alive_tasks()
}
