//! `eth_getLogs`: which logs a filter takes.

use event_streamer_models::Log;
use event_streamer_replay::{
    BlockPosition, NodeLimits, Recording, RecordingBuilder, RecordingInfo, ReplayNode,
};
use serde_json::{Value, json};

use super::support::{call, hash, log, small, start};

/// The logs of [`small`] by the letters a to d.
async fn letters(node: &ReplayNode, filter: &Value) -> String {
    let found = call(node, "eth_getLogs", json!([filter]))
        .await
        .unwrap_or_else(|error| panic!("{filter}: {error:?}"));
    let found: Vec<Log> = serde_json::from_value(found).unwrap();
    let all: Vec<_> = node.recording().logs(0..=u64::MAX).collect();
    found
        .iter()
        .map(|log| {
            let index = all.iter().position(|known| *known == log).unwrap();
            char::from(b"abcd"[index])
        })
        .collect()
}

fn topic(byte: u8) -> String {
    hash(byte).to_string()
}

fn address(byte: u8) -> String {
    format!("0x{}", format!("{byte:02x}").repeat(20))
}

/// `a` 101/0 aa \[1,2\], `b` 101/7 bb \[1,3\], `c` 103/0 aa \[\], `d` 120 cc \[1,2,3,4\].
#[tokio::test]
async fn filters_take_what_they_say() {
    let node = start(small(), BlockPosition::Last).await;
    let all = |rest: Value| {
        let mut filter = json!({"fromBlock": "earliest", "toBlock": "latest"});
        filter
            .as_object_mut()
            .unwrap()
            .extend(rest.as_object().unwrap().clone());
        filter
    };
    let (t1, t2, t3, t4) = (topic(1), topic(2), topic(3), topic(4));
    let (aa, bb, dd) = (address(0xaa), address(0xbb), address(0xdd));
    let upper = aa.to_uppercase().replace("0X", "0x");
    let hash_101 = node.recording().block_hash(101).unwrap();
    let hash_102 = node.recording().block_hash(102).unwrap();
    let cases = [
        // Blocks.
        (all(json!({})), "abcd"),
        (json!({}), "d"),
        (
            json!({"fromBlock": null, "toBlock": null, "blockHash": null}),
            "d",
        ),
        (json!({"fromBlock": "latest"}), "d"),
        (json!({"fromBlock": "pending"}), "d"),
        (json!({"fromBlock": "0x65", "toBlock": "0x65"}), "ab"),
        (json!({"fromBlock": "0x0065", "toBlock": "0x67"}), "abc"),
        (json!({"fromBlock": "0x66", "toBlock": "0x66"}), ""),
        (json!({"fromBlock": "0x0", "toBlock": "0x64"}), ""),
        (json!({"fromBlock": "0x66"}), "cd"),
        (
            json!({"fromBlock": "0x67", "toBlock": "0xffffffffffffffff"}),
            "cd",
        ),
        (json!({"fromBlock": "finalized", "toBlock": "safe"}), ""),
        (json!({"blockHash": hash_101}), "ab"),
        (json!({"blockHash": hash_102}), ""),
        (json!({"blockHash": hash_101, "address": bb}), "b"),
        // Addresses.
        (all(json!({"address": aa})), "ac"),
        (all(json!({"address": upper})), "ac"),
        (all(json!({"address": [aa]})), "ac"),
        (all(json!({"address": [bb, aa, bb, dd]})), "abc"),
        (all(json!({"address": dd})), ""),
        (all(json!({"address": []})), "abcd"),
        (all(json!({"address": null})), "abcd"),
        // Topics: one, many, any, by position.
        (all(json!({"topics": null})), "abcd"),
        (all(json!({"topics": []})), "abcd"),
        (all(json!({"topics": [t1]})), "abd"),
        (all(json!({"topics": [t2]})), ""),
        (all(json!({"topics": [null]})), "abd"),
        (all(json!({"topics": [[]]})), "abd"),
        (all(json!({"topics": [null, t2]})), "ad"),
        (all(json!({"topics": [t1, t3]})), "b"),
        (all(json!({"topics": [[t4, t1], [t2, t3]]})), "abd"),
        (all(json!({"topics": [[t1, null], t3]})), "b"),
        (all(json!({"topics": [null, null, null]})), "d"),
        (all(json!({"topics": [null, null, null, t4]})), "d"),
        (all(json!({"topics": [null, null, null, t3]})), ""),
        (all(json!({"topics": [t1, t2], "address": aa})), "a"),
        // What is not known is not looked at.
        (all(json!({"limit": 1})), "abcd"),
    ];
    for (filter, expected) in cases {
        assert_eq!(letters(&node, &filter).await, expected, "{filter}");
    }
    node.shutdown().await;
}

