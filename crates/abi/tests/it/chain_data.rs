//! Logs that are wrong, odd, or meant to do harm. The numbers are those of the list of bad input
//! that the project tests against; what is about blocks (121 to 123, 127, 128) has no room here: a log
//! is decoded by itself.

use event_streamer_abi::{
    DecodeErrorKind, EventDecoder, HexLog, Strictness, parse_event_signature,
};
use event_streamer_models::B256;

fn decoder(signature: &str) -> EventDecoder {
    EventDecoder::new(&parse_event_signature(signature).unwrap()).unwrap()
}

fn word(value: u64) -> [u8; 32] {
    let mut word = [0; 32];
    word[24..].copy_from_slice(&value.to_be_bytes());
    word
}

pub(crate) fn words(values: &[u64]) -> Vec<u8> {
    values.iter().flat_map(|value| word(*value)).collect()
}

fn decode(signature: &str, data: &[u8]) -> Result<String, DecodeErrorKind> {
    let decoder = decoder(signature);
    let json = decoder
        .decode_json(decoder.topic0().as_slice(), data)
        .map_err(|error| {
            assert!(error.to_string().len() < 400, "{error}");
            error.kind().clone()
        })?;
    serde_json::from_str::<serde_json::Value>(&json).unwrap();
    Ok(json)
}

#[test]
fn row_109_too_short_and_too_long() {
    for length in 0..96 {
        let error = decode("E(uint256 a, uint256 b, uint256 c)", &vec![0; length]).unwrap_err();
        let at = length / 32 * 32;
        assert_eq!(
            error,
            DecodeErrorKind::DataTooShort {
                at,
                needed: 32,
                found: length - at
            }
        );
    }
    assert!(decode("E(uint256 a)", &[0; 31]).is_err());
    assert!(decode("E(uint256 a)", &[0; 33]).is_ok());
    assert!(decode("E(uint256 a)", &[0; 64]).is_ok());
}

#[test]
fn rows_110_and_112_text_that_is_not_hex_or_of_another_length() {
    let topic = format!("0x{}", "0".repeat(64));
    let mut buffer = HexLog::new();
    for (topics, data, place) in [
        (vec![], "0x0", "data"),
        (vec![], "00", "data"),
        (vec![], "0xzz", "data"),
        (vec![&topic[..64]], "0x", "topics[0]"),
        (vec![&topic, &topic[2..]], "0x", "topics[1]"),
        (vec![&topic, &topic[..65]], "0x", "topics[1]"),
    ] {
        let error = buffer.read(&topics, data).unwrap_err();
        let DecodeErrorKind::Hex { place: found, .. } = error.kind() else {
            panic!("{error}");
        };
        assert_eq!(found, place, "{error}");
    }
    let long = format!("{topic}00");
    assert!(buffer.read(&[long.as_str()], "0x").is_err());
    assert!(
        buffer
            .read(&["0X".to_owned() + &topic[2..]], "0XAbCd")
            .is_ok()
    );
}

#[test]
fn row_111_any_number_of_topics() {
    let decoder = decoder("E(uint256 indexed a, uint256 indexed b)");
    for count in 0..=6 {
        let mut topics = vec![B256::ZERO; count];
        topics
            .iter_mut()
            .take(1)
            .for_each(|topic| *topic = decoder.topic0().unwrap());
        assert_eq!(
            decoder.decode_json(&topics, &[]).is_ok(),
            count == 3,
            "{count}"
        );
    }
}

