//! A batch of events: its envelope read, its events still text.

mod lazy_id;

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use bytestring::ByteString;
use event_streamer_models::{
    BatchId, ConnectionId, Coverage, ResponseId, ResumeToken, SubscriptionId, Timestamp,
};

use serde::de::DeserializeOwned;
use smallvec::SmallVec;

pub(crate) use lazy_id::LazyId;

use crate::event::DecodedEvent;
use crate::events::Events;
use crate::position::{LogPosition, Place};
use crate::scan::{Marked, Marks};
use crate::session::Watermark;

/// A batch of decoded events. Cheap to clone; clones share the line they were read from.
///
/// Reading a batch parses its envelope and finds where each event begins and ends. The events
/// themselves are parsed when they are asked for, and not at all by a reader that only counts.
///
/// ```
/// # use bytes::Bytes;
/// # use event_streamer_stream::{DecodeError, LogPosition, StreamMessage};
/// # let line = Bytes::from_static(br#"{"type":"event_batch","batch_id":"batch_1","sequence":1,"batch_size":2,"events":{"Transfer":[{"value":"1","block_number":7,"log_index":0}],"Paused":[{"by":"0x01","block_number":8,"log_index":3}]}}"#);
/// # let StreamMessage::EventBatch(batch) = StreamMessage::decode(line)? else { unreachable!() };
/// assert_eq!(batch.batch_id().map(|id| id.as_str()), Some("batch_1"));
/// assert_eq!((batch.sequence(), batch.declared_size(), batch.len()), (Some(1), Some(2), 2));
/// assert!(batch.names().eq(["Transfer", "Paused"]));
/// let extent = (LogPosition::new(7, 0), LogPosition::new(8, 3));
/// assert_eq!(batch.extent(), Some(extent));
/// # Ok::<(), DecodeError>(())
/// ```
#[derive(Clone)]
pub struct Batch {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    line: ByteString,
    marks: Marks,
    layout: Layout,
    /// The events in the order of the chain, if that is another than the order of the line.
    chain_order: OnceLock<Option<Arc<[usize]>>>,
}

/// What is known of a line once it is read.
pub(crate) struct Layout {
    pub(crate) head: Head,
    pub(crate) names: Names,
    /// Where each event lies in the line, grouped by name.
    pub(crate) spans: Spans,
    /// What places the first event, if it was met on the way.
    pub(crate) first: Option<Place>,
}

/// The events by name. Often there is one.
pub(crate) type Names = SmallVec<[NameGroup; 1]>;

/// Where events lie. At the head of the chain often one does.
pub(crate) type Spans = SmallVec<[Range<usize>; 1]>;

/// The envelope without the events.
#[derive(Default, Clone)]
pub(crate) struct Head {
    pub(crate) response_id: LazyId<ResponseId>,
    pub(crate) batch_id: LazyId<BatchId>,
    pub(crate) subscription_id: Option<SubscriptionId>,
    pub(crate) connection_id: LazyId<ConnectionId>,
    pub(crate) resume_token: LazyId<ResumeToken>,
    pub(crate) sequence: Option<u64>,
    pub(crate) step: Option<u64>,
    pub(crate) batch_size: Option<u64>,
    pub(crate) redelivery: Option<u64>,
    /// Where the coverage lies in the line.
    pub(crate) coverage: Option<Range<usize>>,
    /// Where the timestamp lies in the line.
    pub(crate) timestamp: Option<Range<usize>>,
}

/// The events of one name, as indexes into the spans.
#[derive(Clone)]
pub(crate) struct NameGroup {
    pub(crate) name: EventName,
    pub(crate) events: Range<usize>,
}

/// What events are called.
#[derive(Clone)]
pub(crate) enum EventName {
    /// Where the name lies in the line.
    At(Range<usize>),
    /// The line has it with escapes.
    Unescaped(Box<str>),
}

impl EventName {
    /// The name, `line` being the line that it is of.
    #[inline]
    pub(crate) fn text<'a>(&'a self, line: &'a str) -> &'a str {
        match self {
            Self::At(range) => line.get(range.clone()).unwrap_or_default(),
            Self::Unescaped(name) => name,
        }
    }
}

impl Batch {
    pub(crate) fn new(line: ByteString, marks: Marks, layout: Layout) -> Self {
        Self {
            inner: Arc::new(Inner {
                line,
                marks,
                layout,
                chain_order: OnceLock::new(),
            }),
        }
    }

    /// The id that older services have their batches confirmed by.
    #[must_use]
    pub fn response_id(&self) -> Option<&ResponseId> {
        self.inner.layout.head.response_id.get(&self.inner.line)
    }

