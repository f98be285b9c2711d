//! One decoded event, as the JSON text that the service sent.

mod reader;
mod value;

use std::fmt;
use std::ops::Range;

use event_streamer_models::{Address, B256, ChainId, EventId, Timestamp};
use serde::Deserialize;

use crate::batch::Batch;
use crate::error::{DecodeError, excerpt};
use crate::position::LogPosition;
use crate::scan::{Brackets, Marked, Scanner, Unreadable};

/// The name under which a log arrives that matched the filter and did not decode.
pub const UNDECODED: &str = "$undecoded";

/// One decoded event: the parameters, then the metadata, as JSON text.
///
/// Nothing is parsed before it is asked for, and numbers are read from their digits: a value of
/// 256 bits is never squeezed through a floating point number.
///
/// ```
/// # use bytes::Bytes;
/// # use event_streamer_stream::{DecodeError, StreamMessage};
/// # let line = Bytes::from_static(br#"{"type":"event_batch","events":{"Transfer":[{"value":"340282366920938463463374607431768211456","block_number":7,"log_index":3}]}}"#);
/// # let StreamMessage::EventBatch(batch) = StreamMessage::decode(line)? else { unreachable!() };
/// # let event = batch.events().into_iter().next().unwrap();
/// assert_eq!(event.name(), "Transfer");
/// assert_eq!(event.block_number(), Some(7));
///
/// #[derive(serde::Deserialize)]
/// struct Transfer<'a> {
///     value: &'a str,
/// }
/// let transfer: Transfer<'_> = event.deserialize()?;
/// assert_eq!(transfer.value, "340282366920938463463374607431768211456");
/// # Ok::<(), DecodeError>(())
/// ```
#[derive(Clone)]
pub struct DecodedEvent {
    batch: Batch,
    index: usize,
}

impl DecodedEvent {
    pub(crate) fn new(batch: Batch, index: usize) -> Self {
        Self { batch, index }
    }

