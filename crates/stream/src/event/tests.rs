use event_streamer_models::U256;
use serde::Deserialize;

use super::*;
use crate::StreamMessage;

fn event(json: &str) -> DecodedEvent {
    let line = format!(r#"{{"type":"event_batch","events":{{"E":[{json}]}}}}"#);
    match StreamMessage::decode(line.into()) {
        Ok(StreamMessage::EventBatch(batch)) => batch.events().into_iter().next().unwrap(),
        other => panic!("not a batch: {other:?}"),
    }
}

fn transfer() -> (String, DecodedEvent) {
    let hash = format!("0x{}", "ab".repeat(32));
    let address = format!("0x{}", "cd".repeat(20));
    let json = format!(
        r#"{{"to":"0x02","from":"0x01","value":"115792089237316195423570985008687907853269984665640564039457584007913129639935",
        "block_number":18426253,"transaction_hash":"{hash}","log_index":4294967266,"address":"{address}",
        "timestamp":"2023-10-25T10:00:11.000Z","block_hash":"{hash}","transaction_index":7,"chain_id":1,
        "event_id":"1-{hash}-4294967266"}}"#
    );
    (json.clone(), event(&json))
}

#[test]
fn metadata_is_typed() {
    let (json, event) = transfer();
    assert_eq!(event.raw(), json);
    assert_eq!(event.block_number(), Some(18_426_253));
    assert_eq!(event.log_index(), Some(0xffff_ffe2));
    assert_eq!(
        event.position(),
        Some(LogPosition::new(18_426_253, 0xffff_ffe2))
    );
    assert_eq!(event.transaction_hash(), event.block_hash());
    assert_eq!(
        event.address().unwrap().to_string(),
        format!("0x{}", "cd".repeat(20))
    );
    assert_eq!(
        event.timestamp().unwrap().to_string(),
        "2023-10-25T10:00:11.000Z"
    );
    assert_eq!(event.transaction_index(), Some(7));
    assert_eq!(event.chain_id(), Some(ChainId::new(1)));
    assert!(event.event_id().unwrap().as_str().ends_with("-4294967266"));
}

#[test]
fn absent_null_and_wrong_metadata_is_none() {
    for json in [
        "{}",
        r#"{"block_number":null}"#,
        r#"{"block_number":"x"}"#,
        r#"{"block_number":1.5}"#,
    ] {
        let event = event(json);
        assert_eq!(event.block_number(), None);
        assert_eq!(event.position(), None);
    }
}

#[test]
fn a_type_of_ones_own_may_borrow_and_be_exact() {
    #[derive(Deserialize)]
    struct Transfer<'a> {
        from: &'a str,
        value: U256,
    }
    let (_, event) = transfer();
    let transfer: Transfer<'_> = event.deserialize().unwrap();
    assert_eq!(transfer.from, "0x01");
    assert_eq!(transfer.value, U256::MAX);
    let error = event.deserialize::<Vec<u8>>().unwrap_err().to_string();
    assert!(error.contains("event `E`"), "{error}");
}

#[test]
fn fields_are_picked_by_name() {
    let event = event(r#"{"a":{"b":[1,2]},"b":5,"c":null,"b":6,"esc\u0061ped":true}"#);
    assert_eq!(event.field("b").unwrap(), Some(5));
    assert_eq!(event.field::<u8>("c").unwrap(), None);
    assert_eq!(event.field::<u8>("d").unwrap(), None);
    assert_eq!(event.field("escaped").unwrap(), Some(true));
    let error = event.field::<String>("b").unwrap_err().to_string();
    assert!(error.contains("`b`"), "{error}");
}

#[test]
fn values_keep_the_order_of_fields_and_every_digit() {
    let event = event(r#"{"z":1,"a":2,"m":340282366920938463463374607431768211456,"s":"\u0000"}"#);
    let value = event.to_value().unwrap();
    let keys: Vec<&String> = value.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["z", "a", "m", "s"]);
    assert_eq!(value["m"], "340282366920938463463374607431768211456");
    assert_eq!(value["s"], "\0");
}

#[test]
fn undecoded_logs_are_told_apart() {
    let line = r#"{"type":"event_batch","events":{"$undecoded":[{"reason":"short"}],"E":[{}]}}"#;
    let Ok(StreamMessage::EventBatch(batch)) = StreamMessage::decode(line.into()) else {
        panic!("a batch");
    };
    let flags: Vec<bool> = batch
        .events()
        .iter()
        .map(|event| event.is_undecoded())
        .collect();
    assert_eq!(flags, [true, false]);
}
