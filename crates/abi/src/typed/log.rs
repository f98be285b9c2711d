//! The way through one log, field by field.

use event_streamer_models::B256;

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

    /// Reads every field, in order, from a log that has the right topics.
    ///
    /// # Errors
    /// If the data is not that of the event, or a field cannot hold its value.
    fn read(log: &mut LogReader<'_>) -> Result<Self, DecodeError>;

    /// Makes it of a log. `topics` has topic0 in front unless the event is anonymous.
    ///
    /// # Errors
    /// If the log is not one of this event, or a field cannot hold its value.
    fn from_log(topics: &[B256], data: &[u8]) -> Result<Self, DecodeError> {
        let topics = indexed_topics(topics, Self::TOPIC0, Self::INDEXED)?;
        let mut log = LogReader {
            topics: topics.iter(),
            reader: ValueReader(Reader::new(data, Strictness::Lenient)),
            head: 0,
        };
        Self::read(&mut log)
    }
}

/// Topics and data of a log, read one parameter after the other.
pub struct LogReader<'a> {
    topics: std::slice::Iter<'a, B256>,
    reader: ValueReader<'a>,
    head: usize,
}

impl LogReader<'_> {
    /// The next indexed parameter; `key` is for the error.
    ///
    /// # Errors
    /// If there are no more topics, or the Rust type cannot hold the value.
    pub fn topic<T: FromWord>(&mut self, key: &str) -> Result<T::Value, DecodeError> {
        // As many as `FromEvent::INDEXED` says are there; a wrong implementation reads zeros.
        let topic = self.topics.next().copied().unwrap_or_default();
        T::from_word(topic.as_bytes()).map_err(|error| error.in_parameter(key))
    }

    /// The next parameter in the data; `key` is for the error.
    ///
    /// # Errors
    /// If the data does not have it, or the Rust type cannot hold the value.
    pub fn data<T: FromAbi>(&mut self, key: &str) -> Result<T::Value, DecodeError> {
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

impl<'a> ValueReader<'a> {
    /// The fields of a tuple whose head is at `position`.
    ///
    /// # Errors
    /// If the tuple is dynamic and its offset points behind the data.
    pub fn tuple(
        &mut self,
        position: Position,
        dynamic: bool,
    ) -> Result<FieldReader<'_, 'a>, DecodeError> {
        let head = self.0.enter(position.0, dynamic)?;
        Ok(FieldReader {
            reader: self,
            head,
            nth: 0,
        })
    }

    pub(super) fn items<T: FromAbi>(&mut self, items: Items) -> Result<Vec<T::Value>, DecodeError> {
        // The data has room for so many, whatever it claims.
        let mut values = Vec::with_capacity(items.length);
        for nth in 0..items.length {
            let value = T::read(self, Position(items.head(nth)));
            values.push(value.map_err(|error| error.in_item(nth))?);
        }
        Ok(values)
    }
}

/// The components of a tuple, read one after the other.
pub struct FieldReader<'r, 'a> {
    reader: &'r mut ValueReader<'a>,
    head: Head,
    nth: usize,
}

impl FieldReader<'_, '_> {
    /// The next component; its name, empty if it has none, is for the error.
    ///
    /// # Errors
    /// If the data does not have it, or the Rust type cannot hold the value.
    pub fn next<T: FromAbi>(&mut self, name: &str) -> Result<T::Value, DecodeError> {
        let (position, nth) = (Position(self.head), self.nth);
        self.head.at += T::HEAD;
        self.nth += 1;
        let name = Some(name).filter(|name| !name.is_empty());
        T::read(self.reader, position).map_err(|error| error.in_field(nth, name))
    }
}
