use event_streamer_models::{AbiEvent, AbiInput, Address};
use serde_json::{Value, json};

use super::*;
use crate::delivery::testing::{TRANSFER, block, nft_transfer, spec, transfer, transfer_log, word};

fn written(plan: &mut EventPlan, log: &Log, metadata: bool) -> (String, Value) {
    let mut out = Vec::new();
    let name = plan.write_event(log, metadata, &mut out).to_string();
    (name, serde_json::from_slice(&out).unwrap())
}

#[test]
fn an_event_is_its_parameters_and_then_the_metadata() {
    let mut plan = EventPlan::new(&spec(transfer())).unwrap();
    let log = transfer_log(block(7, 1), 42);
    let mut out = Vec::new();
    plan.write_event(&log, false, &mut out);
    let expected = concat!(
        r#"{"from":"0x0000000000000000000000000000000000000001","#,
        r#""to":"0x0000000000000000000000000000000000000002","value":"42","#,
        r#""block_number":7,"#,
        r#""transaction_hash":"0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","#,
        r#""log_index":42,"address":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","#,
        r#""timestamp":"2023-11-14T22:13:20.000Z"}"#,
    );
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}

#[test]
fn the_metadata_feature_adds_the_rest() {
    let mut plan = EventPlan::new(&spec(transfer())).unwrap();
    let mut log = transfer_log(block(7, 1), 0xffff_ffe2);
    log.block_timestamp = None;
    let (_, event) = written(&mut plan, &log, true);
    let hash = log.block_hash.unwrap().to_string();
    assert_eq!(event["block_hash"], json!(hash));
    assert_eq!(event["transaction_index"], 3);
    assert_eq!(event["chain_id"], 1);
    assert_eq!(event["event_id"], json!(format!("1-{hash}-4294967266")));
    assert_eq!(event["timestamp"], Value::Null);
}

#[test]
fn a_log_that_does_not_decode_arrives_all_the_same() {
    let mut plan = EventPlan::new(&spec(transfer())).unwrap();
    let mut log = transfer_log(block(7, 1), 1);
    log.topics.push(word(9));
    log.data = Vec::new().into();
    let (name, event) = written(&mut plan, &log, false);
    assert_eq!(name, "$undecoded");
    assert_eq!(event["topics"].as_array().unwrap().len(), 4);
    assert_eq!(event["topics"][0], TRANSFER);
    assert_eq!(event["data"], "0x");
    assert!(!event["reason"].as_str().unwrap().is_empty());
    assert_eq!(event["block_number"], 7);
}

#[test]
fn events_of_one_topic0_are_told_apart_by_what_is_indexed() {
    let mut both = spec(transfer());
    both.events.further.push(nft_transfer());
    let mut plan = EventPlan::new(&both).unwrap();
    assert_eq!(plan.filter().topics[0].len(), 1);
    let erc20 = transfer_log(block(7, 1), 5);
    let mut erc721 = erc20.clone();
    erc721.topics.push(word(9));
    erc721.data = Vec::new().into();
    assert_eq!(written(&mut plan, &erc20, false).1["value"], "5");
    let (name, event) = written(&mut plan, &erc721, false);
    assert_eq!(
        (name.as_str(), &event["tokenId"]),
        ("Transfer", &json!("9"))
    );
}

#[test]
fn an_anonymous_event_is_found_by_its_contract() {
    let note = AbiEvent::new("Note", vec![AbiInput::indexed("who", "address")]);
    let mut anonymous = spec(note.with_anonymous(true));
    anonymous.addresses = vec![Address([0xaa; 20]); 2];
    let mut plan = EventPlan::new(&anonymous).unwrap();
    assert_eq!(
        plan.filter().addresses.len(),
        1,
        "named twice, asked for once"
    );
    assert!(plan.filter().topics.iter().all(Vec::is_empty));
    let mut log = transfer_log(block(7, 1), 1);
    log.topics = vec![word(1)];
    log.data = Vec::new().into();
    let (name, event) = written(&mut plan, &log, false);
    assert_eq!(name, "Note");
    assert_eq!(event["who"], "0x0000000000000000000000000000000000000001");
}

#[test]
fn an_event_without_parameters_is_its_metadata() {
    let paused = AbiEvent::new("Paused", Vec::new());
    let mut plan = EventPlan::new(&spec(paused)).unwrap();
    let mut log = transfer_log(block(7, 1), 1);
    log.topics = plan.filter().topics[0].clone();
    log.data = Vec::new().into();
    let (name, event) = written(&mut plan, &log, false);
    assert_eq!(
        (name.as_str(), &event["block_number"]),
        ("Paused", &json!(7))
    );
}

#[test]
fn topic_filters_move_behind_topic0() {
    let mut filtered = spec(transfer());
    filtered.topics = filtered.topics.with_topic(2, [word(2)]).unwrap();
    let plan = EventPlan::new(&filtered).unwrap();
    assert_eq!(
        plan.filter().topics,
        [
            vec![TRANSFER.parse().unwrap()],
            vec![],
            vec![word(2)],
            vec![]
        ]
    );
}
