//! What the tests share: logs, nodes, and a client of a few lines.

use std::path::PathBuf;

use event_streamer_models::{Address, B256, HexBytes, Log};
use event_streamer_replay::{
    BlockPosition, RecordedHeader, Recording, RecordingBuilder, RecordingInfo, ReplayNode,
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A log whose address and topics are one byte repeated.
pub(crate) fn log(block: u64, index: u32, address: u8, topics: &[u8]) -> Log {
    Log {
        address: Address([address; 20]),
        topics: topics.iter().map(|&topic| hash(topic)).collect(),
        data: HexBytes(vec![address, 0xda]),
        block_number: block,
        transaction_hash: hash(0x77),
        transaction_index: 3,
        log_index: index,
        ..Log::default()
    }
}

/// One byte repeated.
pub(crate) fn hash(byte: u8) -> B256 {
    B256([byte; 32])
}

/// Blocks 100 to 120 of chain 5: two logs in 101, one in 103 and 120, a header at 100.
pub(crate) fn small() -> Recording {
    let mut builder = RecordingBuilder::new(RecordingInfo::new(5).with_blocks(100, 120));
    builder
        .header(RecordedHeader::new(100).with_timestamp(1_700_000_000))
        .unwrap();
    for log in [
        log(101, 0, 0xaa, &[1, 2]),
        log(101, 7, 0xbb, &[1, 3]),
        log(103, 0, 0xaa, &[]),
        log(120, 0xffff_ffe2, 0xcc, &[1, 2, 3, 4]),
    ] {
        builder.log(log).unwrap();
    }
    builder.build().unwrap()
}

pub(crate) async fn start(recording: Recording, head: BlockPosition) -> ReplayNode {
    ReplayNode::builder(recording)
        .head(head)
        .start()
        .await
        .unwrap()
}

/// Sends raw bytes and reads until the node closes.
pub(crate) async fn exchange(node: &ReplayNode, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(node.local_addr()).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

/// Posts a body; gives the status and the answer's body.
pub(crate) async fn post(node: &ReplayNode, body: impl AsRef<[u8]>) -> (u16, String) {
    let body = body.as_ref();
    let mut request = format!(
        "POST / HTTP/1.1\r\nhost: node\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    request.extend_from_slice(body);
    let answer = exchange(node, &request).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, body.to_owned())
}

/// Calls a method; the error as (code, message).
pub(crate) async fn call(
    node: &ReplayNode,
    method: &str,
    params: Value,
) -> Result<Value, (i64, String)> {
    let request = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
    let (status, body) = post(node, request.to_string()).await;
    assert_eq!(status, 200);
    outcome(&body)
}

/// The result or the error of an answer.
pub(crate) fn outcome(body: &str) -> Result<Value, (i64, String)> {
    let mut answer: Value = serde_json::from_str(body).unwrap();
    match answer.get("error") {
        Some(error) => Err((
            error["code"].as_i64().unwrap(),
            error["message"].as_str().unwrap().to_owned(),
        )),
        None => Ok(answer["result"].take()),
    }
}

/// A file of the mainnet test data, which is not part of the repository.
pub(crate) fn test_data(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("EVENT_STREAMER_TEST_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let path = folder.join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!(
        "not run: {name} is not there; set EVENT_STREAMER_TEST_DATA to the folder that holds it"
    );
    None
}
