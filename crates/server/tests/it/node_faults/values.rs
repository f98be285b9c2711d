//! Values that are unusual and legal, and logs that are not: through the service, to the wire.

use std::time::Duration;

use event_streamer_abi::{event_topic0, parse_event_signature};
use event_streamer_models::{Address, B256, HexBytes, Log};
use event_streamer_server::ChainConfig;
use serde_json::{Value, json};

use super::case::{Case, case};
use super::stage::Node;
use crate::ingest::node::CHAIN_ID;
use crate::service::support::World;

/// A log of one event without indexed parameters.
struct Sent {
    name: &'static str,
    fault: &'static str,
    promise: &'static str,
    event: &'static str,
    /// Words of 32 bytes, in hexadecimal without leading zeros.
    data: Vec<String>,
    /// What arrives, by parameter; `reason` stands for a log that does not decode.
    arrives: Value,
}

fn words<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).to_vec()
}

/// A word whose hexadecimal digits stand at its beginning.
fn left(digits: &str) -> String {
    format!("{digits:0<64}")
}

/// The words of `text` as dynamic bytes behind their offset and length.
fn dynamic(bytes: &[u8]) -> Vec<String> {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let chunks = hex.as_bytes().chunks(64);
    let chunks = chunks.map(|it| left(std::str::from_utf8(it).unwrap()));
    [
        words(["20", &format!("{:x}", bytes.len())]),
        chunks.collect(),
    ]
    .concat()
}

