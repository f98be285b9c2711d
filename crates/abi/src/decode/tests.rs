use event_streamer_models::B256;

use super::*;
use crate::human::parse_event_signature;
use crate::keccak::keccak256;

pub(super) fn decoder(signature: &str) -> EventDecoder {
    EventDecoder::new(&parse_event_signature(signature).unwrap()).unwrap()
}

/// Words from hex of any length, padded in front.
fn words(words: &[&str]) -> Vec<u8> {
    let mut data = Vec::new();
    for word in words {
        let padded = format!("{word:0>64}");
        data.extend((0..32).map(|at| u8::from_str_radix(&padded[2 * at..2 * at + 2], 16).unwrap()));
    }
    data
}

/// The JSON of data without topics, topic0 aside.
fn decode(signature: &str, data: &[u8], strictness: Strictness) -> Result<String, DecodeError> {
    let decoder = decoder(signature).with_strictness(strictness);
    decoder.decode_json(decoder.topic0().as_slice(), data)
}

fn lenient(signature: &str, data: &[u8]) -> String {
    decode(signature, data, Strictness::Lenient).unwrap()
}

fn fault(signature: &str, data: &[u8]) -> DecodeError {
    decode(signature, data, Strictness::Lenient).unwrap_err()
}

#[test]
fn a_decoder_knows_its_event() {
    let transfer = decoder("Transfer(address indexed a, address indexed b, uint c)");
    assert_eq!(transfer.name(), "Transfer");
    assert_eq!(transfer.signature(), "Transfer(address,address,uint256)");
    assert_eq!(transfer.indexed_count(), 2);
    assert_eq!(
        transfer.topic0().unwrap(),
        keccak256(b"Transfer(address,address,uint256)")
    );
    assert_eq!(transfer.event().inputs.len(), 3);
    assert_eq!(decoder("A(uint8 indexed) anonymous").topic0(), None);
}

#[test]
fn a_decoder_is_shared_between_threads() {
    fn shared<T: Clone + Send + Sync + 'static>() {}
    shared::<EventDecoder>();
}

