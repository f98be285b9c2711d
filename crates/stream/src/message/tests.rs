use event_streamer_models::ErrorCode;
use proptest::prelude::*;

use super::*;
use crate::{Framer, LogPosition};

fn decode(line: &str) -> Result<StreamMessage, DecodeError> {
    StreamMessage::decode(Bytes::copy_from_slice(line.as_bytes()))
}

fn batch(line: &str) -> Batch {
    match decode(line) {
        Ok(StreamMessage::EventBatch(batch)) => batch,
        other => panic!("not a batch: {other:?}"),
    }
}

#[test]
fn the_design_documents_batch_is_read() {
    let batch = batch(
        r#"{"type":"event_batch","response_id":"123e4567-e89b-12d3-a456-426614174000","subscription_id":123,
        "connection_id":"conn_abc","resume_token":"rt_xyz","events":{"Transfer":[{"from":"0x01","to":"0x02",
        "value":"1000","block_number":19000001,"transaction_hash":"0x03","log_index":2,"address":"0x04",
        "timestamp":"2024-05-23T10:29:55Z"}]},"batch_size":1,"timestamp":"2024-05-23T10:30:00.123456+00:00"}"#,
    );
    assert_eq!(batch.batch_id(), None);
    assert_eq!(
        batch.response_id().unwrap().as_str(),
        "123e4567-e89b-12d3-a456-426614174000"
    );
    assert_eq!(batch.subscription_id().unwrap().get(), 123);
    assert_eq!(batch.connection_id().unwrap().as_str(), "conn_abc");
    assert_eq!(batch.resume_token().unwrap().as_str(), "rt_xyz");
    assert_eq!(batch.declared_size(), Some(1));
    assert!(batch.timestamp().is_some());
    let at = LogPosition::new(19_000_001, 2);
    assert_eq!(batch.extent(), Some((at, at)));
}

