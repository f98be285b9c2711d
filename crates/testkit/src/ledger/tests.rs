use serde_json::json;

use super::*;

fn event(block: u64, log_index: u32) -> Record {
    Record::new(format!("1-{block}-{log_index}"), block, log_index)
}

fn book(events: &[(u64, u32)]) -> Ledger {
    let mut ledger = Ledger::new();
    events
        .iter()
        .for_each(|&(block, log_index)| ledger.deliver(event(block, log_index)));
    ledger
}

#[test]
fn a_complete_ordered_sequence_is_no_difference() {
    let ledger = book(&[(1, 0), (1, 7), (3, 0)]);
    ledger.assert_exactly([event(1, 0), event(1, 7), event(3, 0)]);
    Ledger::new().assert_exactly([]);
}

#[test]
fn names_what_is_missing_and_what_was_not_expected() {
    let difference = book(&[(1, 0), (2, 5)]).compare([event(1, 0), event(2, 4)]);
    assert_eq!(
        difference.to_string(),
        "2 events were expected, 2 stand:\n  \
         1 missing:\n    block 2 log 4 (1-2-4)\n  \
         1 not expected:\n    block 2 log 5 (1-2-5)"
    );
}

#[test]
fn one_place_with_another_id_is_another_event() {
    let mut ledger = Ledger::new();
    ledger.deliver(Record::new("1-0xdead-0", 1, 0));
    let difference = ledger.compare([Record::new("1-0xbeef-0", 1, 0)]);
    assert_eq!(
        (difference.missing.len(), difference.unexpected.len()),
        (1, 1)
    );
}

#[test]
#[should_panic(expected = "1 handed over again:\n    block 1 log 0 (1-1-0)")]
fn a_duplicate_is_a_difference() {
    book(&[(1, 0), (1, 0)]).assert_exactly([event(1, 0)]);
}

#[test]
#[should_panic(expected = "1 out of order:\n    block 1 log 2 (1-1-2) after block 1 log 3")]
fn a_step_back_is_a_difference() {
    book(&[(1, 3), (1, 2)]).assert_exactly([event(1, 2), event(1, 3)]);
}

#[test]
fn a_long_list_is_cut_and_counted() {
    let text = Ledger::new()
        .compare((0..25).map(|block| event(block, 0)))
        .to_string();
    assert!(
        text.contains("25 missing:") && text.ends_with(".. and 15 more"),
        "{text}"
    );
    assert_eq!(text.lines().count(), 13);
}

#[test]
fn a_rollback_undoes_and_order_begins_after_it() {
    let mut ledger = book(&[(1, 0), (2, 0), (3, 0)]);
    ledger.roll_back_to(1);
    ledger.deliver(Record::new("new", 2, 0));
    // The old branch returns: its events are no duplicates.
    ledger.roll_back_to(1);
    ledger.deliver(event(2, 0));
    ledger.deliver(event(3, 0));
    ledger.assert_exactly([event(1, 0), event(2, 0), event(3, 0)]);
    assert_eq!(ledger.delivered(), 6);
}

#[test]
fn after_a_rollback_what_stands_does_not_come_again() {
    let mut ledger = book(&[(1, 0), (2, 0)]);
    ledger.roll_back_to(1);
    ledger.deliver(event(1, 0));
    let difference = ledger.compare([event(1, 0)]);
    assert_eq!(
        (difference.duplicated.len(), difference.disordered.len()),
        (1, 1)
    );
}

#[test]
fn after_a_restart_repeats_are_at_least_once_but_not_exactly_once() {
    let mut ledger = book(&[(1, 0), (2, 0)]);
    ledger.restarted();
    ledger.deliver(event(2, 0));
    ledger.deliver(event(3, 0));
    let expected = || [event(1, 0), event(2, 0), event(3, 0)];
    ledger.assert_at_least_once(expected());
    assert_eq!(ledger.compare(expected()).duplicated, [event(2, 0)]);
}

#[test]
#[should_panic(expected = "1 missing")]
fn at_least_once_does_not_forgive_a_loss() {
    book(&[(1, 0)]).assert_at_least_once([event(1, 0), event(2, 0)]);
}

#[test]
fn reads_events_of_the_wire() {
    let mut ledger = Ledger::new();
    ledger.deliver_json(
        &json!({"event_id": "1-0xab-4294967266", "block_number": 7, "log_index": 0xffff_ffe2_u32}),
    );
    ledger.assert_exactly([Record::new("1-0xab-4294967266", 7, 0xffff_ffe2)]);
}

#[test]
#[should_panic(expected = "not an event with metadata")]
fn an_event_without_an_id_is_a_fault_of_the_test() {
    Ledger::new().deliver_json(&json!({"block_number": 7, "log_index": 0}));
}

#[test]
fn a_log_has_the_id_of_the_protocol() {
    let log: event_streamer_models::Log = serde_json::from_value(json!({
        "address": format!("0x{}", "11".repeat(20)),
        "topics": [],
        "data": "0x",
        "blockNumber": "0x10",
        "blockHash": format!("0x{}", "ab".repeat(32)),
        "transactionHash": format!("0x{}", "cd".repeat(32)),
        "transactionIndex": "0x0",
        "logIndex": "0xffffffe2",
        "removed": false,
    }))
    .unwrap();
    let id = format!("5-0x{}-4294967266", "ab".repeat(32));
    assert_eq!(Record::of_log(5, &log), Record::new(id, 16, 0xffff_ffe2));
}
