//! JSON-RPC over HTTP: the other methods, batches, and what is not a request.

use event_streamer_replay::{
    BlockPosition, NodeLimits, RecordedHeader, RecordingBuilder, RecordingInfo, ReplayNode,
};
use serde_json::{Value, json};

use super::support::{call, exchange, hash, log, outcome, post, small, start};

#[tokio::test]
async fn the_chain_and_its_head() {
    let node = start(small(), BlockPosition::Number(110)).await;
    let cases = [
        ("eth_chainId", json!("0x5")),
        ("net_version", json!("5")),
        ("eth_blockNumber", json!("0x6e")),
    ];
    for (method, expected) in cases {
        for params in [json!([]), Value::Null] {
            assert_eq!(
                call(&node, method, params).await.unwrap(),
                expected,
                "{method}"
            );
        }
        let (code, _) = call(&node, method, json!([1])).await.unwrap_err();
        assert_eq!(code, -32602, "{method} takes no arguments");
    }
    let version = call(&node, "web3_clientVersion", json!([])).await.unwrap();
    assert!(
        version
            .as_str()
            .unwrap()
            .starts_with("event-streamer-replay/")
    );
    node.mine(5);
    assert_eq!(
        call(&node, "eth_blockNumber", json!([])).await.unwrap(),
        "0x73"
    );
}

#[tokio::test]
async fn blocks_by_number_tag_and_hash() {
    let node = ReplayNode::builder(small())
        .head(BlockPosition::Number(115))
        .finality(4, 10)
        .start()
        .await
        .unwrap();
    let cases = [
        ("0x65", Some(101)),
        ("0x73", Some(115)),
        ("0x74", None),
        ("0xffffffffffffffff", None),
        ("0x0", Some(0)),
        ("latest", Some(115)),
        ("pending", Some(115)),
        ("safe", Some(111)),
        ("finalized", Some(105)),
        ("earliest", Some(0)),
    ];
    for (name, expected) in cases {
        let block = call(&node, "eth_getBlockByNumber", json!([name, false]))
            .await
            .unwrap();
        let Some(number) = expected else {
            assert_eq!(block, Value::Null, "{name}");
            continue;
        };
        assert_eq!(block["number"], format!("{number:#x}"), "{name}");
        assert_eq!(
            block["hash"],
            json!(node.recording().block_hash(number)),
            "{name}"
        );
        let by_hash = call(&node, "eth_getBlockByHash", json!([block["hash"], false])).await;
        assert_eq!(by_hash.unwrap(), block, "{name}");
    }
    let unmined = node.recording().block_hash(116);
    for unknown in [json!(unmined), json!(hash(1))] {
        let block = call(&node, "eth_getBlockByHash", json!([unknown, false]))
            .await
            .unwrap();
        assert_eq!(block, Value::Null);
    }
}

#[tokio::test]
async fn finality_does_not_go_below_block_zero() {
    let node = start(small(), BlockPosition::Number(40)).await;
    for (tag, number) in [("safe", "0x8"), ("finalized", "0x0")] {
        let block = call(&node, "eth_getBlockByNumber", json!([tag]))
            .await
            .unwrap();
        assert_eq!(block["number"], number, "{tag}");
    }
}

