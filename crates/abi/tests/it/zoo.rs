//! A contract of awkward events, as solc 0.8 compiled it.

use ethabi::{Token, Uint};
use event_streamer_abi::{EventDecoder, extract_abi_event, extract_abi_events};
use event_streamer_models::B256;
use serde_json::Value;

use crate::test_data;

/// The ABI of the contract `Zoo`.
fn abi() -> Option<String> {
    let text = std::fs::read_to_string(test_data::find("zoo/Zoo.json")?).unwrap();
    let contracts: Value = serde_json::from_str(&text).unwrap();
    Some(contracts["Zoo"].to_string())
}

fn decode(abi: &str, event: &str, topics: &[[u8; 32]], data: &[Token]) -> String {
    let decoder = EventDecoder::new(&extract_abi_event(abi, event).unwrap()).unwrap();
    let topics: Vec<B256> = decoder
        .topic0()
        .into_iter()
        .chain(topics.iter().copied().map(B256::from))
        .collect();
    decoder.decode_json(&topics, &ethabi::encode(data)).unwrap()
}

fn number(value: u64) -> Token {
    Token::Uint(value.into())
}

fn minus(value: u64) -> Token {
    Token::Int(!Uint::from(value) + 1)
}

fn text(value: &str) -> Token {
    Token::String(value.to_owned())
}

fn address(byte: u8) -> Token {
    Token::Address([byte; 20].into())
}

fn hex_of(byte: u8, times: usize) -> String {
    format!("0x{}", format!("{byte:02x}").repeat(times))
}

fn inner(nth: u64) -> Token {
    let mut word = vec![0; 32];
    word[31] = nth as u8;
    Token::Tuple(vec![number(nth), text("inner-B"), Token::Bytes(word)])
}

