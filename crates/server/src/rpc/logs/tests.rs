use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::rpc::wire;

/// In pieces of `count` logs.
fn read(id: u64, body: &[u8], count: usize) -> Option<Vec<Log>> {
    let mut reader = LogsReader::new(id, body);
    loop {
        match reader.read(count) {
            Piece::More => {}
            Piece::Done(logs) => return Some(logs),
            Piece::Unusual => return None,
        }
    }
}

/// As the general reader reads it.
fn reference(id: u64, body: &[u8]) -> Option<Vec<Log>> {
    let raw = wire::decode(id, body).ok()?;
    serde_json::from_str(raw.get()).ok()
}

fn log() -> Value {
    json!({
        "address": "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2",
        "topics": [B256([1; 32]), B256([2; 32])],
        "data": "0x2a",
        "blockNumber": "0x119298d",
        "blockHash": B256([3; 32]),
        "transactionHash": B256([4; 32]),
        "transactionIndex": "0x5",
        "logIndex": "0xffffffe2",
        "blockTimestamp": "0x65b2e7b3",
        "removed": false,
    })
}

fn answer(logs: &Value) -> Vec<u8> {
    serde_json::to_vec(&json!({"jsonrpc": "2.0", "id": 7, "result": logs})).unwrap()
}

/// A log with one member replaced, or taken out.
fn changed(name: &str, value: Option<Value>) -> Vec<u8> {
    let mut log = log();
    let members = log.as_object_mut().unwrap();
    match value {
        Some(value) => members.insert(name.to_owned(), value),
        None => members.remove(name),
    };
    answer(&json!([log]))
}