#[tokio::test]
async fn a_block_has_what_clients_insist_on() {
    let node = start(small(), BlockPosition::Last).await;
    let recording = node.recording();
    let block = call(&node, "eth_getBlockByNumber", json!(["0x65", false]))
        .await
        .unwrap();
    let zero = "0x0000000000000000000000000000000000000000000000000000000000000000";
    assert_eq!(
        block,
        json!({
            "number": "0x65",
            "hash": recording.block_hash(101),
            "parentHash": recording.block_hash(100),
            "timestamp": "0x6553f10c",
            "logsBloom": recording.computed_bloom(101),
            "sha3Uncles": "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347",
            "miner": "0x0000000000000000000000000000000000000000",
            "stateRoot": zero,
            "transactionsRoot": zero,
            "receiptsRoot": zero,
            "difficulty": "0x0",
            "gasLimit": "0x1c9c380",
            "gasUsed": "0x0",
            "extraData": "0x",
            "mixHash": zero,
            "nonce": "0x0000000000000000",
            "transactions": [hash(0x77)],
            "uncles": [],
            "size": "0x0",
        })
    );
    let empty = call(&node, "eth_getBlockByNumber", json!(["0x66", true]))
        .await
        .unwrap();
    let empty_root = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";
    assert_eq!(empty["receiptsRoot"], empty_root);
    assert_eq!(empty["transactions"], json!([]));
    let (code, message) = call(&node, "eth_getBlockByNumber", json!(["0x65", true]))
        .await
        .unwrap_err();
    assert_eq!(code, -32000);
    assert!(
        message.contains("full transactions of block 101"),
        "{message}"
    );
}

#[tokio::test]
async fn recorded_fields_are_served_as_they_are() {
    let header: RecordedHeader = serde_json::from_value(json!({
        "number": "0x1", "gasUsed": "0x5208", "baseFeePerGas": "0x7", "miner": null,
        "receiptsRoot": hash(8), "uncles": [hash(9)],
        "transactions": [{"hash": hash(1), "nonce": "0x0"}, {"hash": hash(2), "nonce": "0x1"}],
    }))
    .unwrap();
    let mut builder = RecordingBuilder::new(RecordingInfo::new(1));
    builder.header(header).unwrap();
    builder.log(log(1, 0, 1, &[])).unwrap();
    let node = start(builder.build().unwrap(), BlockPosition::Last).await;

    let block = call(&node, "eth_getBlockByNumber", json!(["0x1", false]))
        .await
        .unwrap();
    assert_eq!(block["gasUsed"], "0x5208");
    assert_eq!(block["baseFeePerGas"], "0x7");
    assert_eq!(
        block["miner"], "0x0000000000000000000000000000000000000000",
        "null is not known"
    );
    assert_eq!(block["receiptsRoot"], json!(hash(8)));
    assert_eq!(block["uncles"], json!([hash(9)]));
    assert_eq!(block["transactions"], json!([hash(1), hash(2)]));
    let full = call(&node, "eth_getBlockByNumber", json!(["0x1", true]))
        .await
        .unwrap();
    assert_eq!(
        full["transactions"][1],
        json!({"hash": hash(2), "nonce": "0x1"})
    );
}

