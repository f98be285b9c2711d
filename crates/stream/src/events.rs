//! Some or all events of a batch, as a sequence.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Range;
use std::sync::Arc;

use crate::batch::Batch;
use crate::event::DecodedEvent;

/// Events of one batch, in order. Cheap to clone; made into [`DecodedEvent`]s as it is walked.
///
/// ```
/// # use bytes::Bytes;
/// # use event_streamer_stream::{DecodeError, StreamMessage};
/// # let line = Bytes::from_static(br#"{"type":"event_batch","events":{"Transfer":[{"value":"1","block_number":7,"log_index":0},{"value":"2","block_number":7,"log_index":3}]}}"#);
/// # let StreamMessage::EventBatch(batch) = StreamMessage::decode(line)? else { unreachable!() };
/// let transfers = batch.events_named("Transfer");
/// assert_eq!(transfers.len(), 2);
/// for event in &transfers {
///     let value: Option<String> = event.field("value")?;
///     assert!(value.is_some());
/// }
/// # Ok::<(), DecodeError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Events {
    batch: Batch,
    range: Range<usize>,
    /// The event at each place, if not simply that of the same index.
    order: Option<Arc<[usize]>>,
}

impl Events {
    pub(crate) fn all(batch: Batch) -> Self {
        Self {
            range: 0..batch.len(),
            order: batch.chain_order(),
            batch,
        }
    }

    pub(crate) fn range(batch: Batch, range: Range<usize>) -> Self {
        Self {
            batch,
            range,
            order: None,
        }
    }

    /// How many events there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.range.len()
    }

    /// True when there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.range.is_empty()
    }

    /// The batch these events are of.
    #[must_use]
    pub fn batch(&self) -> &Batch {
        &self.batch
    }

    /// The events by a key, each group in the order it has here; groups in the order of their first
    /// event.
    ///
    /// ```
    /// # use bytes::Bytes;
    /// # use event_streamer_stream::{DecodeError, StreamMessage};
    /// # let line = Bytes::from_static(br#"{"type":"event_batch","events":{"Transfer":[{"value":"1"},{"value":"2"},{"value":"1"}]}}"#);
    /// # let StreamMessage::EventBatch(batch) = StreamMessage::decode(line)? else { unreachable!() };
    /// let groups = batch.events().group_by(|event| event.field::<String>("value").ok().flatten());
    /// let sizes: Vec<usize> = groups.iter().map(|(_, events)| events.len()).collect();
    /// assert_eq!(sizes, [2, 1]);
    /// # Ok::<(), DecodeError>(())
    /// ```
    #[must_use]
    pub fn group_by<K: Clone + Eq + Hash>(
        &self,
        mut key: impl FnMut(&DecodedEvent) -> K,
    ) -> Vec<(K, Self)> {
        let mut places: HashMap<K, usize> = HashMap::new();
        let mut groups: Vec<(K, Vec<usize>)> = Vec::new();
        for place in self.range.clone() {
            let Some((index, event)) = self.at(place) else {
                continue;
            };
            let key = key(&event);
            let group = *places.entry(key.clone()).or_insert_with(|| {
                groups.push((key, Vec::new()));
                groups.len() - 1
            });
            if let Some((_, indexes)) = groups.get_mut(group) {
                indexes.push(index);
            }
        }
        let events = |indexes: Vec<usize>| Self {
            batch: self.batch.clone(),
            range: 0..indexes.len(),
            order: Some(indexes.into()),
        };
        groups
            .into_iter()
            .map(|(key, indexes)| (key, events(indexes)))
            .collect()
    }

    /// The event at a place, and its index in the batch.
    fn at(&self, place: usize) -> Option<(usize, DecodedEvent)> {
        let index = match &self.order {
            Some(order) => *order.get(place)?,
            None => place,
        };
        Some((index, self.batch.event(index)))
    }

    /// Walks the events.
    pub fn iter(&self) -> impl Iterator<Item = DecodedEvent> + '_ {
        self.clone().into_iter()
    }
}

impl IntoIterator for Events {
    type Item = DecodedEvent;
    type IntoIter = EventsIter;

    fn into_iter(self) -> EventsIter {
        EventsIter(self)
    }
}

impl IntoIterator for &Events {
    type Item = DecodedEvent;
    type IntoIter = EventsIter;

    fn into_iter(self) -> EventsIter {
        EventsIter(self.clone())
    }
}

/// The walk over [`Events`].
#[derive(Debug, Clone)]
pub struct EventsIter(Events);

impl Iterator for EventsIter {
    type Item = DecodedEvent;

    fn next(&mut self) -> Option<DecodedEvent> {
        let place = self.0.range.next()?;
        self.0.at(place).map(|(_, event)| event)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.range.size_hint()
    }
}

impl ExactSizeIterator for EventsIter {}
