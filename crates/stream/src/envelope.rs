//! The one pass over a batch line: the envelope's fields, and where the events lie.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use event_streamer_models::{BatchId, ConnectionId, ResponseId, ResumeToken, SubscriptionId};
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::batch::{Head, Layout, NameGroup};
use crate::error::{DecodeError, excerpt};

/// A line read as a batch. Everything is optional here; what a batch cannot do without is checked
/// once the type is known.
#[derive(Deserialize)]
pub(crate) struct Envelope<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Cow<'a, str>>,
    response_id: Option<ResponseId>,
    batch_id: Option<BatchId>,
    subscription_id: Option<SubscriptionId>,
    connection_id: Option<ConnectionId>,
    resume_token: Option<ResumeToken>,
    sequence: Option<u64>,
    batch_size: Option<u64>,
    #[serde(borrow)]
    coverage: Option<&'a RawValue>,
    #[serde(borrow)]
    timestamp: Option<&'a RawValue>,
    #[serde(borrow)]
    events: Option<EventMap<'a>>,
}

/// `{name: [event, ..], ..}` without a look into the events.
struct EventMap<'a> {
    names: Vec<(Cow<'a, str>, Range<usize>)>,
    events: Vec<&'a RawValue>,
}

impl Envelope<'_> {
    pub(crate) fn is_batch(&self) -> bool {
        self.kind.as_deref() == Some("event_batch")
    }

    /// The parts of a [`Batch`](crate::Batch), the events as ranges of `line`, from which the
    /// envelope was read.
    pub(crate) fn locate(self, line: &Bytes) -> Result<Layout, DecodeError> {
        let Some(map) = self.events else {
            return Err(DecodeError::new("an event batch has no `events`"));
        };
        let mut spans = Vec::with_capacity(map.events.len());
        for event in &map.events {
            let text = event.get();
            if !text.starts_with('{') {
                let what = format!("an event is not an object but `{}`", excerpt(text));
                return Err(DecodeError::new(what));
            }
            spans.push(span(line, event));
        }
        let names = map
            .names
            .into_iter()
            .map(|(name, events)| NameGroup {
                name: Arc::from(name),
                events,
            })
            .collect();
        let head = Head {
            response_id: self.response_id,
            batch_id: self.batch_id,
            subscription_id: self.subscription_id,
            connection_id: self.connection_id,
            resume_token: self.resume_token,
            sequence: self.sequence,
            batch_size: self.batch_size,
            coverage: self.coverage.map(|raw| span(line, raw)),
            timestamp: self.timestamp.map(|raw| span(line, raw)),
        };
        Ok(Layout { head, names, spans })
    }
}

/// Where in the line a text lies that was borrowed from it.
fn span(line: &Bytes, raw: &RawValue) -> Range<usize> {
    let text = raw.get();
    let start = text.as_ptr().addr() - line.as_ptr().addr();
    start..start + text.len()
}

impl<'de: 'a, 'a> Deserialize<'de> for EventMap<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EventMapVisitor)
    }
}

struct EventMapVisitor;

impl<'de> Visitor<'de> for EventMapVisitor {
    type Value = EventMap<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of event names and arrays of events")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut names: Vec<(Cow<'de, str>, Range<usize>)> = Vec::new();
        let mut events = Vec::new();
        while let Some(Name(name)) = map.next_key()? {
            // Two arrays of one name would leave it open which of them counts.
            if names.iter().any(|(known, _)| *known == name) {
                return Err(serde::de::Error::custom("an event name occurs twice"));
            }
            let start = events.len();
            map.next_value_seed(EventList(&mut events))?;
            names.push((name, start..events.len()));
        }
        Ok(EventMap { names, events })
    }
}

/// A key, borrowed from the line where it has no escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// Appends the elements of an array.
struct EventList<'v, 'de>(&'v mut Vec<&'de RawValue>);

impl<'de> DeserializeSeed<'de> for EventList<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for EventList<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of events")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(event) = list.next_element()? {
            self.0.push(event);
        }
        Ok(())
    }
}