fn sent() -> Vec<Sent> {
    let max = "f".repeat(64);
    let int_min = left("8");
    let long = "x".repeat(64 << 10);
    let dirty = format!("deadbeefdeadbeefdeadbeef{}", "11".repeat(20));
    let maximum = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
    let minimum = "-57896044618658097711785492504343953926634992332820282019728792003956564819968";
    let row = |name, fault, promise, event, data, arrives| Sent {
        name,
        fault,
        promise,
        event,
        data,
        arrives,
    };
    let exact = "arrives as it is";
    let undecoded = "arrives as `$undecoded` with topics, data and reason; the stream goes on";
    vec![
        row(
            "2^256-1",
            "the greatest uint256",
            "a decimal string, exact",
            "event E(uint256 a)",
            words([&max]),
            json!({ "a": maximum }),
        ),
        row(
            "the least int256",
            "-2^255",
            "a decimal string, exact",
            "event E(int256 a)",
            words([&int_min]),
            json!({ "a": minimum }),
        ),
        row(
            "NUL in a string",
            "a string with U+0000 inside",
            exact,
            "event E(string a)",
            dynamic(b"a\0b"),
            json!({ "a": "a\u{0}b" }),
        ),
        row(
            "a string that is not UTF-8",
            "a string of the bytes ff fe",
            "`{\"hex\": \"0xfffe\"}`: never silently changed",
            "event E(string a)",
            dynamic(&[0xff, 0xfe]),
            json!({ "a": { "hex": "0xfffe" } }),
        ),
        row(
            "an empty string",
            "a string of no bytes",
            exact,
            "event E(string a)",
            dynamic(b""),
            json!({ "a": "" }),
        ),
        row(
            "an empty array",
            "a dynamic array of length 0",
            exact,
            "event E(uint256[] a)",
            words(["20", "0"]),
            json!({ "a": [] }),
        ),
        row(
            "a string of 64 KiB",
            "65,536 bytes of text in one log",
            exact,
            "event E(string a)",
            dynamic(long.as_bytes()),
            json!({ "a": long }),
        ),
        row(
            "dirty high bytes in an address",
            "an address word whose first 12 bytes are not zero",
            "the address; the EVM does not see such bits",
            "event E(address a)",
            words([&dirty]),
            json!({ "a": format!("0x{}", "11".repeat(20)) }),
        ),
        row(
            "a bool of 2",
            "a bool word of 2",
            "`true`, as every EVM takes it",
            "event E(bool a)",
            words(["2"]),
            json!({ "a": true }),
        ),
        row(
            "a uint8 of 256",
            "a word beyond the width of its type",
            "the number that the whole word is, nothing cut off",
            "event E(uint8 a)",
            words(["100"]),
            json!({ "a": "256" }),
        ),
        row(
            "data too long",
            "a word more than the event has",
            "what is behind the last value is ignored",
            "event E(uint256 a)",
            words(["7", "8"]),
            json!({ "a": "7" }),
        ),
        row(
            "data too short",
            "one word where the event has two",
            undecoded,
            "event E(uint256 a, uint256 b)",
            words(["7"]),
            json!({ "reason": true }),
        ),
        row(
            "no data",
            "no data where the event has a word",
            undecoded,
            "event E(uint256 a)",
            vec![],
            json!({ "reason": true }),
        ),
        row(
            "an offset beyond the data",
            "an offset of 2^64 - 1",
            undecoded,
            "event E(string a)",
            words(["ffffffffffffffff", "1"]),
            json!({ "reason": true }),
        ),
        row(
            "an offset of 2^256 - 1",
            "an offset that no machine can add to",
            undecoded,
            "event E(string a)",
            words([&max, "1"]),
            json!({ "reason": true }),
        ),
        row(
            "a length beyond the data",
            "a length of 2^32 in 64 bytes",
            undecoded,
            "event E(uint256[] a)",
            words(["20", "100000000"]),
            json!({ "reason": true }),
        ),
        row(
            "a length of empty elements",
            "`()`-like bombs: 2^32 elements of an array of no elements",
            undecoded,
            "event E(uint256[][] a)",
            words(["20", "ffffffff", "0"]),
            json!({ "reason": true }),
        ),
        row(
            "offsets that point at each other",
            "nested arrays whose offsets all point to the same words",
            "read or refused with bounded work, and the stream goes on",
            "event E(uint256[][][] a)",
            words(["20", "2", "0", "0", "0"]),
            Value::Null,
        ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = sent()
        .into_iter()
        .map(|sent| {
            let (name, fault, promise) = (sent.name, sent.fault, sent.promise);
            case(name, fault, promise, move || through_the_service(sent))
        })
        .collect();
    cases.extend([
        case(
            "log index 0xffffffe2",
            "logs whose indexes lie near the top of 32 bits",
            "unsigned, exact, in order; in history and live",
            huge_log_index,
        ),
        case(
            "long empty stretches",
            "500 blocks without a log",
            "the position moves through them, and `progress` says so",
            empty_stretch,
        ),
        case(
            "another number of topics",
            "an ERC-721 Transfer for a subscription to the ERC-20 one: the same topic0",
            "arrives as `$undecoded` with topics, data and reason; the stream goes on",
            erc721,
        ),
    ]);
    cases
}

fn data_of(words: &[String]) -> HexBytes {
    let hex: String = words.iter().map(|word| format!("{word:0>64}")).collect();
    format!("0x{hex}").parse().unwrap()
}

fn topic_of(event: &str) -> B256 {
    let event = parse_event_signature(event).unwrap();
    event_topic0(&event).unwrap().unwrap()
}

/// A service over a node.
async fn world(node: &Node) -> World {
    let url = node.url();
    World::tweaked(move |mut config| {
        let chain = ChainConfig::new(CHAIN_ID).with_endpoint(url.clone());
        config.chains = vec![chain.with_block_time(Duration::from_millis(10))];
        config
    })
    .await
}

async fn subscribe(world: &World, event: &str) -> u64 {
    let signature = parse_event_signature(event).unwrap();
    let body = json!({
        "chain_id": CHAIN_ID, "start_block": 1, "end_block": null,
        "topic0": topic_of(event), "event_signature": serde_json::to_value(&signature).unwrap(),
    });
    world.subscribe(body).await
}

async fn through_the_service(sent: Sent) {
    let node = Node::start().await;
    let topic = topic_of(sent.event);
    let log = |data: &HexBytes| Log {
        address: Address([0xaa; 20]),
        topics: vec![topic],
        data: data.clone(),
        ..Log::default()
    };
    let data = data_of(&sent.data);
    // Between two that are as they should be for most: nothing else is held up.
    node.mine_with(|_, _| vec![log(&data)]);
    let world = world(&node).await;
    let id = subscribe(&world, sent.event).await;
    let mut stream = world.stream(id, "", "progress,metadata").await;
    for _ in 0..2 {
        let batch = stream.batch().await;
        let (name, events) = batch["events"].as_object().unwrap().iter().next().unwrap();
        let event = &events[0];
        if sent.arrives["reason"] == true {
            assert_eq!(name, "$undecoded", "{batch}");
            assert_eq!(event["data"], data.to_string());
            assert_eq!(event["topics"], json!([topic]));
            assert!(!event["reason"].as_str().unwrap().is_empty());
        } else if !sent.arrives.is_null() {
            assert_eq!(name, "E", "{batch:.400}");
            for (parameter, value) in sent.arrives.as_object().unwrap() {
                assert_eq!(event[parameter], *value, "{parameter}");
            }
        }
        assert_eq!(world.acknowledge(&batch).await.status, 200);
        // The same at the head.
        node.mine_with(|_, _| vec![log(&data)]);
    }
}

async fn huge_log_index() {
    const FIRST: u32 = 0xffff_ffe2;
    let event = "event E(uint256 a)";
    let node = Node::start().await;
    let logs = move |_, _| {
        let log = Log {
            topics: vec![topic_of(event)],
            data: data_of(&words(["7"])),
            ..Log::default()
        };
        vec![log; 3]
    };
    node.mine_from_index(FIRST, logs);
    let world = world(&node).await;
    let id = subscribe(&world, event).await;
    let mut stream = world.stream(id, "", "progress,metadata").await;
    for number in 1..=2 {
        let batch = stream.batch().await;
        let events = batch["events"]["E"].as_array().unwrap();
        let places: Vec<_> = events.iter().map(crate::service::support::place).collect();
        let index = |offset| u64::from(FIRST) + offset;
        assert_eq!(
            places,
            [(number, index(0)), (number, index(1)), (number, index(2))]
        );
        assert_eq!(world.acknowledge(&batch).await.status, 200);
        node.mine_from_index(FIRST, logs);
    }
}

async fn empty_stretch() {
    let node = Node::start().await;
    for _ in 0..500 {
        node.mine_with(|_, _| vec![]);
    }
    let world = world(&node).await;
    let id = subscribe(&world, "event E(uint256 a)").await;
    let mut stream = world.stream(id, "", "progress").await;
    let mut to = 0;
    while to < 500 {
        let line = stream.line_of("progress").await;
        assert_eq!(line["from_block"].as_u64().unwrap(), to + 1);
        to = line["to_block"].as_u64().unwrap();
    }
}

async fn erc721() {
    let event = "event Transfer(address indexed from, address indexed to, uint256 value)";
    let node = Node::start().await;
    let topics = vec![topic_of(event), B256([1; 32]), B256([2; 32]), B256([3; 32])];
    let log = Log {
        topics: topics.clone(),
        ..Log::default()
    };
    node.mine_with(|_, _| vec![log]);
    let world = world(&node).await;
    let id = subscribe(&world, event).await;
    let batch = world.stream(id, "", "").await.batch().await;
    let event = &batch["events"]["$undecoded"][0];
    assert_eq!(event["topics"], json!(topics), "{batch}");
    assert!(!event["reason"].as_str().unwrap().is_empty());
}
