//! What a log costs in memory.

use allocation_counter::measure;
use event_streamer_abi::{AbiValue, EventDecoder, HexLog, parse_event_signature};
use event_streamer_models::hex;

/// Every kind of value that JSON has another way of writing.
fn log() -> (EventDecoder, Vec<event_streamer_models::B256>, Vec<u8>) {
    let signature = "E(address indexed who, string indexed hashed, uint256 a, int24 b, fixed64x8 c, \
                     bytes d, string e, (bool x, bytes4 y)[] f, string[2] g)";
    let decoder = EventDecoder::new(&parse_event_signature(signature).unwrap()).unwrap();
    let pair = AbiValue::Tuple(vec![
        true.into(),
        AbiValue::FixedBytes(vec![1, 2, 3, 4].into()),
    ]);
    let values = [
        AbiValue::Address([7; 20].into()),
        "topic".into(),
        u64::MAX.into(),
        (-7_i64).into(),
        15_i64.into(),
        AbiValue::Bytes(vec![9; 100].into()),
        "a \"quoted\" text\n".into(),
        AbiValue::Array(vec![pair; 5]),
        AbiValue::Array(vec!["x".into(), AbiValue::InvalidString(vec![0xff].into())]),
    ];
    let (topics, data) = decoder.encode_log(&values).unwrap();
    (decoder, topics, data)
}

#[test]
fn json_takes_no_memory_once_the_output_has_grown() {
    let (decoder, topics, data) = log();
    let mut out = Vec::new();
    decoder.write_params(&topics, &data, &mut out).unwrap();
    let expected = out.clone();
    let info = measure(|| {
        for _ in 0..100 {
            out.clear();
            decoder.write_params(&topics, &data, &mut out).unwrap();
        }
    });
    assert_eq!((info.count_total, info.bytes_total), (0, 0));
    assert_eq!(out, expected);
}

#[test]
fn hex_text_takes_no_memory_once_the_buffer_has_grown() {
    let (decoder, topics, data) = log();
    let texts: Vec<String> = topics.iter().map(ToString::to_string).collect();
    let text = hex::encode(&data);
    let (mut buffer, mut out) = (HexLog::new(), Vec::with_capacity(4_096));
    buffer.read(&texts, &text).unwrap();
    let info = measure(|| {
        let (topics, data) = buffer.read(&texts, &text).unwrap();
        decoder.write_params(topics, data, &mut out).unwrap();
    });
    assert_eq!(info.count_total, 0);
}

/// 13 KB of shared offsets, whichever way they are read.
#[test]
fn a_bomb_takes_less_than_a_megabyte() {
    let event = parse_event_signature("E(uint256[][][][][] a) anonymous").unwrap();
    let decoder = EventDecoder::new(&event).unwrap();
    // Arrays of eight, whose elements are all the array that follows.
    let array = [8, 256, 256, 256, 256, 256, 256, 256, 256_u16];
    let mut data = Vec::new();
    for number in [32].into_iter().chain(array.into_iter().cycle().take(405)) {
        data.extend([0; 30]);
        data.extend(number.to_be_bytes());
    }
    let info = measure(|| {
        assert!(decoder.decode_json(&[], &data).is_err());
        assert!(decoder.decode_values(&[], &data).is_err());
        assert!(decoder.decode_as::<serde_json::Value>(&[], &data).is_err());
    });
    assert!(info.bytes_max < 1 << 20, "{} bytes", info.bytes_max);
}
