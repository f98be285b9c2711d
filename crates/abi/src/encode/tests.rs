use event_streamer_models::{B256, HexBytes};

use crate::{AbiValue, EncodeErrorKind, EventDecoder, keccak256, parse_event_signature};

fn decoder(signature: &str) -> EventDecoder {
    EventDecoder::new(&parse_event_signature(signature).unwrap()).unwrap()
}

fn tuple(values: impl IntoIterator<Item = AbiValue>) -> AbiValue {
    AbiValue::Tuple(values.into_iter().collect())
}

fn array(values: impl IntoIterator<Item = AbiValue>) -> AbiValue {
    AbiValue::Array(values.into_iter().collect())
}

fn bytes(bytes: &[u8]) -> HexBytes {
    HexBytes::from(bytes)
}

/// The example of Solidity's ABI specification: `g([[1, 2], [3]], ["one", "two", "three"])`.
#[test]
fn the_example_of_the_specification_comes_out_to_the_byte() {
    let number = AbiValue::from;
    let numbers = array([
        array([number(1_u64), number(2_u64)]),
        array([number(3_u64)]),
    ]);
    let words = array(["one".into(), "two".into(), "three".into()]);
    let (_, data) = decoder("g(uint256[][], string[])")
        .encode_log(&[numbers, words])
        .unwrap();
    let expected = "40 140 2 40 a0 2 1 2 1 3 3 60 a0 e0 3 one 3 two 5 three";
    let mut words = Vec::new();
    for word in expected.split(' ') {
        let mut bytes = [0; 32];
        if ["one", "two", "three"].contains(&word) {
            bytes[..word.len()].copy_from_slice(word.as_bytes());
        } else {
            bytes[24..].copy_from_slice(&u64::from_str_radix(word, 16).unwrap().to_be_bytes());
        }
        words.extend(bytes);
    }
    assert_eq!(data, words);
}

#[test]
fn indexed_values_that_are_no_word_are_hashed_in_place() {
    let decoder = decoder(
        "E(string indexed a, (uint8 x, bytes y)[] indexed b, uint16[2] indexed c) anonymous",
    );
    let values = [
        AbiValue::from("text"),
        array([tuple([1_u64.into(), AbiValue::Bytes(bytes(&[9; 33]))])]),
        array([2_u64.into(), 3_u64.into()]),
    ];
    let (topics, data) = decoder.encode_log(&values).unwrap();
    let word = |byte| [vec![0; 31], vec![byte]].concat();
    let tuples = [word(1), vec![9; 33], vec![0; 31]].concat();
    let expected = [
        keccak256(b"text"),
        keccak256(&tuples),
        keccak256(&[word(2), word(3)].concat()),
    ];
    assert_eq!((&topics[..], &data[..]), (&expected[..], &[][..]));
    // What is left of them is encoded again.
    let hashes = decoder.decode_values(&topics, &data).unwrap();
    assert_eq!(hashes, expected.map(AbiValue::Hash));
    assert_eq!(decoder.encode_log(&hashes).unwrap(), (topics, data));
}

#[test]
fn values_of_another_type_say_where() {
    let decoder = decoder(
        "E(int8 a, bytes3 b, (bool x, uint8[2] y)[] c, bytes d, string e, function f, fixed8x1 g)",
    );
    let pair = |y| array([tuple([true.into(), y])]);
    let good = [
        AbiValue::from(-128_i64),
        AbiValue::FixedBytes(bytes(b"abc")),
        pair(array([1_u64.into(), 2_u64.into()])),
        AbiValue::Bytes(bytes(b"d")),
        AbiValue::InvalidString(bytes(&[0xff])),
        AbiValue::Function([7; 24]),
        AbiValue::from(15_i64),
    ];
    let (topics, data) = decoder.encode_log(&good).unwrap();
    assert_eq!(decoder.decode_values(&topics, &data).unwrap(), good);

    for (nth, value, expected) in [
        (
            0,
            128_i64.into(),
            "parameter `a`: 128 is out of the range of int8",
        ),
        (
            0,
            (-129_i64).into(),
            "parameter `a`: -129 is out of the range of int8",
        ),
        (
            0,
            1_u64.into(),
            "parameter `a`: int8 expected, an unsigned integer found",
        ),
        (
            1,
            AbiValue::FixedBytes(bytes(b"ab")),
            "parameter `b`: bytes3 expected, 2 bytes found",
        ),
        (
            1,
            AbiValue::Bytes(bytes(b"abc")),
            "parameter `b`: bytes3 expected, bytes found",
        ),
        (
            2,
            pair(array([1_u64.into()])),
            "parameter `c[0].y`: 2 values expected, 1 found",
        ),
        (
            2,
            pair(array([1_u64.into(), "".into()])),
            "parameter `c[0].y[1]`: uint8 expected, a string found",
        ),
        (
            2,
            array([tuple([])]),
            "parameter `c[0]`: 2 values expected, 0 found",
        ),
        (
            2,
            tuple([]),
            "parameter `c`: (bool,uint8[2])[] expected, a tuple found",
        ),
        (
            3,
            "d".into(),
            "parameter `d`: bytes expected, a string found",
        ),
        (
            4,
            AbiValue::Bytes(bytes(b"e")),
            "parameter `e`: string expected, bytes found",
        ),
        (
            4,
            AbiValue::Hash(B256::ZERO),
            "parameter `e`: string expected, a hash found",
        ),
        (
            5,
            AbiValue::Address([0; 20].into()),
            "parameter `f`: function expected, an address found",
        ),
        (
            6,
            15_u64.into(),
            "parameter `g`: fixed8x1 expected, an unsigned integer found",
        ),
        (
            6,
            128_i64.into(),
            "parameter `g`: 128 is out of the range of fixed8x1",
        ),
    ] {
        let mut values = good.clone();
        values[nth] = value;
        let error = decoder.encode_log(&values).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    let error = decoder.encode_log(&good[1..]).unwrap_err();
    assert_eq!(
        *error.kind(),
        EncodeErrorKind::Count {
            found: 6,
            expected: 7
        }
    );
}

#[test]
fn topics_are_asked_for_by_name() {
    let named = decoder("E(uint8 indexed a, bool b, string indexed address)");
    let topics = named
        .topics_for([
            ("address_", "x".into()),
            ("a", 1_u64.into()),
            ("a", 2_u64.into()),
            ("a", 1_u64.into()),
        ])
        .unwrap();
    let word = |byte| {
        let mut word = [0; 32];
        word[31] = byte;
        B256::from(word)
    };
    assert_eq!(topics[0], [named.topic0().unwrap()]);
    assert_eq!(topics[1], [word(1), word(2)]);
    assert_eq!(topics[2], [keccak256(b"x")]);
    assert!(topics[3].is_empty());

    let anonymous = decoder("E(uint8 indexed a) anonymous");
    let topics = anonymous.topics_for([("a", 1_u64.into())]).unwrap();
    assert_eq!(topics[0], [word(1)]);

    let error = named.topics_for([("b", true.into())]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "parameter `b`: the event has no such indexed parameter"
    );
    let error = named.topics_for([("a", true.into())]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "parameter `a`: uint8 expected, a bool found"
    );
}

#[test]
fn nothing_is_allocated_for_values_that_a_type_only_claims() {
    let decoder = decoder("E(uint8[100000000] a, (uint8[100000000] b)[] c)");
    let empty = array([]);
    let error = decoder.encode_log(&[empty.clone(), empty]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "parameter `a`: 100000000 values expected, 0 found"
    );
}