#[tokio::test]
async fn a_log_is_served_whole() {
    let node = start(small(), BlockPosition::Last).await;
    let found = call(&node, "eth_getLogs", json!([{}])).await.unwrap();
    let expected = json!([{
        "address": address(0xcc),
        "topics": [topic(1), topic(2), topic(3), topic(4)],
        "data": "0xccda",
        "blockNumber": "0x78",
        "blockHash": node.recording().block_hash(120),
        "transactionHash": topic(0x77),
        "transactionIndex": "0x3",
        "logIndex": "0xffffffe2",
        "removed": false,
    }]);
    assert_eq!(found, expected);
}

#[tokio::test]
async fn the_head_bounds_what_is_seen() {
    let node = start(small(), BlockPosition::Number(102)).await;
    let from_start = json!({"fromBlock": "0x0", "toBlock": "0x78"});
    assert_eq!(letters(&node, &from_start).await, "ab");
    let unmined = node.recording().block_hash(103).unwrap();
    let cases = [
        (json!({"fromBlock": "0x67"}), -32602, "head"),
        (
            json!({"fromBlock": "0x67", "toBlock": "0x68"}),
            -32602,
            "head",
        ),
        (json!({"blockHash": unmined}), -32000, "unknown block"),
    ];
    for (filter, code, text) in cases {
        let (found, message) = call(&node, "eth_getLogs", json!([filter]))
            .await
            .unwrap_err();
        assert_eq!(found, code, "{filter}: {message}");
        assert!(message.contains(text), "{filter}: {message}");
    }
    node.mine(1);
    assert_eq!(letters(&node, &from_start).await, "abc");
    assert_eq!(letters(&node, &json!({"blockHash": unmined})).await, "c");
}

#[tokio::test]
async fn bad_filters_are_refused() {
    let node = start(small(), BlockPosition::Last).await;
    let short = "0x12";
    let cases = [
        (json!([]), "missing value for required argument 0"),
        (json!([null]), "missing value for required argument 0"),
        (json!([{}, {}]), "too many arguments"),
        (json!(["0x1"]), "not a filter object"),
        (json!([[]]), "not a filter object"),
        (
            json!([{"fromBlock": 101}]),
            "fromBlock is not a block number",
        ),
        (
            json!([{"fromBlock": "101"}]),
            "fromBlock is neither a block number nor a tag",
        ),
        (json!([{"fromBlock": "0x"}]), "found 0 hex digits"),
        (
            json!([{"fromBlock": "0x10000000000000000"}]),
            "out of range",
        ),
        (json!([{"toBlock": "newest"}]), "toBlock"),
        (json!([{"toBlock": {}}]), "toBlock"),
        (json!([{"fromBlock": "0x+1"}]), "fromBlock"),
        (
            json!([{"fromBlock": "0x66", "toBlock": "0x65"}]),
            "fromBlock 102 is above toBlock 101",
        ),
        (
            json!([{"blockHash": topic(1), "fromBlock": "0x1"}]),
            "cannot specify both",
        ),
        (
            json!([{"blockHash": topic(1), "toBlock": "latest"}]),
            "cannot specify both",
        ),
        (json!([{"blockHash": short}]), "blockHash is not valid"),
        (json!([{"address": short}]), "address is not valid"),
        (json!([{"address": 7}]), "address is not a hex string"),
        (json!([{"address": [address(1), null]}]), "address[1]"),
        (json!([{"address": [[address(1)]]}]), "address[0]"),
        (json!([{"topics": topic(1)}]), "not a list of topics"),
        (json!([{"topics": [short]}]), "topics[0] is not valid"),
        (
            json!([{"topics": [null, [topic(1), short]]}]),
            "topics[1][1] is not valid",
        ),
        (json!([{"topics": [[[topic(1)]]]}]), "topics[0][0]"),
        (
            json!([{"topics": [null, null, null, null, null]}]),
            "5 positions",
        ),
        (json!([{"address": "x".repeat(1_000_000)}]), "…"),
    ];
    for (params, text) in cases {
        let (code, message) = call(&node, "eth_getLogs", params.clone())
            .await
            .unwrap_err();
        assert_eq!(code, -32602, "{params:.99}: {message}");
        assert!(message.contains(text), "{params:.99}: {message}");
        assert!(message.len() < 800, "{message}");
    }
}

