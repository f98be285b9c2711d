//! Input that is meant to do harm: each is a typed error, or the value, within a megabyte and an
//! amount of work in proportion to its size. Time is not asserted; memory and work are what it is
//! spent on.

use allocation_counter::measure;
use event_streamer_abi::{
    AbiErrorKind, AbiValue, DecodeErrorKind, EventDecoder, extract_abi_events, limits,
    parse_event_signature, parse_human_abi,
};

use crate::chain_data::{bomb, words};

const MEGABYTE: u64 = 1 << 20;

/// Type texts, and what they are refused for.
#[test]
fn types_are_refused_when_the_abi_is_read() {
    let nested = |depth: usize| format!("{}uint8{}", "(".repeat(depth), ")".repeat(depth));
    for (ty, kind) in [
        ("x".repeat(limits::MAX_TYPE_BYTES + 1), AbiErrorKind::Limit),
        ("uint8".to_owned() + &"[]".repeat(9), AbiErrorKind::Limit),
        (
            "uint8".to_owned() + &"[]".repeat(10_000),
            AbiErrorKind::Limit,
        ),
        ("[".repeat(1_000), AbiErrorKind::Type),
        ("(".repeat(1_000), AbiErrorKind::Limit),
        (nested(17), AbiErrorKind::Limit),
        ("()".to_owned(), AbiErrorKind::Type),
        ("()[]".to_owned(), AbiErrorKind::Type),
        ("(())[]".to_owned(), AbiErrorKind::Type),
        ("uint8[0]".to_owned(), AbiErrorKind::Type),
        ("uint8[0][]".to_owned(), AbiErrorKind::Type),
        ("uint8[4294967295]".to_owned(), AbiErrorKind::Limit),
        ("uint8[4294967296]".to_owned(), AbiErrorKind::Limit),
        ("uint8[65536][65536][]".to_owned(), AbiErrorKind::Limit),
        (
            "(uint8[100000000],uint8[100000000])".to_owned(),
            AbiErrorKind::Limit,
        ),
    ] {
        let abi =
            format!(r#"[{{"type":"event","name":"E","inputs":[{{"name":"a","type":"{ty}"}}]}}]"#);
        let human = format!("event E({ty} a)");
        let mut errors = Vec::new();
        let info = measure(|| {
            errors.push(extract_abi_events(&abi).unwrap_err());
            errors.extend(parse_event_signature(&human).err());
            errors.extend(parse_human_abi(&human).err());
        });
        assert_eq!(errors.len(), 3, "{ty:.40}");
        assert_eq!(errors[0].kind(), kind, "{}", errors[0]);
        assert!(errors[0].path().starts_with("events[0] \"E\" inputs[0]"));
        for error in &errors {
            assert!(error.to_string().len() < 400, "{error}");
        }
        assert!(
            info.bytes_max < MEGABYTE,
            "{ty:.40}: {} bytes",
            info.bytes_max
        );
    }
}

/// Logs: the signature, the data, and whether there is a value in it.
#[test]
fn logs_are_an_error_or_their_value_in_proportion_to_their_size() {
    let ones = |count: usize| [0xff; 32].repeat(count);
    let (u32_max, u64_max) = (u64::from(u32::MAX), u64::MAX);
    let claims = nested_claims();
    for (signature, data, is_value) in [
        // 13 KB that keep others busy for more than 20 seconds.
        ("E(uint256[][][][][] a)", bomb(5, 80), false),
        ("E(uint256[][][][][][][][] a)", bomb(8, 50), false),
        ("E(uint256[][][][][] a)", bomb(5, 1), true),
        ("E(uint256[] a)", words(&[32, u32_max]), false),
        ("E(uint256[] a)", words(&[32, u64_max]), false),
        ("E(uint256[] a)", [words(&[32]), ones(1)].concat(), false),
        ("E(bytes a)", words(&[32, u32_max]), false),
        ("E(string a)", [words(&[32]), ones(1)].concat(), false),
        ("E((uint8,string)[] a)", words(&[32, u32_max, 0]), false),
        ("E(string[4000000] a)", words(&[32; 64]), false),
        ("E(uint8[4000000] a)", words(&[7; 64]), false),
        ("E(uint8[1000000][] a)", words(&[32, 1, 7]), false),
        ("E(bytes a)", ones(1), false),
        ("E(bytes[][] a)", words(&[32, 2, 0, 0]), true),
        ("E(uint8[][][][][][][][] a)", words(&[0; 400]), true),
        ("E(uint8[][][][][][][][] a)", words(&[32; 400]), false),
        (claims.0.as_str(), claims.1, false),
    ] {
        let event = parse_event_signature(&format!("{signature} anonymous")).unwrap();
        let decoder = EventDecoder::new(&event).unwrap();
        let most = limits::MAX_VISITS_PER_WORD * (data.len() / 32 + 1);
        let info = measure(|| {
            let json = decoder.decode_json(&[], &data);
            let values = decoder.decode_values(&[], &data);
            let ignored = decoder.decode_as::<serde::de::IgnoredAny>(&[], &data);
            assert_eq!(json.is_ok(), is_value, "{signature}: {json:?}");
            assert_eq!(json.as_ref().err(), values.as_ref().err());
            assert_eq!(json.as_ref().err(), ignored.as_ref().err());
            if let Err(error) = &json {
                if let DecodeErrorKind::TooMuchWork { visited } = error.kind() {
                    assert!(*visited <= most, "{signature}: {visited} of {most}");
                }
                // The way to a value is as long as its type is deep.
                assert!(error.kind().to_string().len() < 300, "{error}");
                assert!(error.path().len() < 100 + 3 * 150, "{error}");
            }
            if let Ok(values) = values {
                let count: usize = values.iter().map(count).sum();
                assert!(count <= most, "{signature}: {count} of {most}");
            }
        });
        assert!(
            info.bytes_max < MEGABYTE,
            "{signature}: {} bytes",
            info.bytes_max
        );
    }
}

/// The deepest type there is, in 13 KB each of whose arrays claims all that follows it.
fn nested_claims() -> (String, Vec<u8>) {
    let arrays = "[]".repeat(limits::MAX_ARRAY_DIMENSIONS);
    let mut ty = format!("uint8{arrays}");
    for _ in 0..limits::MAX_TUPLE_DEPTH {
        ty = format!("({ty}){arrays}");
    }
    let mut data = vec![32];
    for _ in 0..=limits::MAX_TUPLE_DEPTH {
        for _ in 0..limits::MAX_ARRAY_DIMENSIONS {
            // The length, and where the first element begins; a tuple's begins with an offset too.
            data.extend([(399 - data.len()) as u64, 32]);
        }
        data.push(32);
    }
    data.resize(400, 0);
    (format!("E({ty} a)"), words(&data))
}

/// Values and what is inside them.
fn count(value: &AbiValue) -> usize {
    1 + value
        .as_slice()
        .unwrap_or_default()
        .iter()
        .map(count)
        .sum::<usize>()
}

/// Documents of a size, and how many times it they may take.
#[test]
fn documents_take_a_small_multiple_of_their_size() {
    const TIMES: u64 = 64;
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(50_000), close.repeat(50_000));
    let event = r#"{"type":"event","name":"E","inputs":[{"type":"uint8"}]},"#;
    for document in [
        format!("[{}]", deep("[", "]")),
        deep(r#"{"abi":"#, "}"),
        format!("[{}null]", "{},".repeat(50_000)),
        format!("[{}null]", r#"{"type":"receive"},"#.repeat(10_000)),
        format!("[{}null]", event.repeat(10_000)),
        format!(r#"["{}"]"#, r"\u0000".repeat(50_000)),
        format!(r#"{{"{}":[]}}"#, "k".repeat(300_000)),
        format!(r#"{{"result":"{}"}}"#, r#"[{\"a\":"#.repeat(20_000)),
    ] {
        let info = measure(|| {
            assert!(extract_abi_events(&document).is_err());
        });
        let most = TIMES * document.len() as u64;
        assert!(
            info.bytes_max < most,
            "{document:.40}: {} of {most}",
            info.bytes_max
        );
    }
}