#[test]
fn what_nodes_write_is_read_without_the_general_reader() {
    let logs = json!([log(), log(), log()]);
    let compact = answer(&logs);
    let pretty = serde_json::to_vec_pretty(&json!({"result": logs, "error": null, "id": "7"}));
    for body in [&compact, &pretty.unwrap()] {
        for count in [1, 2, 3, 100] {
            let read = read(7, body, count);
            assert_eq!(read, reference(7, body));
            assert_eq!(read.unwrap().len(), 3);
        }
    }
    assert_eq!(read(7, br#"{"id":7,"result":[]}"#, 9), Some(Vec::new()));
}

#[test]
fn members_may_be_null_missing_or_unknown_where_that_is_allowed() {
    for (name, value) in [
        ("blockHash", Some(Value::Null)),
        ("blockHash", None),
        ("blockTimestamp", Some(Value::Null)),
        ("blockTimestamp", None),
        ("removed", None),
        ("removed", Some(Value::Null)),
        ("removed", Some(true.into())),
        ("topics", Some(json!([]))),
        ("data", Some("0x".into())),
        ("logType", Some(Value::Null)),
        ("l1BatchNumber", Some("0x1".into())),
        ("extra", Some(17.into())),
        ("logIndex", Some("0x00000001".into())),
    ] {
        let body = changed(name, value.clone());
        let read = read(7, &body, 9);
        assert_eq!(read, reference(7, &body), "{name} {value:?}");
        assert!(read.is_some(), "{name} {value:?}");
    }
}

#[test]
fn what_is_not_usual_is_left_to_the_general_reader() {
    let long = format!("0x{:0>40}", "1");
    for (name, value) in [
        ("address", None),
        ("address", Some("0x00".into())),
        (
            "address",
            Some("0Xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2".into()),
        ),
        (
            "topics",
            Some(json!([
                B256::ZERO,
                B256::ZERO,
                B256::ZERO,
                B256::ZERO,
                B256::ZERO
            ])),
        ),
        ("topics", Some(Value::Null)),
        ("data", Some("0x2".into())),
        ("data", Some("0xzz".into())),
        ("blockNumber", Some(Value::Null)),
        ("blockNumber", Some("0x".into())),
        ("blockNumber", Some(long.into())),
        ("blockNumber", Some(5.into())),
        ("logIndex", Some("0x100000000".into())),
        ("extra", Some(json!({"nested": []}))),
        ("extra", Some(json!("\n"))),
        ("extra", Some(json!(-1.5))),
        ("\u{e9}", Some(json!(1))),
    ] {
        assert_eq!(
            read(7, &changed(name, value.clone()), 9),
            None,
            "{name} {value:?}"
        );
    }
    for body in [
        r#"{"id":8,"result":[]}"#,
        r#"{"id":70,"result":[]}"#,
        r#"{"result":[]}"#,
        r#"{"id":7}"#,
        r#"{"id":7,"result":null}"#,
        r#"{"id":7,"id":7,"result":[]}"#,
        r#"{"id":7,"result":[],"result":[]}"#,
        r#"{"id":7,"result":[],"error":{"code":1,"message":"no"}}"#,
        r#"{"id":7,"result":[]"#,
        r#"{"id":7,"result":[]}]"#,
        r#"{"id":7,"result":[,]}"#,
        r#"[{"id":7,"result":[]}]"#,
        "",
    ] {
        assert_eq!(read(7, body.as_bytes(), 9), None, "{body}");
    }
    let twice = String::from_utf8(answer(&json!([log()]))).unwrap();
    let twice = twice.replace(r#""removed":"#, r#""data":"0x","removed":"#);
    assert_eq!(read(7, twice.as_bytes(), 9), None);
    assert_eq!(reference(7, twice.as_bytes()), None);
}

#[test]
fn what_is_reserved_is_bounded_by_what_came() {
    // One short log in front of much that is none.
    let mut body = answer(&json!([log()]));
    body.truncate(body.len() - 2);
    body.extend_from_slice(&vec![b' '; 1 << 20]);
    let mut reader = LogsReader::new(7, &body);
    assert_eq!(reader.read(9), Piece::Unusual);
    assert!(reader.logs.capacity() * size_of::<Log>() <= body.len());
}

fn any_log() -> impl Strategy<Value = Log> {
    let word = || any::<[u8; 32]>().prop_map(B256);
    let place = (any::<u64>(), any::<u64>(), any::<u32>());
    let rest = (
        proptest::option::of(word()),
        proptest::option::of(any::<u64>()),
        any::<bool>(),
    );
    (
        any::<[u8; 20]>(),
        vec(word(), 0..=4),
        vec(any::<u8>(), 0..80),
        word(),
        place,
        rest,
    )
        .prop_map(
            |(
                address,
                topics,
                data,
                transaction_hash,
                place,
                (block_hash, block_timestamp, removed),
            )| Log {
                address: Address(address),
                topics,
                data: HexBytes(data),
                block_number: place.0,
                block_hash,
                transaction_hash,
                transaction_index: place.1,
                log_index: place.2,
                block_timestamp,
                removed,
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn logs_come_back_as_they_were_written(
        logs in vec(any_log(), 0..6),
        count in 1..4_usize,
        is_pretty: bool,
    ) {
        let answer = json!({"jsonrpc": "2.0", "id": 7, "result": logs});
        let body = match is_pretty {
            true => serde_json::to_vec_pretty(&answer),
            false => serde_json::to_vec(&answer),
        };
        prop_assert_eq!(read(7, &body.unwrap(), count), Some(logs));
    }

    /// Whatever is done to an answer: what is read at all is what the general reader reads.
    #[test]
    fn damage_is_never_read_as_something_else(
        logs in vec(any_log(), 1..3),
        damage in vec((any::<proptest::sample::Index>(), any::<u8>(), 0..4_u8), 1..4),
    ) {
        let mut body = answer(&json!(logs));
        for (place, byte, kind) in damage {
            let place = place.index(body.len());
            match kind {
                0 => body[place] = byte,
                1 => body.insert(place, b" \"\\{}[],:0nx"[usize::from(byte) % 12]),
                2 => drop(body.remove(place)),
                _ => body.truncate(place.max(1)),
            }
        }
        if let Some(read) = read(7, &body, 2) {
            prop_assert_eq!(Some(read), reference(7, &body));
        }
    }

    #[test]
    fn no_body_makes_it_panic(body in vec(any::<u8>(), 0..200)) {
        let _ = read(7, &body, 2);
    }
}
