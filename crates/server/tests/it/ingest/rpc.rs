//! The JSON-RPC client against a node that is told what to answer.

use std::time::Duration;

use event_streamer_models::B256;
use event_streamer_server::rpc::{
    BlockTag, LogBlocks, LogFilter, LogQuery, NodeCompression, RpcClient, RpcClientConfig,
    RpcErrorKind,
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::node::{CHAIN_ID, Lie, Node};

fn client(node: &Node) -> RpcClient {
    RpcClient::new(node.url(), &RpcClientConfig::default()).unwrap()
}

fn all(from: u64, to: u64) -> LogQuery {
    LogQuery {
        blocks: LogBlocks::Range { from, to },
        filter: LogFilter::default(),
    }
}

#[tokio::test]
async fn typed_calls() {
    let node = Node::start().await;
    node.mine(9);
    node.set_finality(Some(5), None);
    let client = client(&node);
    assert_eq!(client.chain_id().await.unwrap().get(), CHAIN_ID);
    assert_eq!(client.block_number().await.unwrap(), 9);
    let seven = client
        .header_by_number(BlockTag::Number(7))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(seven.block_ref(), node.block(7).at());
    assert_eq!(
        client.header_by_hash(&seven.hash).await.unwrap(),
        Some(seven)
    );
    assert_eq!(
        client.header_by_number(BlockTag::Number(10)).await.unwrap(),
        None
    );
    assert_eq!(client.header_by_hash(&B256([1; 32])).await.unwrap(), None);
    let safe = client
        .header_by_number(BlockTag::Safe)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(safe.number, 5);
    assert_eq!(
        client.logs(&all(0, 9)).await.unwrap(),
        node.logs(&LogFilter::default(), 0, 9)
    );

    let error = client
        .header_by_number(BlockTag::Finalized)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), RpcErrorKind::NotFound);
}

#[tokio::test]
async fn many_headers_come_in_order_in_few_requests() {
    let node = Node::start().await;
    node.mine(120);
    let client = client(&node);
    let tags: Vec<BlockTag> = (0..=121).rev().map(BlockTag::Number).collect();
    let headers = client.headers(&tags).await.unwrap();
    let numbers: Vec<Option<u64>> = headers
        .into_iter()
        .map(|it| it.unwrap().map(|it| it.number))
        .collect();
    let expected: Vec<Option<u64>> = (0..=121)
        .rev()
        .map(|it| (it <= 120).then_some(it))
        .collect();
    assert_eq!(numbers, expected);
    assert_eq!(client.headers(&[]).await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_node_without_batches_is_asked_one_by_one() {
    let node = Node::start().await;
    node.mine(20);
    node.refuse_batches();
    let client = client(&node);
    let tags: Vec<BlockTag> = (0..20).map(BlockTag::Number).collect();
    for _ in 0..2 {
        let headers = client.headers(&tags).await.unwrap();
        assert!(
            headers
                .into_iter()
                .zip(0..)
                .all(|(it, i)| it.unwrap().unwrap().number == i)
        );
    }
    assert_eq!(node.asked().len(), 40);
}

#[tokio::test]
async fn one_call_of_a_batch_may_fail_alone() {
    let node = Node::start().await;
    node.mine(20);
    node.script(|asked, _| match asked.params[0].as_str()? {
        "0x3" => Some(Lie::Error(-32000, "header not found".to_owned())),
        "0x5" => Some(Lie::Omit),
        "0x7" => Some(Lie::Result(json!({ "number": "0x7" }))),
        _ => None,
    });
    let client = client(&node);
    let tags: Vec<BlockTag> = (0..10).map(BlockTag::Number).collect();
    let headers = client.headers(&tags).await.unwrap();
    for (header, number) in headers.into_iter().zip(0..) {
        match (number, header) {
            (3, Err(error)) => assert_eq!(error.kind(), RpcErrorKind::NotFound),
            (5 | 7, Err(error)) => assert_eq!(error.kind(), RpcErrorKind::Protocol),
            (_, header) => assert_eq!(header.unwrap().unwrap().number, number),
        }
    }
}

#[tokio::test]
async fn an_answer_about_something_else_is_no_answer() {
    let node = Node::start().await;
    node.mine(20);
    let other = Lie::Result(json!({
        "number": "0x9", "hash": B256([9; 32]), "parentHash": B256([8; 32]), "timestamp": "0x1",
    }));
    node.script(move |_, _| Some(other.clone()));
    let client = client(&node);
    let error = client
        .header_by_number(BlockTag::Number(7))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), RpcErrorKind::Protocol);
    assert!(
        error.to_string().contains("asked for block 7, got block 9"),
        "{error}"
    );
    let error = client.header_by_hash(&B256([7; 32])).await.unwrap_err();
    assert_eq!(error.kind(), RpcErrorKind::Protocol);
}