#[tokio::test]
async fn limits_of_a_provider() {
    let limits = NodeLimits::default()
        .with_max_block_range(20)
        .with_max_logs(2);
    let node = ReplayNode::builder(small())
        .limits(limits)
        .start()
        .await
        .unwrap();
    let cases = [
        (
            json!({"fromBlock": "0x64", "toBlock": "0x77"}),
            Err("more than 2 results"),
        ),
        (
            json!({"fromBlock": "0x64", "toBlock": "0x78"}),
            Err("range of 20 blocks"),
        ),
        (json!({"fromBlock": "0x65", "toBlock": "0x66"}), Ok("ab")),
        // Cut at the head before it is measured.
        (json!({"fromBlock": "0x66", "toBlock": "0xffff"}), Ok("cd")),
        (
            json!({"fromBlock": "0x65", "toBlock": "0x77", "address": address(0xaa)}),
            Ok("ac"),
        ),
    ];
    for (filter, expected) in cases {
        match expected {
            Ok(expected) => assert_eq!(letters(&node, &filter).await, expected, "{filter}"),
            Err(text) => {
                let (code, message) = call(&node, "eth_getLogs", json!([filter]))
                    .await
                    .unwrap_err();
                assert_eq!(code, -32005, "{filter}: {message}");
                assert!(message.contains(text), "{filter}: {message}");
            }
        }
    }
}

#[tokio::test]
async fn an_answer_above_the_limit_is_an_error() {
    let limits = NodeLimits::default().with_max_response_bytes(1_500);
    let node = ReplayNode::builder(small())
        .limits(limits)
        .start()
        .await
        .unwrap();
    let (code, _) = call(&node, "eth_getLogs", json!([{"fromBlock": "0x0"}]))
        .await
        .unwrap_err();
    assert_eq!(code, -32003);
    assert_eq!(letters(&node, &json!({})).await, "d");
}

/// The order and the number of the logs of a large block, by block and one by one.
#[tokio::test]
async fn many_logs_of_one_block() {
    let mut builder = RecordingBuilder::new(RecordingInfo::new(1));
    for index in 0..1_000_u32 {
        builder
            .log(log(7, index * 3, (index % 7) as u8, &[1]))
            .unwrap();
    }
    let recording: Recording = builder.build().unwrap();
    let node = start(recording, BlockPosition::Last).await;
    for (filter, step) in [(json!({}), 1), (json!({"address": address(0)}), 7)] {
        let found = call(&node, "eth_getLogs", json!([filter])).await.unwrap();
        let found: Vec<Log> = serde_json::from_value(found).unwrap();
        let indexes: Vec<_> = found.iter().map(|log| log.log_index).collect();
        let expected: Vec<_> = (0..1_000).step_by(step).map(|index| index * 3).collect();
        assert_eq!(indexes, expected);
    }
}
