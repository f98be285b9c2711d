//! The way through one event, field by field, and through a log.

use event_streamer_models::B256;

use super::json::JsonEvent;
use super::{FromAbi, FromWord};
use crate::decode::{DecodeError, Head, Items, Reader, Strictness, indexed_topics};

/// A struct that is made of the logs of one event.
///
/// Implementations are best [generated](crate::codegen).
pub trait FromEvent: Sized {
    /// The event as one would write it in Solidity; [`parse_event_signature`] reads it.
    ///
    /// [`parse_event_signature`]: crate::parse_event_signature
    const DECLARATION: &'static str;

    /// The canonical signature: `Transfer(address,address,uint256)`.
    const SIGNATURE: &'static str;

    /// The first topic of its logs: the hash of the signature; `None` if the event is anonymous.
    const TOPIC0: Option<B256>;

    /// How many parameters are topics; topic0 is not counted.
    const INDEXED: usize;

    /// Reads every field, in order.
    ///
    /// # Errors
    /// If what is read is not of the event, or a field cannot hold its value.
    fn read<R: EventReader>(event: &mut R) -> Result<Self, DecodeError>;

    /// Makes it of a log. `topics` has topic0 in front unless the event is anonymous.
    ///
    /// # Errors
    /// If the log is not one of this event, or a field cannot hold its value.
    #[inline]
    fn from_log(topics: &[B256], data: &[u8]) -> Result<Self, DecodeError> {
        let topics = indexed_topics(topics, Self::TOPIC0, Self::INDEXED)?;
        let mut log = LogReader {
            topics: topics.iter(),
            reader: ValueReader(Reader::new(data, Strictness::Lenient)),
            head: 0,
        };
        Self::read(&mut log)
    }

    /// Makes it of the JSON of a decoded event, as the stream delivers it: the parameters by their
    /// keys, and the metadata, which is passed over.
    ///
    /// # Errors
    /// If the JSON is not that of the event: a parameter is not there, another is, or one is of
    /// another type; or if a field cannot hold its value.
    fn from_json(json: &str) -> Result<Self, DecodeError> {
        let mut event = JsonEvent::parse(json)?;
        let read = Self::read(&mut event)?;
        event.finish()?;
        Ok(read)
    }
}

/// Where the parameters of an event are read from, one after the other.
pub trait EventReader {
    /// The next indexed parameter; `key` is its key in the JSON, and for the error.
    ///
    /// # Errors
    /// If it is not there, or the Rust type cannot hold the value.
    fn topic<T: FromWord>(&mut self, key: &str) -> Result<T::Value, DecodeError>;

    /// The next parameter in the data; `key` is its key in the JSON, and for the error.
    ///
    /// # Errors
    /// If it is not there, or the Rust type cannot hold the value.
    fn data<T: FromAbi>(&mut self, key: &str) -> Result<T::Value, DecodeError>;
}

/// Topics and data of a log, read one parameter after the other.
pub struct LogReader<'a> {
    topics: std::slice::Iter<'a, B256>,
    reader: ValueReader<'a>,
    head: usize,
}

impl EventReader for LogReader<'_> {
    #[inline]
    fn topic<T: FromWord>(&mut self, key: &str) -> Result<T::Value, DecodeError> {
        // As many as `FromEvent::INDEXED` says are there; a wrong implementation reads zeros.
        let topic = self.topics.next().map_or(&[0; 32], B256::as_bytes);
        T::from_word(topic).map_err(|error| error.in_parameter(key))
    }

    #[inline]
    fn data<T: FromAbi>(&mut self, key: &str) -> Result<T::Value, DecodeError> {
        let position = Position(Head {
            base: 0,
            at: self.head,
        });
        self.head += T::HEAD;
        T::read(&mut self.reader, position).map_err(|error| error.in_parameter(key))
    }
}

/// Where the head of a value stands.
#[derive(Clone, Copy)]
pub struct Position(pub(super) Head);

/// The data of a log: every position checked, every visit counted.
pub struct ValueReader<'a>(pub(super) Reader<'a>);

impl ValueReader<'_> {
    pub(super) fn items<T: FromAbi>(&mut self, items: Items) -> Result<Vec<T::Value>, DecodeError> {
        let mut values = Vec::with_capacity(items.room());
        for nth in 0..items.length {
            let value = T::read(self, Position(items.head(nth)));
            values.push(value.map_err(|error| error.in_item(nth))?);
        }
        Ok(values)
    }
}