    /// The event's name, such as `Transfer`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.batch.name_of(self.index)
    }

    /// True for a log that matched the filter and did not decode; see [`UNDECODED`].
    #[must_use]
    pub fn is_undecoded(&self) -> bool {
        self.name() == UNDECODED
    }

    /// The event's JSON object as it was sent.
    #[must_use]
    pub fn raw(&self) -> &str {
        let span = self.span();
        self.batch.marked().text.get(span).unwrap_or_default()
    }

    /// The event as a type of your own, which may borrow from it.
    ///
    /// ```
    /// # use bytes::Bytes;
    /// # use event_streamer_stream::{DecodeError, LogPosition, StreamMessage};
    /// # let line = Bytes::from_static(br#"{"type":"event_batch","batch_id":"batch_1","sequence":1,"batch_size":2,"events":{"Transfer":[{"value":"1","block_number":7,"log_index":0}],"Paused":[{"by":"0x01","block_number":8,"log_index":3}]}}"#);
    /// # let StreamMessage::EventBatch(batch) = StreamMessage::decode(line)? else { unreachable!() };
    /// #[derive(serde::Deserialize)]
    /// struct Paused<'a> {
    ///     by: &'a str,
    /// }
    /// for event in &batch.events_named("Paused") {
    ///     let paused: Paused<'_> = event.deserialize()?;
    ///     assert_eq!(paused.by, "0x01");
    /// }
    /// # Ok::<(), DecodeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when the event is of another shape.
    pub fn deserialize<'a, T: Deserialize<'a>>(&'a self) -> Result<T, DecodeError> {
        reader::read(self.batch.marked(), self.span()).map_err(|error| self.error(&error))
    }

    /// The event as a JSON value, its fields in the order they were sent.
    ///
    /// An integer that does not fit 64 bits becomes a string of its decimal digits, the form the
    /// protocol has for wide integers.
    ///
    /// ```
    /// # use bytes::Bytes;
    /// # use event_streamer_stream::{DecodeError, LogPosition, StreamMessage};
    /// # let line = Bytes::from_static(br#"{"type":"event_batch","batch_id":"batch_1","sequence":1,"batch_size":2,"events":{"Transfer":[{"value":"1","block_number":7,"log_index":0}],"Paused":[{"by":"0x01","block_number":8,"log_index":3}]}}"#);
    /// # let StreamMessage::EventBatch(batch) = StreamMessage::decode(line)? else { unreachable!() };
    /// for event in &batch.events_named("Transfer") {
    ///     assert_eq!(event.to_value()?["value"], "1");
    /// }
    /// # Ok::<(), DecodeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when the event nests deeper than 128 levels, or has a key twice in one object.
    pub fn to_value(&self) -> Result<serde_json::Value, DecodeError> {
        let start = self.span().start;
        value::read(self.batch.marked(), start)
            .map_err(|error| error.from(start).within(self.subject()))
    }

    /// One field of the event, `None` if it is absent or `null`. If it is there twice, the first counts.
    ///
    /// Costs a walk over the event: for more than a few fields use
    /// [`deserialize`](Self::deserialize).
    ///
    /// ```
    /// # use bytes::Bytes;
    /// # use event_streamer_stream::{DecodeError, LogPosition, StreamMessage};
    /// # let line = Bytes::from_static(br#"{"type":"event_batch","batch_id":"batch_1","sequence":1,"batch_size":2,"events":{"Transfer":[{"value":"1","block_number":7,"log_index":0}],"Paused":[{"by":"0x01","block_number":8,"log_index":3}]}}"#);
    /// # let StreamMessage::EventBatch(batch) = StreamMessage::decode(line)? else { unreachable!() };
    /// for event in &batch.events_named("Transfer") {
    ///     assert_eq!(event.field::<&str>("value")?, Some("1"));
    ///     assert_eq!(event.field::<&str>("memo")?, None);
    /// }
    /// # Ok::<(), DecodeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when the field is of another shape.
    pub fn field<'a, T: Deserialize<'a>>(&'a self, name: &str) -> Result<Option<T>, DecodeError> {
        let line = self.batch.marked();
        let start = self.span().start;
        find(line, start, name)
            .map_err(|error| error.from(start).within(self.subject()))?
            .map_or(Ok(None), |value| reader::read(line, value))
            .map_err(|error| DecodeError::json(format_args!("`{}`", excerpt(name)), &error))
    }

    /// The block of the log.
    #[must_use]
    pub fn block_number(&self) -> Option<u64> {
        self.field("block_number").ok().flatten()
    }

    /// The index of the log within its block.
    #[must_use]
    pub fn log_index(&self) -> Option<u32> {
        self.field("log_index").ok().flatten()
    }

    /// Where the log stands on the chain.
    #[must_use]
    pub fn position(&self) -> Option<LogPosition> {
        LogPosition::of_event(self.batch.marked(), self.span().start)
    }

    /// The hash of the transaction that made the log.
    #[must_use]
    pub fn transaction_hash(&self) -> Option<B256> {
        self.field("transaction_hash").ok().flatten()
    }

    /// The contract that made the log.
    #[must_use]
    pub fn address(&self) -> Option<Address> {
        self.field("address").ok().flatten()
    }

    /// The time of the block.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.field("timestamp").ok().flatten()
    }

    /// The hash of the block; sent with the feature `metadata`.
    #[must_use]
    pub fn block_hash(&self) -> Option<B256> {
        self.field("block_hash").ok().flatten()
    }

    /// The index of the transaction within its block; sent with the feature `metadata`.
    #[must_use]
    pub fn transaction_index(&self) -> Option<u64> {
        self.field("transaction_index").ok().flatten()
    }

    /// The chain; sent with the feature `metadata`.
    #[must_use]
    pub fn chain_id(&self) -> Option<ChainId> {
        self.field("chain_id").ok().flatten()
    }

    /// The key to recognise the event by, the same however often it is delivered; sent with the
    /// feature `metadata`.
    #[must_use]
    pub fn event_id(&self) -> Option<EventId> {
        self.field("event_id").ok().flatten()
    }

    /// Where the event lies in its line. A batch makes no event that it does not have.
    #[inline]
    fn span(&self) -> Range<usize> {
        self.batch.span(self.index).unwrap_or_default()
    }

    fn error(&self, error: &serde_json::Error) -> DecodeError {
        DecodeError::json(self.subject(), error)
    }

    fn subject(&self) -> String {
        format!("event `{}`", excerpt(self.name()))
    }
}

/// Two are equal if they have the same name and the same text.
impl PartialEq for DecodedEvent {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name() && self.raw() == other.raw()
    }
}

impl Eq for DecodedEvent {}

impl fmt::Debug for DecodedEvent {
    /// The name and the size; the rest is payload.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodedEvent")
            .field("name", &self.name())
            .field("bytes", &self.raw().len())
            .finish()
    }
}

/// Where the value of a field lies, in the object that starts at an offset of its line.
fn find(line: Marked<'_>, start: usize, name: &str) -> Result<Option<Range<usize>>, Unreadable> {
    let mut scanner = Scanner::new(line, start);
    let mut more = scanner.open(Brackets::Object)?;
    while more {
        let key = scanner.key()?;
        let value = scanner.value()?;
        if key.text(line.text).is_some_and(|key| key == name) {
            return Ok(Some(value));
        }
        more = scanner.more(Brackets::Object)?;
    }
    Ok(None)
}

#[cfg(test)]
mod tests;
