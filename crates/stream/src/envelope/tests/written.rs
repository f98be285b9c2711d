//! The short way beside the long one, and beside serde.

use event_streamer_models::{B256, Coverage, Timestamp};

use super::*;
use crate::encode::{BatchBuilder, BatchEnvelope, Push};
use crate::position::LogPosition;

/// An event of strings, numbers and, more rarely, anything else.
fn event() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        4 => "0x[0-9a-f]{0,70}".prop_map(|text| format!("\"{text}\"")),
        4 => (any::<u64>(), 0u32..64).prop_map(|(number, shift)| (number >> shift).to_string()),
        1 => Just("null".to_owned()),
        1 => Just("-1".to_owned()),
        1 => Just("1e3".to_owned()),
        1 => Just(r#"["1",{"a":2}]"#.to_owned()),
        1 => Just(r#""\u0041""#.to_owned()),
        1 => Just("\"é世\"".to_owned()),
    ];
    let key = prop_oneof![
        3 => "[a-z]{0,70}",
        1 => Just("block_number".to_owned()),
        1 => Just("log_index".to_owned()),
        1 => Just("block_hash".to_owned()),
    ];
    let field = (key, value).prop_map(|(key, value)| format!("\"{key}\":{value}"));
    proptest::collection::vec(field, 0..6).prop_map(|fields| format!("{{{}}}", fields.join(",")))
}

/// Lines as the service writes them, of several names.
fn line() -> impl Strategy<Value = String> {
    let events = proptest::collection::vec(("[A-C]", event()), 1..5);
    let covered = prop::option::of((any::<u64>(), any::<u64>()));
    (events, covered, any::<u64>(), "[0-9a-zA-Z_-]{0,300}").prop_map(
        |(events, covered, sequence, token)| {
            let mut builder = BatchBuilder::new(usize::MAX, usize::MAX);
            for (name, event) in events {
                assert_eq!(builder.push(&name, event.as_bytes()), Push::Added);
            }
            let coverage =
                covered.map(|(from, to)| Coverage::new(from, to, B256::from([0xab; 32])));
            let line = builder.finish(&BatchEnvelope {
                response_id: "8a6e".into(),
                batch_id: "batch_8a6e".into(),
                subscription_id: SubscriptionId::new(sequence.max(1)).unwrap(),
                connection_id: "conn_8a6e".into(),
                resume_token: token.into(),
                sequence,
                step: sequence.is_multiple_of(2).then_some(sequence / 2),
                coverage,
                timestamp: Timestamp::from_unix_millis(1_700_000_000_000),
            });
            String::from_utf8(line).unwrap().trim_end().to_owned()
        },
    )
}

/// What the short way takes the long way takes with the same result.
fn ways_agree(line: &str) {
    let marks = Marks::of(line);
    let marked = Marked::new(line, &marks);
    let Some(short) = as_written::read(marked) else {
        return;
    };
    let Ok(Line::Batch(long)) = read_any(marked) else {
        panic!("only the short way takes {line}");
    };
    assert_eq!(short.spans, long.spans, "{line}");
    let first = short.spans.first().map_or(0, |span| span.start);
    if let Some(place) = &short.first {
        let walked = LogPosition::and_block_hash(marked, first);
        assert_eq!(place.read(marked), walked, "{line}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn what_the_service_writes_takes_the_short_way(line in line()) {
        let marks = Marks::of(&line);
        prop_assert!(as_written::read(Marked::new(&line, &marks)).is_some(), "{}", line);
        agrees(&line);
        ways_agree(&line);
    }

    #[test]
    fn what_is_nearly_written_so_is_taken_or_refused_as_by_serde(
        line in line(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), 0u8..3, 0usize..0x60), 1..3),
    ) {
        // Bytes that mean something are the more interesting ones.
        const TELLING: &[u8] = b"\"\\,:{}[]0-1.ne \t\n\x00";
        let mut line = line.into_bytes();
        for (at, how, byte) in changes {
            let at = at.index(line.len());
            let byte = TELLING.get(byte).copied().unwrap_or(byte as u8 + 0x20);
            match how {
                0 => line[at] = byte,
                1 => line.insert(at, byte),
                _ => drop(line.remove(at)),
            }
        }
        if let Ok(line) = std::str::from_utf8(&line) {
            agrees(line);
            ways_agree(line);
        }
    }
}

/// Positions are what a walk by serde finds.
#[test]
fn the_place_of_an_event_is_found_on_either_way() {
    let place = |event: &str| {
        let marks = Marks::of(event);
        LogPosition::and_block_hash(Marked::new(event, &marks), 0).map(|(position, _)| position)
    };
    let at = Some(LogPosition::new(12_345_678, 9));
    // Behind the end there is something, as in a line.
    assert_eq!(place(r#"{"block_number":12345678,"log_index":9}]}}"#), at);
    assert_eq!(place(r#"{"block_number":12345678,"log_index":9}"#), at);
    assert_eq!(
        place(r#"{"log_index":9,"v":"1","block_number":12345678}]}}"#),
        at
    );
    assert_eq!(
        place(r#"{"log_index":9,"v":[],"block_number":12345678}]}}"#),
        at
    );
    assert_eq!(
        place(r#"{"log_index":9,"block_number":12345678,"log_index":9}]}}"#),
        None
    );
    assert_eq!(
        place(r#"{"log_index":"9","block_number":12345678}]}}"#),
        None
    );
    assert_eq!(place(r#"{"block_numbeR":12345678,"log_index":9}]}}"#), None);
}
