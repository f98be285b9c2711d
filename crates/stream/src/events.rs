//! Some or all events of a batch, as a sequence.

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
        let index = match &self.0.order {
            Some(order) => *order.get(place)?,
            None => place,
        };
        self.0.batch.event(index)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.range.size_hint()
    }
}

impl ExactSizeIterator for EventsIter {}