    /// The id that acknowledges the batch.
    #[must_use]
    pub fn batch_id(&self) -> Option<&BatchId> {
        self.inner.layout.head.batch_id.get(&self.inner.line)
    }

    /// The subscription the events belong to.
    #[must_use]
    pub fn subscription_id(&self) -> Option<SubscriptionId> {
        self.inner.layout.head.subscription_id
    }

    /// The connection the batch was written to.
    #[must_use]
    pub fn connection_id(&self) -> Option<&ConnectionId> {
        self.inner.layout.head.connection_id.get(&self.inner.line)
    }

    /// The position after the batch.
    #[must_use]
    pub fn resume_token(&self) -> Option<&ResumeToken> {
        self.inner.layout.head.resume_token.get(&self.inner.line)
    }

    /// The text of [`batch_id`](Self::batch_id), of which nothing has to be made.
    pub(crate) fn batch_id_text(&self) -> Option<&str> {
        self.inner.layout.head.batch_id.text(&self.inner.line)
    }

    /// The text of [`response_id`](Self::response_id).
    pub(crate) fn response_id_text(&self) -> Option<&str> {
        self.inner.layout.head.response_id.text(&self.inner.line)
    }

    /// The text of [`resume_token`](Self::resume_token).
    pub(crate) fn token_text(&self) -> Option<&str> {
        self.inner.layout.head.resume_token.text(&self.inner.line)
    }

    /// The number of the batch on its connection, from 1.
    #[must_use]
    pub fn sequence(&self) -> Option<u64> {
        self.inner.layout.head.sequence
    }

    /// The place of the batch among the messages of its connection that move the position, from 1.
    #[must_use]
    pub fn step(&self) -> Option<u64> {
        self.inner.layout.head.step
    }

    /// How often these events were refused, if that is why they come again: they lie behind what
    /// came since, and move no position.
    #[must_use]
    pub fn redelivery(&self) -> Option<u64> {
        self.inner.layout.head.redelivery
    }

    /// The blocks that are done with this batch. Parsed at every call; `None` too when unreadable,
    /// as nothing depends on it.
    #[must_use]
    pub fn coverage(&self) -> Option<Coverage> {
        self.parse(self.inner.layout.head.coverage.as_ref()?)
    }

