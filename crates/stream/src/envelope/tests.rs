//! The envelope read by hand beside the same by serde's derive.

use std::collections::HashSet;

use proptest::prelude::*;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::*;

mod written;

/// What serde makes of a batch.
#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Cow<'a, str>>,
    response_id: Option<String>,
    batch_id: Option<String>,
    subscription_id: Option<SubscriptionId>,
    connection_id: Option<String>,
    resume_token: Option<String>,
    sequence: Option<u64>,
    step: Option<u64>,
    batch_size: Option<u64>,
    redelivery: Option<u64>,
    #[serde(borrow)]
    coverage: Option<&'a RawValue>,
    #[serde(borrow)]
    timestamp: Option<&'a RawValue>,
    #[serde(borrow)]
    events: Option<Events<'a>>,
}

struct Events<'a>(Vec<(String, Vec<&'a RawValue>)>);

impl<'de: 'a, 'a> Deserialize<'de> for Events<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Lists;
        impl<'de> Visitor<'de> for Lists {
            type Value = Events<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Events<'de>, A::Error> {
                let mut lists = Vec::new();
                while let Some(list) = map.next_entry()? {
                    lists.push(list);
                }
                Ok(Events(lists))
            }
        }
        deserializer.deserialize_map(Lists)
    }
}

impl Reference<'_> {
    /// What is demanded beyond the shape.
    fn is_batch(&self) -> bool {
        let Some(Events(lists)) = &self.events else {
            return false;
        };
        let mut names = HashSet::new();
        self.kind.as_deref() == Some("event_batch")
            && lists.iter().all(|(name, _)| names.insert(name))
            && lists
                .iter()
                .flat_map(|(_, events)| events)
                .all(|event| event.get().starts_with('{'))
    }
}

fn agrees(line: &str) {
    let reference = serde_json::from_str::<Reference<'_>>(line)
        .ok()
        .filter(Reference::is_batch);
    let ours = match read(line, &Marks::of(line)) {
        Ok(Line::Batch(layout)) => Some(layout),
        _ => None,
    };
    let (
        Some(reference),
        Some(Layout {
            head, names, spans, ..
        }),
    ) = (&reference, &ours)
    else {
        assert_eq!(reference.is_some(), ours.is_some(), "{line}");
        return;
    };
    let text =
        |range: &Option<Range<usize>>| range.as_ref().map(|range| line[range.clone()].to_owned());
    let raw = |raw: Option<&RawValue>| raw.map(|raw| raw.get().to_owned());
    assert_eq!(
        head.response_id
            .get(line)
            .map(event_streamer_models::ResponseId::as_str),
        reference.response_id.as_deref()
    );
    assert_eq!(
        head.batch_id
            .get(line)
            .map(event_streamer_models::BatchId::as_str),
        reference.batch_id.as_deref()
    );
    assert_eq!(
        head.connection_id
            .get(line)
            .map(event_streamer_models::ConnectionId::as_str),
        reference.connection_id.as_deref()
    );
    assert_eq!(
        head.resume_token
            .get(line)
            .map(event_streamer_models::ResumeToken::as_str),
        reference.resume_token.as_deref()
    );
    assert_eq!(head.subscription_id, reference.subscription_id);
    assert_eq!(
        (head.sequence, head.step, head.batch_size, head.redelivery),
        (
            reference.sequence,
            reference.step,
            reference.batch_size,
            reference.redelivery
        )
    );
    // Serde takes `null` for none there.
    assert_eq!(
        text(&head.coverage).filter(|text| text != "null"),
        raw(reference.coverage)
    );
    assert_eq!(
        text(&head.timestamp).filter(|text| text != "null"),
        raw(reference.timestamp)
    );
    let lists: Vec<(String, Vec<String>)> = names
        .iter()
        .map(|group| {
            let events = spans[group.events.clone()].iter();
            (
                group.name.text(line).to_owned(),
                events.map(|span| line[span.clone()].to_owned()).collect(),
            )
        })
        .collect();
    let expected: Vec<(String, Vec<String>)> = reference
        .events
        .iter()
        .flat_map(|Events(lists)| lists)
        .map(|(name, events)| {
            (
                name.clone(),
                events.iter().map(|event| event.get().to_owned()).collect(),
            )
        })
        .collect();
    assert_eq!(lists, expected, "{line}");
}

/// A field of an envelope, right, wrong or unknown, with white space here and there.
fn field() -> impl Strategy<Value = String> {
    let key = prop_oneof![
        3 => Just("\"type\""), 1 => Just("\"ty\\u0070e\""), 1 => Just("\"response_id\""),
        2 => Just("\"batch_id\""), 1 => Just("\"subscription_id\""), 1 => Just("\"connection_id\""),
        1 => Just("\"resume_token\""), 2 => Just("\"sequence\""), 1 => Just("\"step\""), 1 => Just("\"batch_size\""), 1 => Just("\"redelivery\""),
        1 => Just("\"coverage\""), 1 => Just("\"timestamp\""), 3 => Just("\"events\""),
        1 => Just("\"shard\""), 1 => Just("\"\\ud800\""),
    ];
    let value = prop_oneof![
        4 => Just("\"event_batch\""), 1 => Just("\"event\\u005fbatch\""), 1 => Just("null"), 2 => Just("7"),
        1 => Just("0"), 1 => Just("-1"), 1 => Just("1.5"), 1 => Just("18446744073709551616"), 1 => Just("{}"),
        2 => Just("{\"A\":[{}, {\"v\":[1,{}]} ],\"B\":[]}"), 1 => Just("{\"A\":[],\"\\u0041\":[{}]}"),
        1 => Just("{\"A\":[1]}"), 1 => Just("{\"A\":{}}"), 1 => Just("[]"), 1 => Just("\"\\ud800\""),
    ];
    let space = prop_oneof![3 => Just(""), 1 => Just(" "), 1 => Just("\t\r\n")];
    (key, value, space.clone(), space).prop_map(|(key, value, before, behind)| {
        format!("{before}{key}{behind}:{before}{value}{behind}")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn batches_are_taken_or_refused_as_by_serde(
        fields in proptest::collection::vec(field(), 0..6),
        is_batch in prop::bool::weighted(0.7),
        has_events in prop::bool::weighted(0.7),
    ) {
        let mut fields = fields;
        if is_batch {
            fields.insert(0, "\"type\":\"event_batch\"".to_owned());
        }
        if has_events {
            fields.push("\"events\":{\"E\":[{\"a\":1}]}".to_owned());
        }
        agrees(&format!("{{{}}}", fields.join(",")));
    }

    #[test]
    fn a_batch_with_a_byte_changed_is_too(at in any::<usize>(), byte in 0u8..0x80) {
        let mut line = br#"{"type":"event_batch","batch_id":"b","sequence":4,"events":{"A":[{"v":"1"},{}],"B":[]},"batch_size":1,"timestamp":null}"#.to_vec();
        let at = at % line.len();
        line[at] = byte;
        agrees(std::str::from_utf8(&line).unwrap());
    }
}

#[test]
fn events_before_the_type_are_the_same_events() {
    agrees(r#"{"events":{"A":[{"v":1}]},"batch_id":"b","type":"event_batch"}"#);
    agrees(r#"{"events":{"A":[3]},"type":"event_batch"}"#);
    agrees(r#"{"events":{"A":[{"v":1}]},"type":"event_batch","events":{}}"#);
}
