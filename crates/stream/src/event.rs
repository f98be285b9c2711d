//! One decoded event, as the JSON text that the service sent.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use event_streamer_models::{Address, B256, ChainId, EventId, Timestamp};
use serde::Deserialize;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};

use crate::error::{DecodeError, excerpt};
use crate::position::LogPosition;
use crate::wide_integers;

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
#[derive(Clone, PartialEq, Eq)]
pub struct DecodedEvent {
    name: Arc<str>,
    json: Bytes,
}

impl DecodedEvent {
    /// `json` was read by serde_json as a raw value, so it is one JSON object in UTF-8.
    pub(crate) fn new(name: Arc<str>, json: Bytes) -> Self {
        Self { name, json }
    }

    /// The event's name, such as `Transfer`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// True for a log that matched the filter and did not decode; see [`UNDECODED`].
    #[must_use]
    pub fn is_undecoded(&self) -> bool {
        &*self.name == UNDECODED
    }

    /// The event's JSON object as it was sent.
    #[must_use]
    pub fn raw(&self) -> &str {
        // Checked when the line was read; see `new`.
        std::str::from_utf8(&self.json).unwrap_or_default()
    }

    /// The event as a type of your own, which may borrow from it.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when the event is of another shape.
    pub fn deserialize<'a, T: Deserialize<'a>>(&'a self) -> Result<T, DecodeError> {
        serde_json::from_slice(&self.json).map_err(|error| self.error(&error))
    }

    /// The event as a JSON value, its fields in the order they were sent.
    ///
    /// An integer that does not fit 64 bits becomes a string of its decimal digits, the form the
    /// protocol has for wide integers.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when the event nests deeper than 128 levels.
    pub fn to_value(&self) -> Result<serde_json::Value, DecodeError> {
        let json = wide_integers::quote(&self.json);
        serde_json::from_slice(&json).map_err(|error| self.error(&error))
    }

    /// One field of the event, `None` if it is absent or `null`.
    ///
    /// Costs a walk over the event: for more than a few fields use
    /// [`deserialize`](Self::deserialize).
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when the field is of another shape.
    pub fn field<'a, T: Deserialize<'a>>(&'a self, name: &str) -> Result<Option<T>, DecodeError> {
        let mut json = serde_json::Deserializer::from_slice(&self.json);
        let seed = Field {
            name,
            value: std::marker::PhantomData,
        };
        seed.deserialize(&mut json)
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
        LogPosition::of_event(&self.json)
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

    fn error(&self, error: &serde_json::Error) -> DecodeError {
        DecodeError::json(format_args!("event `{}`", excerpt(&self.name)), error)
    }
}

impl fmt::Debug for DecodedEvent {
    /// The name and the size; the rest is payload.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodedEvent")
            .field("name", &self.name)
            .field("bytes", &self.json.len())
            .finish()
    }
}

/// Picks one field of an object, walking over the others.
struct Field<'n, T> {
    name: &'n str,
    value: std::marker::PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Field<'_, T> {
    type Value = Option<T>;

    fn deserialize<D: serde::Deserializer<'de>>(self, input: D) -> Result<Option<T>, D::Error> {
        input.deserialize_map(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Field<'_, T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<T>, A::Error> {
        let mut found = None;
        while let Some(hit) = map.next_key_seed(KeyIs(self.name))? {
            if hit && found.is_none() {
                found = map.next_value()?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

/// Whether a key is the one wanted, without a copy of it.
struct KeyIs<'n>(&'n str);

impl<'de> DeserializeSeed<'de> for KeyIs<'_> {
    type Value = bool;

    fn deserialize<D: serde::Deserializer<'de>>(self, input: D) -> Result<bool, D::Error> {
        input.deserialize_str(self)
    }
}

impl Visitor<'_> for KeyIs<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    fn visit_str<E>(self, key: &str) -> Result<bool, E> {
        Ok(key == self.0)
    }
}

#[cfg(test)]
mod tests;
