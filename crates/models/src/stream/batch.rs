//! Batches of events.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::value::RawValue;

use crate::{
    B256, BatchId, ConnectionId, Extra, ResponseId, ResumeToken, SubscriptionId, Timestamp, extra,
    optional,
};

extra::typed_extra!(batch_extra, "event_batch", Tolerated);

/// Decoded events by name, each as the JSON text that came.
///
/// The text keeps what a parsed [`serde_json::Value`] would lose: numbers of any length. A name
/// that comes twice is an error, because one list would silently replace the other.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Events(pub BTreeMap<String, Vec<Box<RawValue>>>);

impl Events {
    /// How many events there are under all names.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }
}

/// Two are equal if they have the same texts.
impl PartialEq for Events {
    fn eq(&self, other: &Self) -> bool {
        let texts = |list: &[Box<RawValue>], other: &[Box<RawValue>]| {
            list.iter()
                .map(|event| event.get())
                .eq(other.iter().map(|event| event.get()))
        };
        self.0.len() == other.0.len()
            && self
                .0
                .iter()
                .zip(&other.0)
                .all(|(a, b)| a.0 == b.0 && texts(a.1, b.1))
    }
}

impl<'de> Deserialize<'de> for Events {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EventsVisitor;

        impl<'de> de::Visitor<'de> for EventsVisitor {
            type Value = Events;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of event lists by event name")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Events, A::Error> {
                let mut events = BTreeMap::new();
                while let Some((name, list)) = map.next_entry::<String, _>()? {
                    if events.insert(name, list).is_some() {
                        return Err(de::Error::custom("an event name stands twice in `events`"));
                    }
                }
                Ok(Events(events))
            }
        }

        deserializer.deserialize_map(EventsVisitor)
    }
}

/// A batch of events (reference model `StreamingEventBatch`).
///
/// `E` is how the events are held: [`Events`] keeps each one's text; `&RawValue` borrows the whole
/// object from the line; [`serde::de::IgnoredAny`] leaves them out.
///
/// ```
/// use event_streamer_models::EventBatchMessage;
///
/// let batch: EventBatchMessage =
///     serde_json::from_str(r#"{"type": "event_batch", "events": {"Transfer": [{"value": "1"}]}}"#)?;
/// assert_eq!(batch.events.count(), 1);
/// assert_eq!(batch.batch_id, None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "event_batch")]
pub struct EventBatchMessage<E = Events> {
    /// The name of this delivery, by which older clients confirm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_id: Option<ResponseId>,
    /// The name of the batch, by which it is acknowledged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_id: Option<BatchId>,
    /// Whose events they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription_id: Option<SubscriptionId>,
    /// The connection that it is sent on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection_id: Option<ConnectionId>,
    /// The position after this batch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume_token: Option<ResumeToken>,
    /// The place in the connection's sequence of batches: 1, 2, 3 and so on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u64>,
    /// The place among those messages of the connection that move the position, as in
    /// [`ProgressMessage::step`](crate::ProgressMessage::step).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u64>,
    /// The events by name.
    pub events: E,
    /// How many events there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_size: Option<u64>,
    /// The blocks that this batch ends the reading of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Coverage>,
    /// When it was sent.
    #[serde(
        default,
        deserialize_with = "optional::readable",
        skip_serializing_if = "Option::is_none"
    )]
    pub timestamp: Option<Timestamp>,
    /// Fields that this version does not know.
    #[serde(flatten, deserialize_with = "batch_extra")]
    pub extra: Extra,
}

/// A range of blocks that was read whole: what it does not hold is not there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// The first block.
    pub from_block: u64,
    /// The last block.
    pub to_block: u64,
    /// The hash of the last block.
    pub to_block_hash: B256,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Coverage {
    /// The blocks from one to another, both included.
    #[must_use]
    pub fn new(from_block: u64, to_block: u64, to_block_hash: B256) -> Self {
        Self {
            from_block,
            to_block,
            to_block_hash,
            extra: Extra::new(),
        }
    }
}