#[test]
fn row_113_offsets() {
    // Back to the offset itself: the string's length is then 0, or the offset.
    assert_eq!(decode("E(string s)", &words(&[0])).unwrap(), r#"{"s":""}"#);
    assert!(matches!(
        decode("E(string s, uint8)", &words(&[32, 40])),
        Err(DecodeErrorKind::Length { .. })
    ));
    // Into the middle of a word, and overlapping.
    assert_eq!(
        decode("E(bytes s)", &[words(&[33, 0]), vec![0]].concat()).unwrap(),
        r#"{"s":"0x"}"#
    );
    assert_eq!(
        decode("E(bytes s, bytes t)", &words(&[64, 96, 0, 1, 0])).unwrap(),
        r#"{"s":"0x","t":"0x00"}"#
    );
    // At the end there is no length; behind it there is nothing.
    assert!(matches!(
        decode("E(bytes s)", &words(&[32])),
        Err(DecodeErrorKind::DataTooShort { at: 32, .. })
    ));
    for offset in [33, 1 << 31, 1 << 32, 1 << 63, u64::MAX] {
        let error = decode("E(bytes s)", &words(&[offset])).unwrap_err();
        assert_eq!(
            error,
            DecodeErrorKind::Offset {
                at: 0,
                found: word(offset).into(),
                end: 32
            }
        );
    }
    let huge = [0xff; 32];
    assert!(matches!(
        decode("E(bytes s)", &huge),
        Err(DecodeErrorKind::Offset { .. })
    ));
    assert!(matches!(
        decode("E(string[2] s)", &huge),
        Err(DecodeErrorKind::Offset { .. })
    ));
    assert!(matches!(
        decode("E((string) s)", &huge),
        Err(DecodeErrorKind::Offset { .. })
    ));
    // Around the end of the address space.
    let near = [words(&[32, 1]), [0xff; 32].to_vec()].concat();
    assert!(matches!(
        decode("E(bytes[] s)", &near),
        Err(DecodeErrorKind::Offset { at: 64, .. })
    ));
}

#[test]
fn row_114_lengths() {
    for signature in [
        "E(bytes s)",
        "E(string s)",
        "E(uint8[] s)",
        "E(string[] s)",
        "E((uint8,uint8)[] s)",
    ] {
        for length in [u64::from(u32::MAX), 1 << 32, 1 << 59, u64::MAX] {
            let error = decode(signature, &words(&[32, length, 0])).unwrap_err();
            assert!(
                matches!(error, DecodeErrorKind::Length { at: 32, .. }),
                "{signature} {error}"
            );
        }
        let longest = [words(&[32]), [0xff; 32].to_vec()].concat();
        let error = decode(signature, &longest).unwrap_err();
        assert_eq!(
            error,
            DecodeErrorKind::Length {
                at: 32,
                found: [0xff; 32].into(),
                most: 0
            }
        );
    }
    // One more than there is.
    assert!(decode("E(uint8[] s)", &words(&[32, 2, 7, 7])).is_ok());
    assert_eq!(
        decode("E(uint8[] s)", &words(&[32, 3, 7, 7])).unwrap_err(),
        DecodeErrorKind::Length {
            at: 32,
            found: word(3).into(),
            most: 2
        }
    );
    assert_eq!(
        decode("E(uint8[1000000] s)", &words(&[7, 7])).unwrap_err(),
        DecodeErrorKind::DataTooShort {
            at: 0,
            needed: 32_000_000,
            found: 64
        }
    );
}

#[test]
fn rows_115_to_117_words_that_are_no_values() {
    let dirty = [0xff; 32];
    for (ty, reading) in [
        ("bool", "true"),
        ("address", r#""0xffffffffffffffffffffffffffffffffffffffff""#),
        ("bytes4", r#""0xffffffff""#),
        (
            "uint8",
            r#""115792089237316195423570985008687907853269984665640564039457584007913129639935""#,
        ),
    ] {
        let decoder = decoder(&format!("E({ty} a, {ty} indexed b)"));
        let topics = [decoder.topic0().unwrap(), dirty.into()];
        let json = decoder.decode_json(&topics, &dirty).unwrap();
        assert_eq!(json, format!(r#"{{"a":{reading},"b":{reading}}}"#));
        assert!(
            decoder
                .with_strictness(Strictness::Strict)
                .decode_json(&topics, &dirty)
                .is_err()
        );
    }
    assert_eq!(decode("E(bool a)", &word(2)).unwrap(), r#"{"a":true}"#);
}

#[test]
fn rows_118_and_120_large_and_odd_strings() {
    let text = "\u{202e}right to left\0".repeat(1_500);
    let mut data = words(&[32, text.len() as u64]);
    data.extend_from_slice(text.as_bytes());
    let json = decode("E(string s)", &data).unwrap();
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&json).unwrap()["s"],
        text.as_str()
    );

    let mut data = words(&[32, 10 << 20]);
    data.resize(64 + (10 << 20), 0xab);
    let json = decode("E(bytes s)", &data).unwrap();
    assert_eq!(json.len(), r#"{"s":"0x"}"#.len() + (20 << 20));
}

#[test]
fn row_119_the_ends_of_the_ranges() {
    let mut lowest = [0; 32];
    lowest[0] = 0x80;
    let data = [lowest, [0xff; 32], [0xff; 32]].concat();
    assert_eq!(
        decode("E(int256 a, uint256 b, int256 c)", &data).unwrap(),
        concat!(
            r#"{"a":"-57896044618658097711785492504343953926634992332820282019728792003956564819968","#,
            r#""b":"115792089237316195423570985008687907853269984665640564039457584007913129639935","c":"-1"}"#,
        ),
    );
}

#[test]
fn row_124_one_topic0_for_two_events() {
    let erc20 = decoder("Transfer(address indexed from, address indexed to, uint256 value)");
    let erc721 =
        decoder("Transfer(address indexed from, address indexed to, uint256 indexed tokenId)");
    assert_eq!(erc20.topic0(), erc721.topic0());
    let topics = [erc20.topic0().unwrap(), B256::ZERO, B256::ZERO, B256::ZERO];
    assert!(erc20.decode_json(&topics, &[]).is_err());
    assert!(erc721.decode_json(&topics, &[]).is_ok());
    assert!(erc20.decode_json(&topics[..3], &[0; 32]).is_ok());
    assert!(erc721.decode_json(&topics[..3], &[0; 32]).is_err());
}

#[test]
fn row_125_encodings_of_other_compilers() {
    // Old Vyper leaves the padding of a string out, and what it emits besides in.
    let unpadded = [words(&[64, 7, 3]), b"abc".to_vec()].concat();
    assert_eq!(
        decode("E(string s, uint8 n)", &unpadded).unwrap(),
        r#"{"s":"abc","n":"7"}"#
    );
    // A gap between the head and the tail.
    assert_eq!(
        decode("E(bytes s)", &words(&[64, 99, 0])).unwrap(),
        r#"{"s":"0x"}"#
    );
    // Tails in another order.
    assert_eq!(
        decode("E(uint8[] a, uint8[] b)", &words(&[128, 64, 1, 5, 0])).unwrap(),
        r#"{"a":[],"b":["5"]}"#
    );
    // Vyper's decimal, as its old ABIs call it.
    assert_eq!(
        decode("E(fixed168x10 d)", &word(12_345_678_901)).unwrap(),
        r#"{"d":"1.2345678901"}"#
    );
}

#[test]
fn row_126_arrays_of_unequal_length() {
    assert_eq!(
        decode(
            "E(uint256[] ids, uint256[] values)",
            &words(&[64, 160, 2, 1, 2, 1, 9])
        )
        .unwrap(),
        r#"{"ids":["1","2"],"values":["9"]}"#
    );
}

/// Every dimension but the last has as many elements as fit, and all offsets lead to one place:
/// n^dimensions values in n words.
pub(crate) fn bomb(dimensions: usize, length: u64) -> Vec<u8> {
    let mut data = words(&[32]);
    for _ in 1..dimensions {
        data.extend(word(length));
        // Each array's tail begins behind its offsets.
        data.extend((0..length).flat_map(|_| word(32 * length)));
    }
    data.extend(word(length));
    data.extend((0..length).flat_map(|_| [0xff; 32]));
    data
}

#[test]
fn offsets_that_share_words_are_a_bounded_amount_of_work() {
    for (signature, dimensions, length) in [
        ("E(uint256[][][][][] a)", 5, 80),
        ("E(uint256[][][][][][][][] a)", 8, 50),
        ("E(uint256[][] a)", 2, 200),
    ] {
        let data = bomb(dimensions, length);
        let most = (data.len() / 32 + 1) * 8;
        match decode(signature, &data) {
            Err(DecodeErrorKind::TooMuchWork { visited }) => {
                assert!(visited <= most, "{visited} of {most}");
            }
            other => panic!("{signature}: {other:?}"),
        }
        // What little is shared is read.
        assert!(decode(signature, &bomb(dimensions, 1)).is_ok());
    }
    // A thousand times the same long text.
    let mut data = words(&[32, 1_000]);
    data.extend((0..1_000).flat_map(|_| word(32_000)));
    data.extend(word(32_000));
    data.resize(data.len() + 32_000, b'x');
    assert!(matches!(
        decode("E(string[] a)", &data),
        Err(DecodeErrorKind::TooMuchWork { .. })
    ));
    // An array of arrays that is its own element.
    let own = words(&[32, 4, 0, 0, 0, 0]);
    for signature in [
        "E(uint8[][][][][] a)",
        "E(string[][][] a)",
        "E((bytes[])[][] a)",
    ] {
        let _ = decode(signature, &own);
    }
}

#[test]
fn output_stays_in_proportion_to_input() {
    for data in [bomb(5, 80), bomb(8, 50)] {
        let decoder = decoder("E(uint256[][][][][] a)");
        let mut out = Vec::new();
        let _ = decoder.write_params(decoder.topic0().as_slice(), &data, &mut out);
        assert!(
            out.is_empty() && out.capacity() < 40 * data.len(),
            "{} of {}",
            out.capacity(),
            data.len()
        );
    }
}