#[tokio::test]
async fn failures_are_told_apart() {
    let node = Node::start().await;
    let client = RpcClient::new(
        node.url(),
        &RpcClientConfig {
            request_timeout: Duration::from_millis(100),
            max_response_bytes: 10_000,
            ..RpcClientConfig::default()
        },
    )
    .unwrap();
    for (lie, kind) in [
        (Lie::Status(429, "slow down"), RpcErrorKind::RateLimited),
        (Lie::Status(503, ""), RpcErrorKind::RateLimited),
        (Lie::Status(413, ""), RpcErrorKind::TooLarge),
        (
            Lie::Status(401, "no key"),
            RpcErrorKind::Http { status: 401 },
        ),
        (
            Lie::Status(502, "<html>"),
            RpcErrorKind::Http { status: 502 },
        ),
        (Lie::Status(200, "<html>"), RpcErrorKind::Protocol),
        (Lie::Status(200, ""), RpcErrorKind::Protocol),
        (Lie::Result(Value::Null), RpcErrorKind::Protocol),
        (Lie::Result(json!([1])), RpcErrorKind::Protocol),
        (
            Lie::Result(json!("x".repeat(20_000))),
            RpcErrorKind::TooLarge,
        ),
        (
            Lie::Error(-32000, "boom".to_owned()),
            RpcErrorKind::Node { code: -32000 },
        ),
        (
            Lie::Error(-32005, "too many results".to_owned()),
            RpcErrorKind::TooLarge,
        ),
        (Lie::Silence, RpcErrorKind::Transport),
    ] {
        let shown = format!("{lie:?}");
        node.be_honest();
        node.script(move |_, _| Some(lie.clone()));
        let error = client.logs(&all(0, 1)).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{shown}: {error}");
        assert_eq!(error.method(), "eth_getLogs");
    }
}

#[tokio::test]
async fn a_wish_to_be_left_alone_is_passed_on() {
    let node = Node::start().await;
    node.script(|_, _| Some(Lie::Busy(7)));
    let error = client(&node).chain_id().await.unwrap_err();
    assert_eq!(error.kind(), RpcErrorKind::RateLimited);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert!(error.is_retryable());
}

#[tokio::test]
async fn errors_keep_the_key() {
    let node = Node::start().await;
    let key = "0123456789abcdef";
    assert!(node.url().expose().contains(key));
    let client = client(&node);
    for lie in [
        Lie::Error(-32000, format!("project {key} is over its quota")),
        Lie::Status(401, "invalid key 0123456789abcdef"),
    ] {
        node.be_honest();
        node.script(move |_, _| Some(lie.clone()));
        let error = client.chain_id().await.unwrap_err();
        let shown = format!("{error} {error:?} {client:?}");
        assert!(!shown.contains(key), "{shown}");
        assert!(shown.contains("[redacted]"), "{shown}");
    }
}

#[test]
fn a_websocket_is_no_http_endpoint() {
    let url = "ws://127.0.0.1:1".parse().unwrap();
    assert!(RpcClient::new(url, &RpcClientConfig::default()).is_err());
}

/// `{"jsonrpc":"2.0","id":1,"result":"0x539"}`
const COMPRESSED: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\xca\x2a\xce\xcf\x2b\x2a\x48\x56\xb2\x52\x32\xd2\x33\x50\xd2\x51\xca\x4c\x51\xb2\x32\xd4\x51\x2a\x4a\x2d\x2e\xcd\x29\x01\x8a\x1a\x54\x98\x1a\x5b\x2a\xd5\x02\x00\x87\xa1\xf4\xcb\x29\x00\x00\x00";

/// One exchange with a node that answers compressed; the head of the request in lower case, and
/// what came of it.
async fn compressed_exchange(compression: NodeCompression) -> (String, Option<u64>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let node = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 4096];
        let read = stream.read(&mut request).await.unwrap();
        let length = COMPRESSED.len();
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {length}\r\n\r\n"
        );
        let answer = [head.as_bytes(), COMPRESSED].concat();
        stream.write_all(&answer).await.unwrap();
        String::from_utf8_lossy(&request[..read]).to_ascii_lowercase()
    });
    let config = RpcClientConfig {
        compression,
        ..RpcClientConfig::default()
    };
    let client = RpcClient::new(url.parse().unwrap(), &config).unwrap();
    let chain_id = client.chain_id().await.ok();
    (
        node.await.unwrap(),
        chain_id.map(event_streamer_models::ChainId::get),
    )
}

#[tokio::test]
async fn compressed_answers_are_asked_for_where_that_is_wanted() {
    let (request, chain_id) = compressed_exchange(NodeCompression::Always).await;
    assert!(request.contains("accept-encoding: zstd, gzip"), "{request}");
    assert_eq!(chain_id, Some(1337));
    // Without TLS a node is near.
    for never in [NodeCompression::OverTls, NodeCompression::Never] {
        let (request, chain_id) = compressed_exchange(never).await;
        assert!(!request.contains("accept-encoding"), "{request}");
        assert_eq!(chain_id, None, "what was not asked for is not undone");
    }
}