#[test]
fn only_type_and_events_are_indispensable() {
    assert_eq!(
        batch(r#"{"events":{"A":[{}]},"type":"event_batch"}"#).len(),
        1
    );
    let nulls = batch(
        r#"{"type":"event_batch","batch_id":null,"sequence":null,"timestamp":null,"coverage":null,"events":{}}"#,
    );
    assert!(nulls.is_empty());
    assert_eq!(nulls.extent(), None);
    // Nothing depends on the time.
    assert_eq!(
        batch(r#"{"type":"event_batch","timestamp":7,"events":{}}"#).timestamp(),
        None
    );
}

#[test]
fn unknown_fields_and_types_are_kept() {
    let known = batch(r#"{"type":"event_batch","events":{},"shard":{"of":4}}"#);
    let value: serde_json::Value = serde_json::from_slice(known.raw()).unwrap();
    assert_eq!(value["shard"]["of"], 4);

    // An unknown message may use the names of a batch for other things.
    for line in [
        r#"{"type":"weather","sky":"blue"}"#,
        r#"{"sequence":"x","events":3,"type":"weather"}"#,
    ] {
        match decode(line).unwrap() {
            StreamMessage::Unknown { kind, raw } => {
                assert_eq!(kind, "weather");
                assert_eq!(&*raw, line.as_bytes());
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn every_other_type_is_read() {
    let hash = format!("0x{}", "ab".repeat(32));
    assert!(matches!(
        decode(r#"{"type":"heartbeat"}"#),
        Ok(StreamMessage::Heartbeat(_))
    ));
    match decode(r#"{"type":"error","error_code":"SOMETHING_NEW","error_message":"m"}"#).unwrap() {
        StreamMessage::Error(error) => {
            assert!(error.recoverable);
            assert_eq!(error.error_code, ErrorCode::Other("SOMETHING_NEW".into()));
        }
        other => panic!("{other:?}"),
    }
    let progress = format!(
        r#"{{"type":"progress","resume_token":"rt","from_block":1,"to_block":2,"to_block_hash":"{hash}"}}"#
    );
    assert!(matches!(decode(&progress), Ok(StreamMessage::Progress(_))));
    let reorg = format!(
        r#"{{"type":"reorg","rollback_to":{{"block_number":5,"block_hash":"{hash}"}},"depth":2,"removed":{{}},"resume_token":"rt"}}"#
    );
    match decode(&reorg).unwrap() {
        StreamMessage::Reorg(reorg) => assert_eq!(reorg.rollback_to.number, 5),
        other => panic!("{other:?}"),
    }
    assert!(matches!(
        decode(r#"{"type":"complete","resume_token":"rt","events_delivered":9}"#),
        Ok(StreamMessage::Complete(_))
    ));
}

#[test]
fn what_is_wrong_is_said_without_quoting_it_at_length() {
    let long = "z".repeat(10_000);
    let lines = [
        ("", "not readable"),
        ("[]", "not readable"),
        ("{}", "no `type`"),
        (r#"{"type":null}"#, "no `type`"),
        (r#"{"type":7}"#, "not readable"),
        (r#"{"type":"event_batch"}"#, "no `events`"),
        (r#"{"type":"event_batch","events":null}"#, "no `events`"),
        (r#"{"type":"event_batch","events":[]}"#, "at column"),
        (r#"{"type":"event_batch","events":{"A":{}}}"#, "at column"),
        (
            r#"{"type":"event_batch","events":{"A":[1]}}"#,
            "not an object but `1`",
        ),
        (
            r#"{"type":"event_batch","events":{"A":[{}],"A":[{}]}}"#,
            "occurs twice",
        ),
        (
            r#"{"type":"event_batch","type":"event_batch","events":{}}"#,
            "duplicate field",
        ),
        (
            r#"{"type":"event_batch","events":{"A":[{"v":NaN}]}}"#,
            "at column",
        ),
        (r#"{"type":"event_batch","events":{"A":[{"v":1}"#, "EOF"),
        (r#"{"type":"event_batch","events":{}} x"#, "trailing"),
        (
            r#"{"type":"event_batch","sequence":-1,"events":{}}"#,
            "at column",
        ),
        (
            &format!(r#"{{"type":"event_batch","sequence":"{long}","events":{{}}}}"#),
            "at column",
        ),
        (
            &format!(r#"{{"type":"event_batch","events":{{"A":["{long}"]}}}}"#),
            "not an object",
        ),
        (&format!(r#"{{"type":"{long}""#), "not readable"),
    ];
    for (line, expected) in lines {
        let text = decode(line).unwrap_err().to_string();
        assert!(text.contains(expected), "{text}");
        assert!(text.len() < 300, "{} bytes: {text}", text.len());
    }
}

#[test]
fn bytes_that_are_not_utf8_are_an_error() {
    for line in [
        &b"{\"type\":\"event_batch\",\"events\":{\"A\":[{\"v\":\"\xff\"}]}}"[..],
        b"{\"type\":\"event_batch\",\"batch_id\":\"\xc3\",\"events\":{}}",
    ] {
        assert!(StreamMessage::decode(Bytes::from_static(line)).is_err());
    }
}

#[test]
fn deep_nesting_and_long_numbers_are_bounded_work() {
    let deep = format!(
        r#"{{"type":"event_batch","events":{{"A":[{{"v":{}{}}}]}}}}"#,
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    let event = batch(&deep).events().into_iter().next().unwrap();
    assert!(event.to_value().is_err());
    assert_eq!(event.field::<u64>("other").unwrap(), None);

    let digits = "9".repeat(5_000);
    let long = batch(&format!(
        r#"{{"type":"event_batch","events":{{"A":[{{"v":{digits}}}]}}}}"#
    ));
    let value = long
        .events()
        .into_iter()
        .next()
        .unwrap()
        .to_value()
        .unwrap();
    assert_eq!(value["v"], digits);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = StreamMessage::decode(Bytes::from(bytes));
    }

    #[test]
    fn broken_batches_never_panic(at in 0usize..200, byte in any::<u8>()) {
        let mut line = br#"{"type":"event_batch","batch_id":"batch_1","sequence":4,"events":{"Transfer":[{"value":"1","block_number":7,"log_index":0}],"B":[]},"batch_size":1}"#.to_vec();
        let at = at % line.len();
        line[at] = byte;
        if let Ok(StreamMessage::EventBatch(batch)) = StreamMessage::decode(Bytes::from(line)) {
            for event in batch.events() {
                let _ = (event.to_value(), event.position(), event.field::<u64>("value"));
            }
        }
    }

    #[test]
    fn any_chunking_gives_the_same_messages(size in 1usize..80, crlf in any::<bool>()) {
        let end = if crlf { "\r\n" } else { "\n" };
        let text = [
            r#"{"type":"event_batch","batch_id":"b1","events":{"A":[{"s":"ünï©ödé \u00e9","block_number":1,"log_index":0}]}}"#,
            r#"{"type":"heartbeat"}"#,
            "",
            r#"{"type":"weather"}"#,
            r#"{"type":"event_batch","batch_id":"b2","events":{"A":[{"s":"b","block_number":1,"log_index":1}]}}"#,
        ]
        .join(end) + end;
        let mut framer = Framer::default();
        let mut seen = Vec::new();
        for chunk in text.as_bytes().chunks(size) {
            framer.push(Bytes::copy_from_slice(chunk));
            while let Some(line) = framer.next_line().unwrap() {
                seen.push(match StreamMessage::decode(line).unwrap() {
                    StreamMessage::EventBatch(batch) => batch
                        .events()
                        .iter()
                        .map(|event| event.raw().to_owned())
                        .collect::<String>(),
                    StreamMessage::Heartbeat(_) => "heartbeat".to_owned(),
                    other => format!("{other:?}"),
                });
            }
        }
        framer.finish().unwrap();
        prop_assert_eq!(seen.len(), 4);
        prop_assert_eq!(&seen[0], r#"{"s":"ünï©ödé \u00e9","block_number":1,"log_index":0}"#);
        prop_assert_eq!(&seen[1], "heartbeat");
    }
}