fn inner_json(nth: u64) -> String {
    format!(r#"{{"a":"{nth}","s":"inner-B","b":"0x{nth:064x}"}}"#)
}

fn flat(byte: u8, n: u64, ok: bool) -> Token {
    Token::Tuple(vec![address(byte), minus(n), Token::Bool(ok)])
}

fn flat_json(byte: u8, n: u64, ok: bool) -> String {
    format!(r#"{{"who":"{}","n":"-{n}","ok":{ok}}}"#, hex_of(byte, 20))
}

fn outer() -> (Token, String) {
    let row = |a, b| Token::FixedArray(vec![number(a), number(b)]);
    let token = Token::Tuple(vec![
        inner(1),
        Token::Array(vec![inner(2), inner(3)]),
        Token::FixedArray(vec![flat(7, 5, true), flat(8, 6, false)]),
        Token::FixedArray(vec![address(1), address(0), address(2)]),
        Token::Array(vec![row(1, 2), row(3, 4)]),
        Token::Bool(true),
    ]);
    let json = format!(
        r#"{{"inner":{},"list":[{},{}],"pair":[{},{}],"who":["{}","{}","{}"],"grid":[["1","2"],["3","4"]],"ok":true}}"#,
        inner_json(1),
        inner_json(2),
        inner_json(3),
        flat_json(7, 5, true),
        flat_json(8, 6, false),
        hex_of(1, 20),
        hex_of(0, 20),
        hex_of(2, 20),
    );
    (token, json)
}

#[test]
fn tuples_in_tuples_and_arrays_of_arrays() {
    let Some(abi) = abi() else { return };
    let (outer, outer_json) = outer();
    let id = [0; 32];
    assert_eq!(
        decode(
            &abi,
            "Nested",
            &[id],
            &[outer.clone(), Token::Array(vec![inner(4)])]
        ),
        format!(
            r#"{{"id":"0","o":{outer_json},"many":[{}]}}"#,
            inner_json(4)
        )
    );
    let data = [
        Token::FixedArray(vec![Token::Array(vec![outer]), Token::Array(vec![])]),
        Token::Array(vec![
            Token::Array(vec![]),
            Token::Array(vec![flat(9, 1 << 63, true)]),
        ]),
    ];
    assert_eq!(
        decode(&abi, "DeepNested", &[], &data),
        format!(
            r#"{{"oo":[[{outer_json}],[]],"ff":[[],[{}]]}}"#,
            flat_json(9, 1 << 63, true)
        )
    );
}

#[test]
fn arrays_of_everything() {
    let Some(abi) = abi() else { return };
    let lowest = Token::Int(Uint::MAX << 127);
    let words = [1_u8, 2, 3, 4].map(|byte| Token::FixedBytes(vec![byte; 32]));
    let data = [
        Token::Array(vec![number(0), Token::Uint(Uint::MAX), number(7)]),
        Token::Array(vec![
            text(""),
            text("h\u{e9}llo \u{2713} \u{1f600}"),
            text(&"long ".repeat(13)),
        ]),
        Token::FixedArray(words.to_vec()),
        Token::Array(vec![
            Token::Array(vec![]),
            Token::Array(vec![lowest, minus(1)]),
        ]),
        Token::Array(vec![
            Token::Bytes(vec![]),
            Token::Bytes(vec![0xde, 0xad, 0xbe, 0xef]),
        ]),
    ];
    assert_eq!(
        decode(&abi, "Arrays", &[], &data),
        format!(
            concat!(
                r#"{{"xs":["0","{}","7"],"ss":["","h{} {} {}","{}"],"fixedArr":["{}","{}","{}","{}"],"#,
                r#""mm":[[],["-170141183460469231731687303715884105728","-1"]],"bs":["0x","0xdeadbeef"]}}"#,
            ),
            Uint::MAX,
            "\u{e9}llo",
            '\u{2713}',
            '\u{1f600}',
            "long ".repeat(13),
            hex_of(1, 32),
            hex_of(2, 32),
            hex_of(3, 32),
            hex_of(4, 32),
        )
    );
}

#[test]
fn indexed_values_that_are_hashes() {
    let Some(abi) = abi() else { return };
    let topics = [[0xaa; 32], [0xbb; 32], [0xcc; 32]];
    assert_eq!(
        decode(&abi, "IdxDyn", &topics, &[inner(1)]),
        format!(
            r#"{{"name":"{}","blob":"{}","arr":"{}","tail":{}}}"#,
            hex_of(0xaa, 32),
            hex_of(0xbb, 32),
            hex_of(0xcc, 32),
            inner_json(1)
        )
    );
    assert_eq!(
        decode(&abi, "IdxTuple", &topics[..2], &[number(3)]),
        format!(
            r#"{{"t":"{}","f":"{}","n":"3"}}"#,
            hex_of(0xaa, 32),
            hex_of(0xbb, 32)
        )
    );
}

#[test]
fn anonymous_overloaded_unnamed_and_empty() {
    let Some(abi) = abi() else { return };
    let mut who = [0; 32];
    who[12..].fill(0x11);
    assert_eq!(
        decode(
            &abi,
            "Anon",
            &[who, [2; 32], [0; 32], [4; 32]],
            &[text("anonymous note")]
        ),
        format!(
            r#"{{"a":"{}","b":"{}","c":"0","d":"{}","note":"anonymous note"}}"#,
            hex_of(0x11, 20),
            hex_of(2, 32),
            hex_of(4, 32)
        )
    );
    assert_eq!(
        decode(&abi, "AnonBare", &[], &[number(1), text("bare")]),
        r#"{"a":"1","note":"bare"}"#
    );
    assert_eq!(decode(&abi, "Empty", &[], &[]), "{}");

    assert!(extract_abi_event(&abi, "Dup").is_err());
    assert_eq!(
        decode(&abi, "Dup(uint256)", &[], &[number(1)]),
        r#"{"a":"1"}"#
    );
    assert_eq!(
        decode(&abi, "Dup(uint256,uint256)", &[], &[number(1), number(2)]),
        r#"{"a":"1","b":"2"}"#
    );
    assert_eq!(
        decode(&abi, "Dup(uint256,address)", &[], &[number(1), address(9)]),
        format!(r#"{{"a":"1","b":"{}"}}"#, hex_of(9, 20))
    );
    assert_eq!(
        decode(&abi, "Unnamed", &[[0; 32]], &[address(9), text("unnamed")]),
        format!(
            r#"{{"arg0":"0","arg1":"{}","arg2":"unnamed"}}"#,
            hex_of(9, 20)
        )
    );
}

#[test]
fn every_kind_of_word() {
    let Some(abi) = abi() else { return };
    let data = [
        minus(128),
        Token::Int(Uint::one() << 255),
        Token::Uint(Uint::MAX),
        Token::FixedBytes(vec![0xab]),
        Token::FixedBytes(vec![0xcd; 31]),
        Token::Bool(true),
        number(2),
        number(5),
        address(1),
        address(2),
        // A function is its contract and its selector, encoded as 24 bytes.
        Token::FixedBytes(vec![3; 24]),
    ];
    let json: Value = serde_json::from_str(&decode(&abi, "Prims", &[], &data)).unwrap();
    for (key, value) in [
        ("i8", "-128".to_owned()),
        (
            "i256",
            "-57896044618658097711785492504343953926634992332820282019728792003956564819968"
                .to_owned(),
        ),
        ("u256", Uint::MAX.to_string()),
        ("b1", "0xab".to_owned()),
        ("b31", hex_of(0xcd, 31)),
        ("c", "2".to_owned()),
        ("p", "5".to_owned()),
        ("ap", hex_of(1, 20)),
        ("z", hex_of(2, 20)),
        ("fn", hex_of(3, 24)),
    ] {
        assert_eq!(json[key], value, "{key}");
    }
    assert_eq!(json["t"], true);
}

#[test]
fn every_event_of_the_zoo_compiles() {
    let Some(abi) = abi() else { return };
    let events = extract_abi_events(&abi).unwrap();
    assert_eq!(events.len(), 16);
    let prims = events.iter().find(|event| event.name == "Prims").unwrap();
    assert_eq!(
        EventDecoder::new(prims).unwrap().signature(),
        "Prims(int8,int256,uint256,bytes1,bytes31,bool,uint8,uint128,address,address,function)"
    );
}