#[test]
fn parameters_are_appended_and_a_fault_leaves_nothing_behind() {
    let decoder = decoder("A(uint8 a, bool b)");
    let topics = [decoder.topic0().unwrap()];
    let mut out = b"kept".to_vec();
    decoder
        .write_params(&topics, &words(&["7", "1"]), &mut out)
        .unwrap();
    assert_eq!(out, br#"kept"a":"7","b":true"#);
    decoder
        .write_params(&topics, &words(&["7"]), &mut out)
        .unwrap_err();
    assert_eq!(out, br#"kept"a":"7","b":true"#);
}

#[test]
fn an_event_without_parameters_writes_nothing() {
    assert_eq!(lenient("Empty()", &[]), "{}");
    assert_eq!(
        decoder("Empty() anonymous").decode_json(&[], &[]).unwrap(),
        "{}"
    );
}

#[test]
fn topics_have_to_be_those_of_the_event() {
    let transfer = decoder("Transfer(address indexed a, address indexed b, uint256 c)");
    let topic0 = transfer.topic0().unwrap();
    let zero = B256::ZERO;
    for count in [1, 2, 4, 5] {
        let mut topics = vec![topic0];
        topics.resize(count, zero);
        let error = transfer.decode_json(&topics, &[0; 32]).unwrap_err();
        assert_eq!(
            *error.kind(),
            DecodeErrorKind::TopicCount {
                found: count,
                expected: 3
            }
        );
        assert_eq!(error.path(), "");
    }
    let error = transfer.decode_json(&[], &[0; 32]).unwrap_err();
    assert_eq!(
        *error.kind(),
        DecodeErrorKind::TopicCount {
            found: 0,
            expected: 3
        }
    );
    assert_eq!(
        error.to_string(),
        "the log has another number of topics: 3 expected, 0 found"
    );
    let error = transfer
        .decode_json(&[zero, zero, zero], &[0; 32])
        .unwrap_err();
    assert_eq!(
        *error.kind(),
        DecodeErrorKind::OtherEvent {
            found: zero,
            expected: topic0
        }
    );

    let anonymous = decoder("A(uint8 indexed a) anonymous");
    assert_eq!(anonymous.decode_json(&[zero], &[]).unwrap(), r#"{"a":"0"}"#);
    let error = anonymous.decode_json(&[zero, zero], &[]).unwrap_err();
    assert_eq!(
        *error.kind(),
        DecodeErrorKind::TopicCount {
            found: 2,
            expected: 1
        }
    );
}

#[test]
fn strings_are_never_changed() {
    let string = |bytes: &[u8]| {
        let mut data = words(&["20", &format!("{:x}", bytes.len())]);
        data.extend_from_slice(bytes);
        lenient("A(string s)", &data)
    };
    assert_eq!(string(b""), r#"{"s":""}"#);
    assert_eq!(
        string("h\u{e9}llo \u{2713} \u{1f600}".as_bytes()),
        "{\"s\":\"h\u{e9}llo \u{2713} \u{1f600}\"}"
    );
    assert_eq!(string(b"a\0b\0a"), r#"{"s":"a\u0000b\u0000a"}"#);
    assert_eq!(
        string(b"\"\\\n\x1f\x7f"),
        "{\"s\":\"\\\"\\\\\\n\\u001f\x7f\"}"
    );
    assert_eq!(
        string(&[0xff, 0, 0xfe, 0x80]),
        r#"{"s":{"hex":"0xff00fe80"}}"#
    );
    // A surrogate of CESU-8, and a character cut in two.
    assert_eq!(string(&[0xed, 0xa0, 0x80]), r#"{"s":{"hex":"0xeda080"}}"#);
    assert_eq!(string(&[0xe2, 0x9c]), r#"{"s":{"hex":"0xe29c"}}"#);
}

#[test]
fn tuples_are_objects_only_with_distinct_names() {
    let data = words(&["1", "2"]);
    assert_eq!(
        lenient("A((uint8 a, uint8 b) t)", &data),
        r#"{"t":{"a":"1","b":"2"}}"#
    );
    assert_eq!(
        lenient("A((uint8 a, uint8) t)", &data),
        r#"{"t":["1","2"]}"#
    );
    assert_eq!(
        lenient("A((uint8 a, uint8 a) t)", &data),
        r#"{"t":["1","2"]}"#
    );
    assert_eq!(
        lenient("A((uint8 address, uint8 timestamp) t)", &data),
        r#"{"t":{"address":"1","timestamp":"2"}}"#
    );
}

#[test]
fn keys_are_escaped() {
    let mut event = parse_event_signature("A(uint8 a, (uint8 b) t)").unwrap();
    event.inputs[0].name = Some("a\"\n\0".to_owned());
    event.inputs[1].components.as_mut().unwrap()[0].name = Some("\u{202e}\\".to_owned());
    let decoder = EventDecoder::new(&event).unwrap();
    let json = decoder
        .decode_json(&[decoder.topic0().unwrap()], &words(&["1", "2"]))
        .unwrap();
    assert_eq!(
        json,
        "{\"a\\\"\\n\\u0000\":\"1\",\"t\":{\"\u{202e}\\\\\":\"2\"}}"
    );
}

#[test]
fn a_fault_names_the_value_it_is_in() {
    let data = words(&["20", "2", "1", "2", "3"]);
    let error = fault("A((uint8 a, uint8 salt)[] orders)", &data);
    assert_eq!(
        *error.kind(),
        DecodeErrorKind::Length {
            at: 32,
            found: B256::from(two()),
            most: 1
        }
    );
    assert_eq!(error.path(), "orders");

    let data = words(&["40", "1", "1", "20", "7", "40", "ff"]);
    let error = fault("A((uint8 a, string salt)[] orders, uint8)", &data);
    assert_eq!(error.path(), "orders[0].salt");
    assert_eq!(
        error.to_string(),
        "parameter `orders[0].salt`: the length at byte 192 is more than the data holds: \
         0x00000000000000000000000000000000000000000000000000000000000000ff found, at most 0 expected",
    );

    let error = fault(
        "A((uint8, string)[2] orders)",
        &words(&["20", "40", "40", "0", "ffff"]),
    );
    assert_eq!(error.path(), "orders[0][1]");
    assert!(
        matches!(
            error.kind(),
            DecodeErrorKind::Offset {
                at: 128,
                end: 160,
                ..
            }
        ),
        "{error}"
    );
}

fn two() -> [u8; 32] {
    let mut word = [0; 32];
    word[31] = 2;
    word
}

#[test]
fn data_that_no_compiler_writes() {
    let ones = "f".repeat(64);
    let text = format!("{}{}", "6869", "0".repeat(60));
    let dirty_text = format!("{}{}", "6869", "1".repeat(60));
    for (signature, data, reading) in [
        // beyond its width
        ("A(uint8 v)", words(&["1ff"]), r#"{"v":"511"}"#),
        ("A(int8 v)", words(&["80"]), r#"{"v":"128"}"#),
        (
            "A(int8 v)",
            words(&[&format!("{}7f", "f".repeat(62))]),
            r#"{"v":"-129"}"#,
        ),
        ("A(ufixed8x1 v)", words(&["101"]), r#"{"v":"25.7"}"#),
        ("A(bool v)", words(&["2"]), r#"{"v":true}"#),
        (
            "A(bool v)",
            words(&[&format!("1{}", "0".repeat(63))]),
            r#"{"v":true}"#,
        ),
        (
            "A(address v)",
            words(&[&ones]),
            r#"{"v":"0xffffffffffffffffffffffffffffffffffffffff"}"#,
        ),
        ("A(bytes2 v)", words(&[&ones]), r#"{"v":"0xffff"}"#),
        (
            "A(function v)",
            words(&[&ones]),
            r#"{"v":"0xffffffffffffffffffffffffffffffffffffffffffffffff"}"#,
        ),
        // padding not zero, cut off; data left over
        (
            "A(string v)",
            words(&["20", "2", &dirty_text]),
            r#"{"v":"hi"}"#,
        ),
        (
            "A(string v)",
            [words(&["20", "2"]), b"hi".to_vec()].concat(),
            r#"{"v":"hi"}"#,
        ),
        (
            "A(string v)",
            words(&["20", "2", &text, "0"]),
            r#"{"v":"hi"}"#,
        ),
        (
            "A(uint8 v)",
            [words(&["7"]), vec![0]].concat(),
            r#"{"v":"7"}"#,
        ),
        ("A()", vec![1], "{}"),
    ] {
        assert_eq!(lenient(signature, &data), reading, "{signature}");
        let error = decode(signature, &data, Strictness::Strict).unwrap_err();
        assert!(
            matches!(
                error.kind(),
                DecodeErrorKind::Value { .. }
                    | DecodeErrorKind::Padding { .. }
                    | DecodeErrorKind::TrailingData { .. }
            ),
            "{signature}: {error}"
        );
    }
}

#[test]
fn data_as_compilers_write_it_is_strictly_right() {
    let text = format!("{}{}", "6869", "0".repeat(60));
    let minus_one = "f".repeat(64);
    for (signature, data, reading) in [
        ("A(uint8 v)", words(&["ff"]), r#"{"v":"255"}"#),
        ("A(int8 v)", words(&[&minus_one]), r#"{"v":"-1"}"#),
        ("A(int8 v)", words(&["7f"]), r#"{"v":"127"}"#),
        ("A(int256 v)", words(&[&minus_one]), r#"{"v":"-1"}"#),
        ("A(fixed16x2 v)", words(&[&minus_one]), r#"{"v":"-0.01"}"#),
        (
            "A(fixed v)",
            words(&["de0b6b3a7640000"]),
            r#"{"v":"1.000000000000000000"}"#,
        ),
        (
            "A(bool a, bool b)",
            words(&["0", "1"]),
            r#"{"a":false,"b":true}"#,
        ),
        ("A(string v)", words(&["20", "2", &text]), r#"{"v":"hi"}"#),
        // Shared and reordered tails are legal.
        (
            "A(string v, string w)",
            words(&["40", "40", "2", &text]),
            r#"{"v":"hi","w":"hi"}"#,
        ),
        (
            "A(string v, bytes w)",
            words(&["60", "40", "0", "2", &text]),
            r#"{"v":"hi","w":"0x"}"#,
        ),
    ] {
        for strictness in [Strictness::Lenient, Strictness::Strict] {
            assert_eq!(
                decode(signature, &data, strictness).unwrap(),
                reading,
                "{signature}"
            );
        }
    }
}

#[test]
fn strictness_holds_for_topics() {
    let event = decoder("A(address indexed a, bool indexed b)");
    let topics = [
        event.topic0().unwrap(),
        B256::from([0xff; 32]),
        B256::from(two()),
    ];
    let json = event.decode_json(&topics, &[]).unwrap();
    assert_eq!(
        json,
        r#"{"a":"0xffffffffffffffffffffffffffffffffffffffff","b":true}"#
    );
    let error = event
        .with_strictness(Strictness::Strict)
        .decode_json(&topics, &[])
        .unwrap_err();
    assert_eq!(error.path(), "a");
    assert!(
        error
            .to_string()
            .contains("address expected, 0xffffffffffffffff"),
        "{error}"
    );
}

#[test]
fn parameters_too_large_together_are_refused() {
    let half = "uint8[100000000]";
    let event = parse_event_signature(&format!("A({half} a, {half} b)")).unwrap();
    let error = EventDecoder::new(&event).unwrap_err();
    assert_eq!(error.kind(), crate::AbiErrorKind::Limit);
    assert!(error.to_string().contains("together"), "{error}");
}

/// 13 KB in which every array leads to the same ones again: 8^5 numbers, if one believed it.
#[test]
fn arrays_that_share_their_elements_are_given_up_in_every_way() {
    let decoder = decoder("E(uint256[][][][][] a)");
    let topics = [decoder.topic0().unwrap()];
    let mut data = words(&["20"]);
    for _ in 0..45 {
        data.extend(words(&[
            "8", "100", "100", "100", "100", "100", "100", "100", "100",
        ]));
    }
    let json = decoder.decode_json(&topics, &data).unwrap_err();
    assert!(
        matches!(json.kind(), DecodeErrorKind::TooMuchWork { .. }),
        "{json}"
    );
    assert_eq!(decoder.decode_values(&topics, &data).unwrap_err(), json);
    assert_eq!(
        decoder
            .decode_as::<serde_json::Value>(&topics, &data)
            .unwrap_err(),
        json
    );
    assert_eq!(
        decoder
            .decode_as::<serde::de::IgnoredAny>(&topics, &data)
            .unwrap_err(),
        json
    );
}
