use crate::{Batch, LogPosition, StreamMessage};

fn batch(events: &str) -> Batch {
    let line = format!(r#"{{"type":"event_batch","events":{events}}}"#);
    match StreamMessage::decode(line.into()) {
        Ok(StreamMessage::EventBatch(batch)) => batch,
        other => panic!("not a batch: {other:?}"),
    }
}

fn ids(batch: &Batch) -> Vec<(String, u64)> {
    batch
        .events()
        .iter()
        .map(|event| {
            let id = event.field("i").unwrap().unwrap();
            (event.name().to_owned(), id)
        })
        .collect()
}

fn pairs(expected: &[(&str, u64)]) -> Vec<(String, u64)> {
    expected
        .iter()
        .map(|(name, id)| ((*name).to_owned(), *id))
        .collect()
}

const TWO_NAMES: &str = r#"{"A":[{"i":1,"block_number":5,"log_index":1},{"i":4,"block_number":6,"log_index":0}],
    "B":[{"i":2,"block_number":5,"log_index":2},{"i":3,"block_number":5,"log_index":4294967266},{"i":5,"block_number":6,"log_index":9}]}"#;

#[test]
fn events_come_in_the_order_of_the_chain_over_all_names() {
    let batch = batch(TWO_NAMES);
    assert_eq!(batch.names().collect::<Vec<_>>(), ["A", "B"]);
    assert_eq!(batch.len(), 5);
    assert_eq!(
        ids(&batch),
        pairs(&[("A", 1), ("B", 2), ("B", 3), ("A", 4), ("B", 5)])
    );
    assert_eq!(
        batch.extent(),
        Some((LogPosition::new(5, 1), LogPosition::new(6, 9)))
    );
}

#[test]
fn an_event_without_a_position_keeps_the_order_of_the_line() {
    let batch = batch(
        r#"{"A":[{"i":1,"block_number":9,"log_index":1}],"B":[{"i":2},{"i":3,"block_number":5,"log_index":0}]}"#,
    );
    assert_eq!(ids(&batch), pairs(&[("A", 1), ("B", 2), ("B", 3)]));
    assert_eq!(batch.extent(), None);
}

#[test]
fn events_of_one_name_are_found_by_it() {
    let batch = batch(TWO_NAMES);
    assert_eq!(batch.events_named("B").len(), 3);
    assert!(
        batch
            .events_named("B")
            .iter()
            .all(|event| event.name() == "B")
    );
    assert!(batch.events_named("C").is_empty());
    assert_eq!((&batch.events_named("A")).into_iter().len(), 2);
}

#[test]
fn what_was_delivered_can_be_cut_off() {
    let rest = batch(TWO_NAMES).after(LogPosition::new(5, 4_294_967_266));
    assert_eq!(ids(&rest), pairs(&[("A", 4), ("B", 5)]));
    assert_eq!(rest.len(), 2);
    let rest = batch(TWO_NAMES).after(LogPosition::new(6, 0));
    assert_eq!(rest.names().collect::<Vec<_>>(), ["B"]);
    assert!(batch(TWO_NAMES).after(LogPosition::end_of(6)).is_empty());
}

#[test]
fn events_are_slices_of_the_line() {
    let batch = batch(TWO_NAMES);
    let within = batch.raw().as_ptr_range();
    for event in batch.events() {
        assert!(within.contains(&event.raw().as_ptr()));
    }
}

#[test]
fn a_name_with_escapes_is_read() {
    let batch = batch(r#"{"\u0041\"":[{"i":1}]}"#);
    assert_eq!(batch.names().collect::<Vec<_>>(), ["A\""]);
}

#[test]
fn debug_shows_no_payload() {
    let batch = batch(r#"{"Paid":[{"to":"somebody"}]}"#);
    let event = batch.events().into_iter().next().unwrap();
    for text in [format!("{batch:?}"), format!("{event:?}")] {
        assert!(
            text.contains("Paid") && !text.contains("somebody"),
            "{text}"
        );
    }
}