    /// When the service made the batch. Parsed at every call; `None` too when unreadable, as nothing
    /// depends on it.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.parse(self.inner.layout.head.timestamp.as_ref()?)
    }

    /// How many events the service says there are.
    #[must_use]
    pub fn declared_size(&self) -> Option<u64> {
        self.inner.layout.head.batch_size
    }

    /// How many events there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.inner.layout.spans.len()
    }

    /// True when there is no event.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.inner.layout.spans.is_empty()
    }

    /// The names of the events, in the order of the line.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let Inner { line, layout, .. } = &*self.inner;
        layout.names.iter().map(|group| group.name.text(line))
    }

    /// The names with their events, in the order of the line.
    pub fn groups(&self) -> impl Iterator<Item = (&str, Events)> {
        self.inner.layout.names.iter().map(|group| {
            let events = Events::range(self.clone(), group.events.clone());
            (group.name.text(&self.inner.line), events)
        })
    }

    /// All events in the order of the chain: ascending block number and log index.
    ///
    /// Events of one name are taken to be in order already, as the protocol demands. If an event
    /// lacks its block number or log index the order of the line is kept.
    #[must_use]
    pub fn events(&self) -> Events {
        Events::all(self.clone())
    }

    /// The events of one name, in the order of the line. Looks through the names: for all of them
    /// use [`groups`](Self::groups).
    #[must_use]
    pub fn events_named(&self, name: &str) -> Events {
        let range = self
            .inner
            .layout
            .names
            .iter()
            .find(|group| group.name.text(&self.inner.line) == name)
            .map_or(0..0, |group| group.events.clone());
        Events::range(self.clone(), range)
    }

    /// The whole line, without its end of line: every field, known or not.
    #[must_use]
    pub fn raw(&self) -> &Bytes {
        self.inner.line.as_bytes()
    }

    /// The positions of the first and the last event on the chain. `None` when the batch is empty
    /// or one of the events that decide has no position.
    #[must_use]
    pub fn extent(&self) -> Option<(LogPosition, LogPosition)> {
        let (first, last) = self.edges()?;
        Some((first.position, last.position))
    }

    /// The places of the first and the last event on the chain, from the ends of each name.
    pub(crate) fn edges(&self) -> Option<(Watermark, Watermark)> {
        let mut edges: Option<(Watermark, Watermark)> = None;
        for group in self
            .inner
            .layout
            .names
            .iter()
            .filter(|group| !group.events.is_empty())
        {
            let first = self.place_of(group.events.start)?;
            let last = match group.events.len() {
                1 => first,
                _ => self.place_of(group.events.end - 1)?,
            };
            edges = Some(match edges {
                None => (first, last),
                Some((low, high)) => (
                    if first.position < low.position {
                        first
                    } else {
                        low
                    },
                    if last.position > high.position {
                        last
                    } else {
                        high
                    },
                ),
            });
        }
        edges
    }

    /// The batch without the events up to `position`, which were delivered before.
    ///
    /// Events without a position are kept.
    ///
    /// ```
    /// # use bytes::Bytes;
    /// # use event_streamer_stream::{DecodeError, LogPosition, StreamMessage};
    /// # let line = Bytes::from_static(br#"{"type":"event_batch","batch_id":"batch_1","sequence":1,"batch_size":2,"events":{"Transfer":[{"value":"1","block_number":7,"log_index":0}],"Paused":[{"by":"0x01","block_number":8,"log_index":3}]}}"#);
    /// # let StreamMessage::EventBatch(batch) = StreamMessage::decode(line)? else { unreachable!() };
    /// let rest = batch.after(LogPosition::end_of(7));
    /// assert!(rest.names().eq(["Paused"]));
    /// # Ok::<(), DecodeError>(())
    /// ```
    #[must_use]
    pub fn after(&self, position: LogPosition) -> Self {
        let mut names = Names::new();
        let mut spans = Spans::new();
        for group in &self.inner.layout.names {
            let start = spans.len();
            for index in group.events.clone() {
                if self.position_of(index).is_none_or(|at| at > position) {
                    spans.extend(self.inner.layout.spans.get(index).cloned());
                }
            }
            if spans.len() > start {
                names.push(NameGroup {
                    name: group.name.clone(),
                    events: start..spans.len(),
                });
            }
        }
        let layout = Layout {
            head: self.inner.layout.head.clone(),
            names,
            spans,
            first: None,
        };
        Self::new(self.inner.line.clone(), self.inner.marks.clone(), layout)
    }

    pub(crate) fn event(&self, index: usize) -> DecodedEvent {
        DecodedEvent::new(self.clone(), index)
    }

    /// The name of an event; empty if there is no such event.
    pub(crate) fn name_of(&self, index: usize) -> &str {
        let names = &self.inner.layout.names;
        let group = names.partition_point(|group| group.events.end <= index);
        names
            .get(group)
            .map_or("", |group| group.name.text(&self.inner.line))
    }

    /// The events' indexes in the order of the chain, or `None` if the line has that order.
    pub(crate) fn chain_order(&self) -> Option<Arc<[usize]>> {
        self.inner
            .chain_order
            .get_or_init(|| self.sort_by_position())
            .clone()
    }

    fn sort_by_position(&self) -> Option<Arc<[usize]>> {
        if self.inner.layout.names.len() < 2 {
            return None;
        }
        let positions: Option<Vec<LogPosition>> =
            (0..self.len()).map(|i| self.position_of(i)).collect();
        let positions = positions?;
        if positions.is_sorted() {
            return None;
        }
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_by_key(|&index| positions.get(index).copied());
        Some(order.into())
    }

    fn place_of(&self, index: usize) -> Option<Watermark> {
        let (position, block_hash) = match &self.inner.layout.first {
            Some(first) if index == 0 => first.read(self.marked())?,
            _ => LogPosition::and_block_hash(self.marked(), self.span(index)?.start)?,
        };
        Some(Watermark {
            position,
            block_hash,
        })
    }

    fn position_of(&self, index: usize) -> Option<LogPosition> {
        LogPosition::of_event(self.marked(), self.span(index)?.start)
    }

    fn parse<T: DeserializeOwned>(&self, span: &Range<usize>) -> Option<T> {
        serde_json::from_str(self.inner.line.get(span.clone())?).ok()
    }

    /// The line, to walk over one of its events.
    #[inline]
    pub(crate) fn marked(&self) -> Marked<'_> {
        Marked::new(&self.inner.line, &self.inner.marks)
    }

    /// Where an event lies in the line.
    #[inline]
    pub(crate) fn span(&self, index: usize) -> Option<Range<usize>> {
        self.inner.layout.spans.get(index).cloned()
    }
}

impl fmt::Debug for Batch {
    /// Ids and counts; the events are payload and are left out, as is the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("batch_id", &self.batch_id())
            .field("sequence", &self.sequence())
            .field("names", &self.names().collect::<Vec<_>>())
            .field("events", &self.len())
            .field("bytes", &self.inner.line.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
