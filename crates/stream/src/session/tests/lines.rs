//! From bytes to decisions: every kind of line that is known to come, and every way to cut it up.

use std::borrow::Cow;

use bytes::Bytes;
use proptest::prelude::*;

use super::*;
use crate::{Framer, FramerConfig};

/// Bytes of a stream, and what is expected of them.
struct Case {
    name: &'static str,
    bytes: Cow<'static, [u8]>,
    /// In words.
    expected: &'static str,
    /// How each of the decisions begins or what it contains; the last is how the stream ended.
    seen: &'static [&'static str],
}

const MAX_LINE: usize = 256 * 1024;

/// What a client would do, in words; it handles at once, and stops at the first thing that is wrong.
fn decisions<'a>(max_line: usize, chunks: impl IntoIterator<Item = &'a [u8]>) -> Vec<String> {
    let mut framer = Framer::new(FramerConfig::default().with_max_line(max_line));
    let mut session = open(config());
    let mut seen = Vec::new();
    for chunk in chunks {
        framer.push(Bytes::copy_from_slice(chunk));
        loop {
            let message = match framer.next_line() {
                Ok(Some(line)) => StreamMessage::decode(line),
                Ok(None) => break,
                Err(error) => {
                    assert_eq!(framer.buffered(), 0, "nothing is kept of a refused line");
                    seen.push(error.to_string());
                    return seen;
                }
            };
            let action = match message {
                Ok(message) => session.receive(NOW, message),
                Err(error) => {
                    seen.push(error.to_string());
                    return seen;
                }
            };
            let broken = matches!(action, Action::Break(_));
            seen.push(describe(&action));
            if let Action::Deliver(id, _) | Action::Rollback(id, _) = action {
                session.handled(NOW, id);
            }
            if broken {
                return seen;
            }
        }
        assert!(
            framer.buffered() <= max_line + 1,
            "more than a line is held"
        );
    }
    seen.push(match framer.finish() {
        Ok(()) => format!("end at {:?}", position(&session)),
        Err(error) => error.to_string(),
    });
    seen
}

fn describe(action: &Action) -> String {
    match action {
        Action::Deliver(_, batch) => {
            let id = batch.batch_id().map_or("-", |id| id.as_str());
            let events: Vec<String> = batch
                .events()
                .iter()
                .map(|event| match event.to_value() {
                    Ok(value) => value["v"].to_string(),
                    Err(error) => format!("({error})"),
                })
                .collect();
            format!("deliver {id}: {}", events.join(", "))
        }
        other => format!("{other:?}"),
    }
}

/// Batch 1 with this as the value of its event.
fn value(json: &str) -> Vec<u8> {
    batch(1)
        .to_string()
        .replace(
            r#""block_number":1"#,
            &format!(r#""v":{json},"block_number":1"#),
        )
        .into_bytes()
}

/// Batch 1 with a field that replaces another, or is new.
fn field(name: &str, to: serde_json::Value) -> Vec<u8> {
    with(batch(1), name, to).to_string().into_bytes()
}

fn lines(lines: &[Vec<u8>], end: &[u8]) -> Cow<'static, [u8]> {
    let mut bytes = Vec::new();
    for line in lines {
        bytes.extend_from_slice(line);
        bytes.extend_from_slice(end);
    }
    bytes.into()
}

fn whole(n: u64) -> Vec<u8> {
    batch(n).to_string().into_bytes()
}