#[tokio::test]
async fn what_is_not_a_request() {
    let node = start(small(), BlockPosition::Last).await;
    let deep = "[".repeat(100_000);
    let deep_params = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":{}{}}}"#,
        "[".repeat(1_000),
        "]".repeat(1_000)
    );
    let long_method = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"{}"}}"#,
        "m".repeat(100_000)
    );
    let cases: [(&[u8], i64); 26] = [
        (b"", -32700),
        (b"hello", -32700),
        (b"{\"jsonrpc\":\"2.0\"", -32700),
        (
            br#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId"} {}"#,
            -32700,
        ),
        (
            b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}",
            -32700,
        ),
        (deep.as_bytes(), -32700),
        (b"7", -32600),
        (b"null", -32600),
        (b"\"text\"", -32600),
        (b"{}", -32600),
        (b"[]", -32600),
        (b" [ ] ", -32600),
        (br#"{"id":1,"method":"eth_chainId"}"#, -32600),
        (
            br#"{"jsonrpc":"1.0","id":1,"method":"eth_chainId"}"#,
            -32600,
        ),
        (br#"{"jsonrpc":2.0,"id":1,"method":"eth_chainId"}"#, -32600),
        (br#"{"jsonrpc":"2.0","id":1}"#, -32600),
        (br#"{"jsonrpc":"2.0","id":1,"method":7}"#, -32600),
        (
            br#"{"jsonrpc":"2.0","id":{},"method":"eth_chainId"}"#,
            -32600,
        ),
        (
            br#"{"jsonrpc":"2.0","id":[1],"method":"eth_chainId"}"#,
            -32600,
        ),
        (
            br#"{"jsonrpc":"2.0","id":true,"method":"eth_chainId"}"#,
            -32600,
        ),
        (br#"{"jsonrpc":"2.0","id":1,"method":"eth_foo"}"#, -32601),
        (br#"{"jsonrpc":"2.0","id":1,"method":""}"#, -32601),
        (long_method.as_bytes(), -32601),
        (
            br#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":{"a":1}}"#,
            -32602,
        ),
        (
            br#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":7}"#,
            -32602,
        ),
        (deep_params.as_bytes(), -32602),
    ];
    for (body, expected) in cases {
        let (status, answer) = post(&node, body).await;
        let shown = String::from_utf8_lossy(&body[..body.len().min(80)]);
        assert_eq!(status, 200, "{shown}");
        let (code, message) = outcome(&answer).unwrap_err();
        assert_eq!(code, expected, "{shown}: {message}");
        assert!(message.len() < 500, "{shown}: {message}");
    }
}

#[tokio::test]
async fn bad_parameters_of_the_block_methods() {
    let node = start(small(), BlockPosition::Last).await;
    let cases = [
        ("eth_getBlockByNumber", json!([])),
        ("eth_getBlockByNumber", json!([null, false])),
        ("eth_getBlockByNumber", json!([101, false])),
        ("eth_getBlockByNumber", json!(["101", false])),
        ("eth_getBlockByNumber", json!(["0x65", "false"])),
        ("eth_getBlockByNumber", json!(["0x65", false, 1])),
        (
            "eth_getBlockByNumber",
            json!([{"blockHash": hash(1)}, false]),
        ),
        ("eth_getBlockByHash", json!([])),
        ("eth_getBlockByHash", json!(["0x65", false])),
        ("eth_getBlockByHash", json!(["latest", false])),
        ("eth_getBlockByHash", json!([hash(1), 1])),
    ];
    for (method, params) in cases {
        let (code, message) = call(&node, method, params.clone()).await.unwrap_err();
        assert_eq!(code, -32602, "{method} {params}: {message}");
    }
}

#[tokio::test]
async fn the_id_comes_back_as_it_was() {
    let node = start(small(), BlockPosition::Last).await;
    for id in [
        "0",
        "-7",
        "1.50",
        "123456789012345678901234567890",
        r#""a\u0041""#,
        "null",
    ] {
        let body = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"eth_chainId"}}"#);
        let (_, answer) = post(&node, body).await;
        assert_eq!(
            answer,
            format!(r#"{{"jsonrpc":"2.0","id":{id},"result":"0x5"}}"#)
        );
        let body = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"eth_foo"}}"#);
        let (_, answer) = post(&node, body).await;
        assert!(
            answer.starts_with(&format!(r#"{{"jsonrpc":"2.0","id":{id},"error":"#)),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn batches_are_answered_in_order() {
    let limits = NodeLimits::default().with_max_batch(5);
    let node = ReplayNode::builder(small())
        .limits(limits)
        .start()
        .await
        .unwrap();
    let call = r#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}"#;
    let silent = r#"{"jsonrpc":"2.0","method":"eth_chainId"}"#;
    let body = format!(
        r#"[{silent},{call},7,{{"jsonrpc":"2.0","id":"x","method":"eth_getLogs","params":[{{}}]}},{{"jsonrpc":"2.0","id":3,"method":"eth_foo"}}]"#
    );
    let (status, answer) = post(&node, body).await;
    assert_eq!(status, 200);
    let answers: Vec<Value> = serde_json::from_str(&answer).unwrap();
    assert_eq!(answers.len(), 4, "{answer}");
    assert_eq!(
        answers[0],
        json!({"jsonrpc": "2.0", "id": 1, "result": "0x5"})
    );
    assert_eq!(answers[1]["id"], Value::Null);
    assert_eq!(answers[1]["error"]["code"], -32600);
    assert_eq!(answers[2]["id"], "x");
    assert_eq!(answers[2]["result"].as_array().unwrap().len(), 1);
    assert_eq!(answers[3]["error"]["code"], -32601);

    let (status, answer) = post(&node, format!("[{}]", [call; 6].join(","))).await;
    assert_eq!(status, 200);
    assert_eq!(outcome(&answer).unwrap_err().0, -32600, "one too many");

    for body in [format!("[{silent},{silent}]"), silent.to_owned()] {
        assert_eq!(
            post(&node, body).await,
            (204, String::new()),
            "nothing but notifications"
        );
    }
}

#[tokio::test]
async fn a_batch_ends_at_the_limit_of_an_answer() {
    let limits = NodeLimits::default().with_max_response_bytes(2_000);
    let node = ReplayNode::builder(small())
        .limits(limits)
        .start()
        .await
        .unwrap();
    let call = r#"{"jsonrpc":"2.0","id":1,"method":"eth_getLogs","params":[{}]}"#;
    let (_, answer) = post(&node, format!("[{}]", [call; 5].join(","))).await;
    let answers: Vec<Value> = serde_json::from_str(&answer).unwrap();
    assert_eq!(answers.len(), 5);
    assert!(answers[0]["result"].is_array());
    assert_eq!(answers[4]["error"]["code"], -32003);
}

#[tokio::test]
async fn subscriptions_need_a_websocket() {
    let node = start(small(), BlockPosition::Last).await;
    for (method, params) in [
        ("eth_subscribe", json!(["newHeads"])),
        ("eth_unsubscribe", json!(["0x1"])),
    ] {
        let (code, message) = call(&node, method, params).await.unwrap_err();
        assert_eq!(code, -32601);
        assert!(message.contains("WebSocket"), "{message}");
    }
}

#[tokio::test]
async fn long_bodies_are_refused() {
    let limits = NodeLimits::default().with_max_request_bytes(1_000);
    let node = ReplayNode::builder(small())
        .limits(limits)
        .start()
        .await
        .unwrap();
    let call = r#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}"#;
    let fits = format!("{call}{}", " ".repeat(1_000 - call.len()));
    assert_eq!(post(&node, &fits).await.0, 200);
    let (status, answer) = post(&node, format!("{fits} ")).await;
    assert_eq!(status, 413);
    let (code, message) = outcome(&answer).unwrap_err();
    assert_eq!(code, -32600);
    assert!(message.contains("1000 bytes"), "{message}");

    // Without an announced length.
    let chunk = format!("3e9\r\n{fits} \r\n0\r\n\r\n");
    let request = format!(
        "POST / HTTP/1.1\r\nhost: node\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n{chunk}"
    );
    assert!(
        exchange(&node, request.as_bytes())
            .await
            .starts_with("HTTP/1.1 413 ")
    );
}

#[tokio::test]
async fn any_path_but_only_post() {
    let node = start(small(), BlockPosition::Last).await;
    let call = r#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}"#;
    let request = format!(
        "POST /v3/key?x=1 HTTP/1.1\r\nhost: node\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{call}",
        call.len()
    );
    let answer = exchange(&node, request.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(
        answer.contains("content-type: application/json\r\n"),
        "{answer}"
    );
    for method in ["GET", "PUT", "DELETE", "OPTIONS"] {
        let request = format!("{method} / HTTP/1.1\r\nhost: node\r\nconnection: close\r\n\r\n");
        let answer = exchange(&node, request.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 405 "), "{method}: {answer}");
        assert!(answer.contains("allow: POST\r\n"), "{method}: {answer}");
    }
}
