use event_streamer_models::{Address, B256, HexBytes, I256, U256};
use serde::Deserialize;
use serde_json::Value;

use crate::{AbiValue, DecodeErrorKind, EventDecoder, Strictness, parse_event_signature};

fn decoder(signature: &str) -> EventDecoder {
    EventDecoder::new(&parse_event_signature(&format!("{signature} anonymous")).unwrap()).unwrap()
}

/// Words given by their last byte, and longer content as it is, filled up to whole words.
fn data(parts: &[&[u8]]) -> Vec<u8> {
    let mut data = Vec::new();
    for part in parts {
        if part.len() == 1 {
            data.extend([0; 31]);
        }
        data.extend_from_slice(part);
        data.resize(data.len().next_multiple_of(32), 0);
    }
    data
}

#[test]
fn a_struct_takes_what_it_names_and_borrows_what_it_can() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Noted<'a> {
        text: &'a str,
        raw: &'a [u8],
        small: u8,
        negative: i64,
        large: U256,
        signed: I256,
        who: Address,
        tag: [u8; 2],
        hash: B256,
        flag: bool,
        list: Vec<u16>,
        pair: (u8, bool),
        maybe: Option<u64>,
    }
    let decoder = decoder(
        "E(string text, bytes raw, uint8 small, int64 negative, uint256 large, int256 signed, \
         address who, bytes2 tag, bytes32 hash, bool flag, uint16[] list, (uint8 a, bool b) pair, \
         uint256 maybe, string ignored)",
    );
    let minus_one = [0xff; 32];
    let offset = |at: usize| [at / 256, at % 256].map(|byte| u8::try_from(byte).unwrap());
    let mut tag = [0; 32];
    tag[..2].copy_from_slice(&[0xab, 0xcd]);
    let (hash, mut who) = ([9; 32], [0; 32]);
    who[12..].fill(8);
    // 15 words of heads: the pair takes two.
    let mut words = data(&[
        &[0],
        &[0],
        &[7],
        &minus_one,
        &[5],
        &minus_one,
        &who,
        &tag,
        &hash,
        &[1],
        &[0],
        &[3],
        &[1],
        &[6],
        &[0],
    ]);
    for (word, at) in [(0, 480), (1, 544), (10, 608), (14, 480)] {
        words[word * 32 + 30..][..2].copy_from_slice(&offset(at));
    }
    words.extend(data(&[&[2], b"hi", &[3], b"raw", &[2], &[4], &[5]]));
    let noted: Noted<'_> = decoder.decode_as(&[], &words).unwrap();
    let expected = Noted {
        text: "hi",
        raw: b"raw",
        small: 7,
        negative: -1,
        large: 5_u64.into(),
        signed: (-1_i64).into(),
        who: [8; 20].into(),
        tag: [0xab, 0xcd],
        hash: hash.into(),
        flag: true,
        list: vec![4, 5],
        pair: (3, true),
        maybe: Some(6),
    };
    assert_eq!(noted, expected);
    assert!(words.as_ptr_range().contains(&noted.text.as_ptr()));
    assert!(words.as_ptr_range().contains(&noted.raw.as_ptr()));
}

#[test]
fn any_type_gets_what_the_json_has() {
    let decoder =
        decoder("E(fixed128x2 a, function b, bytes c, string d, string[] e, (uint8, bool) f)");
    let mut words = data(&[
        &[15],
        &[0],
        &[224],
        &[224],
        &[255],
        &[1],
        &[1],
        &[2],
        &[0xff, 0xfe],
        &[1],
        &[32],
        &[1],
        b"x ",
    ]);
    // The array: behind the bytes.
    words[4 * 32 + 30..][..2].copy_from_slice(&[1, 32]);
    let value: Value = decoder.decode_as(&[], &words).unwrap();
    let json = decoder.decode_json(&[], &words).unwrap();
    assert_eq!(value, serde_json::from_str::<Value>(&json).unwrap());
    assert_eq!(value["a"], "0.15");
    assert_eq!(value["d"]["hex"], "0xfffe");
    let values = decoder.decode_values(&[], &words).unwrap();
    assert_eq!(values[0], AbiValue::Int(15_i64.into()));
    assert_eq!(
        values[3],
        AbiValue::InvalidString(HexBytes(vec![0xff, 0xfe]))
    );
    assert_eq!(values[4], AbiValue::from(vec![AbiValue::from("x")]));
}

#[test]
fn parameters_without_names_go_into_a_tuple() {
    let decoder = decoder("E(uint8 indexed, string indexed, bool)");
    let topics = [B256::from([0; 32]), B256::from([3; 32])];
    let (zero, hash, flag): (u8, B256, bool) = decoder.decode_as(&topics, &data(&[&[1]])).unwrap();
    assert_eq!((zero, hash, flag), (0, topics[1], true));
    let values = decoder.decode_values(&topics, &data(&[&[1]])).unwrap();
    assert_eq!(values[1], AbiValue::Hash(topics[1]));
}

#[test]
fn an_event_without_parameters_goes_into_a_unit() {
    #[derive(Deserialize)]
    struct Paused;
    let Paused = decoder("Paused()").decode_as(&[], &[]).unwrap();
    let () = decoder("Paused()").decode_as(&[], &[]).unwrap();
}

#[test]
fn what_does_not_fit_says_where_and_why() {
    fn fault<'a, T: Deserialize<'a>>(signature: &str, data: &'a [u8]) -> String {
        let error = decoder(signature).decode_as::<T>(&[], data).err().unwrap();
        assert!(matches!(error.kind(), DecodeErrorKind::Target { .. }));
        error.to_string()
    }
    #[derive(Deserialize)]
    struct Pair {
        #[expect(dead_code, reason = "only its type is wanted")]
        a: Vec<(u8,)>,
    }
    let words = data(&[&[32], &[1], &[1], &[44]]);
    assert_eq!(
        fault::<Pair>("E((uint16 x, uint8 y)[] a)", &words),
        "parameter `a[0]`: the value does not go into the type it is decoded into: \
         invalid length 2, expected 1 elements",
    );
    assert!(fault::<(u8,)>("E(uint256 a)", &[0xff; 32]).contains("does not fit into 128 bits"));
    let mut large = [0; 32];
    large[16] = 1;
    assert!(fault::<(u8,)>("E(uint256 a)", &large).contains("`a`"));
    assert!(fault::<(u8, u8)>("E(uint8 a)", &[0; 32]).contains("length 1"));
    let invalid = data(&[&[32], &[2], &[0xff, 0xfe]]);
    assert!(fault::<(String,)>("E(string a)", &invalid).contains("not UTF-8"));
    assert!(fault::<(u64,)>("E(string a)", &invalid).len() < 400);
}

#[test]
fn what_is_not_asked_for_is_still_checked() {
    #[derive(Debug, Deserialize)]
    struct Nothing {}
    let decoder = decoder("E((uint8 x, string[] y)[2] a)");
    let error = decoder.decode_as::<Nothing>(&[], &[0; 32]).unwrap_err();
    let json = decoder.decode_json(&[], &[0; 32]).unwrap_err();
    assert_eq!(error, json);
    let strict = super::super::tests::decoder("E(bool a)").with_strictness(Strictness::Strict);
    let topics = [strict.topic0().unwrap()];
    assert!(strict.decode_as::<Nothing>(&topics, &[0; 32]).is_ok());
    assert!(strict.decode_as::<Nothing>(&topics, &[1; 32]).is_err());
    assert!(strict.decode_as::<Nothing>(&topics, &[0; 64]).is_err());
}