#[rustfmt::skip]
fn cases() -> Vec<Case> {
    let case = |name, bytes, expected, seen| Case { name, bytes, expected, seen };
    let one = |line: Vec<u8>| lines(&[line], b"\n");
    let nothing_else = br#"{"type":"event_batch","events":{"E":[{"v":1}]}}"#.to_vec();
    let nulls = br#"{"type":"event_batch","batch_id":"b1","response_id":null,"subscription_id":null,"connection_id":null,"resume_token":null,"sequence":null,"batch_size":null,"coverage":null,"timestamp":null,"events":{"E":[{"v":null}]}}"#.to_vec();
    let twice = br#"{"type":"event_batch","batch_id":"b1","batch_id":"b2","events":{}}"#.to_vec();
    vec![
        case("CRLF", lines(&[whole(1), whole(2)], b"\r\n"), "an end of line like any other", &["deliver b1", "deliver b2", "end at Some(\"rt_2\")"]),
        case("blank lines", lines(&[vec![], b" \t".to_vec(), whole(1), b"\r".to_vec()], b"\n"), "skipped", &["deliver b1", "end"]),
        case("byte order mark", one([b"\xef\xbb\xbf".to_vec(), whole(1)].concat()), "tolerated before the first line", &["deliver b1", "end"]),
        case("byte order mark later", lines(&[whole(1), [b"\xef\xbb\xbf".to_vec(), whole(2)].concat()], b"\n"), "not JSON there", &["deliver b1", "not readable"]),
        case("UTF-8 of two to four bytes", one(value("\"ün€𝔘\"")), "read as it is, wherever it is cut", &["deliver b1: \"ün€𝔘\"", "end"]),
        case("invalid UTF-8", one([&value("\"")[..100], b"\xff\"}]}}"].concat()), "an error that says so", &["not UTF-8"]),
        case("not JSON", lines(&[whole(1), b"<html>".to_vec(), whole(2)], b"\n"), "an error; nothing behind it is read", &["deliver b1", "not readable"]),
        case("truncated last line", [one(whole(1)).to_vec(), whole(2)[..50].to_vec()].concat().into(), "an error at the end, although the stream ended in peace", &["deliver b1", "inside the line, after 50 bytes"]),
        case("whole last line without its end", [one(whole(1)).to_vec(), whole(2)].concat().into(), "not taken: it may be the beginning of another", &["deliver b1", "inside the line"]),
        case("64 KiB", one(value(&format!("\"{}\"", "x".repeat(65_536)))), "read", &["deliver b1: \"xxx", "end"]),
        case("longer than the limit", one(value(&format!("\"{}\"", "x".repeat(MAX_LINE)))), "given up at the limit, which the error names, and nothing kept", &["longer than the limit of 262144 bytes"]),
        case("a field of the envelope twice", one(twice), "an error: which of them counts is not known", &["duplicate field `batch_id`"]),
        case("a field of an event twice", one(value("1,\"v\":2")), "delivered; an error to who reads it", &["deliver b1: (", "end"]),
        case("NaN", one(value("NaN")), "an error, as it is not JSON", &["at column"]),
        case("an integer of 78 digits", one(value(&"7".repeat(78))), "delivered with every digit", &["777777777777777777777777777777777777777777777777777777777777777777777777777777", "end"]),
        case("an integer of 5,000 digits", one(value(&"9".repeat(5_000))), "delivered with every digit", &["deliver b1: \"999", "end"]),
        case("nesting of 50,000", one(value(&format!("{}{}", "[".repeat(50_000), "]".repeat(50_000)))), "delivered without recursion; an error to who reads the event", &["deliver b1: (", "end"]),
        case("unknown message type", lines(&[br#"{"type":"weather","events":3}"#.to_vec(), whole(1)], b"\n"), "passed over", &["Nothing", "deliver b1", "end"]),
        case("no message type", one(b"{}".to_vec()), "an error", &["no `type`"]),
        case("unknown fields", one(field("shard", json!({"of": [4]}))), "kept and passed over", &["deliver b1", "end"]),
        case("missing optional fields", one(nothing_else), "delivered; the position stays", &["deliver -: 1", "end at None"]),
        case("null fields", one(nulls), "as missing ones", &["deliver b1: null", "end at None"]),
        case("false batch_size", lines(&[field("batch_size", json!(2)), whole(1)], b"\n"), "refused; nothing behind it is read", &["SizeMismatch { stated: 2, got: 1 }"]),
        case("foreign subscription_id", lines(&[field("subscription_id", json!(8)), whole(1)], b"\n"), "refused; nothing behind it is read", &["Foreign"]),
    ]
}

#[test]
fn every_kind_of_line_is_judged_as_documented() {
    for Case {
        name,
        bytes,
        expected,
        seen,
    } in cases()
    {
        let got = decisions(MAX_LINE, [&*bytes]);
        let right =
            got.len() == seen.len() && got.iter().zip(seen).all(|(got, seen)| got.contains(seen));
        let got: Vec<String> = got
            .iter()
            .map(|got| got.chars().take(200).collect())
            .collect();
        assert!(right, "{name}: {expected}; but {got:#?}");
        for size in [1, 7, 1_000] {
            if bytes.len() / size > 20_000 {
                continue;
            }
            let pieces = decisions(MAX_LINE, bytes.chunks(size));
            assert_eq!(
                pieces,
                decisions(MAX_LINE, [&*bytes]),
                "{name} in pieces of {size}"
            );
        }
    }
}

/// 64 MiB come, and the default limit of 16 MiB is all that is ever held of them.
#[test]
fn a_line_of_64_mib_is_held_up_to_the_limit() {
    let chunk = vec![b'x'; 1 << 20];
    let got = decisions(crate::DEFAULT_MAX_LINE, (0..64).map(|_| &*chunk));
    assert_eq!(got.len(), 1);
    assert!(
        got[0].contains("longer than the limit of 16777216 bytes"),
        "{got:?}"
    );
}

/// The next connection brings the same line again: that ends after so many times.
#[test]
fn the_same_poison_line_is_not_asked_for_for_ever() {
    let mut session = open(config());
    let (id, _) = deliver(&mut session, &batch(1));
    session.handled(NOW, id);
    let most = config().reconnect.max_protocol_faults;
    for _ in 0..most {
        let recovery = session.fault(FaultKind::Protocol, 0.0);
        assert!(matches!(recovery, Recovery::Reconnect { .. }));
        assert_eq!(session.resume_token().unwrap().as_str(), "rt_1");
        session.connected(None);
    }
    assert_eq!(session.fault(FaultKind::Protocol, 0.0), Recovery::Stop);
}

/// Nor where the batches before it have nothing to be recognised by, and are delivered again.
#[test]
fn nor_behind_a_batch_that_nothing_tells_from_another() {
    let nameless = json!({"type": "event_batch", "events": {"E": [{"v": 1}]}});
    let mut session = Session::new(config());
    let mut connections = 0;
    loop {
        connections += 1;
        assert!(connections < 100, "the poison comes for ever");
        session.connected(None);
        let (id, _) = deliver(&mut session, &nameless);
        session.handled(NOW, id);
        if session.fault(FaultKind::Protocol, 0.0) == Recovery::Stop {
            break;
        }
    }
    assert_eq!(connections, config().reconnect.max_protocol_faults + 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_chunking_gives_the_same_decisions(
        which in proptest::collection::vec(any::<proptest::sample::Index>(), 1..6),
        cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..40),
    ) {
        // The short ones; the long ones are cut up above.
        let cases: Vec<Case> = cases().into_iter().filter(|case| case.bytes.len() < 2_000).collect();
        let mut bytes = Vec::new();
        for index in which {
            bytes.extend_from_slice(&index.get(&cases).bytes);
        }
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let chunks = cuts.windows(2).map(|ends| &bytes[ends[0]..ends[1]]);
        prop_assert_eq!(decisions(MAX_LINE, chunks), decisions(MAX_LINE, [&*bytes]));
        prop_assert_eq!(decisions(300, bytes.chunks(1)), decisions(300, [&*bytes]));
    }
}
