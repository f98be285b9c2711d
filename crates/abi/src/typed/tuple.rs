//! Tuples as structs of their own.

use super::json::JsonTuple;
use super::{FromAbi, Json, Position, ValueReader};
use crate::decode::{DecodeError, Head};

/// A struct that is made of the values of one tuple.
///
/// Implementations are best [generated](crate::codegen).
pub trait FromTuple: Sized {
    /// Whether a value lies in the tail, and the head only says where.
    const DYNAMIC: bool;

    /// Bytes in the head of what encloses it, a multiple of 32.
    const HEAD: usize;

    /// Reads every component, in order.
    ///
    /// # Errors
    /// If one is not there, or the Rust type cannot hold the value.
    fn read<R: TupleReader>(fields: &mut R) -> Result<Self, DecodeError>;
}

/// Where the components of a tuple are read from, one after the other.
pub trait TupleReader {
    /// The next component; its name, empty if it has none, is its key in the JSON, and for the error.
    ///
    /// # Errors
    /// If it is not there, or the Rust type cannot hold the value.
    fn next<T: FromAbi>(&mut self, name: &str) -> Result<T::Value, DecodeError>;
}

impl<T: FromTuple> FromAbi for T {
    type Value = Self;
    const DYNAMIC: bool = <T as FromTuple>::DYNAMIC;
    const HEAD: usize = <T as FromTuple>::HEAD;

    fn read(reader: &mut ValueReader<'_>, position: Position) -> Result<Self, DecodeError> {
        let head = reader.0.enter(position.0, <T as FromTuple>::DYNAMIC)?;
        <T as FromTuple>::read(&mut Components {
            reader,
            head,
            nth: 0,
        })
    }

    fn from_json(json: Json<'_>) -> Result<Self, DecodeError> {
        let mut fields = JsonTuple::parse(json)?;
        let read = <T as FromTuple>::read(&mut fields)?;
        fields.finish()?;
        Ok(read)
    }
}

/// The components of a tuple in the data of a log.
struct Components<'r, 'a> {
    reader: &'r mut ValueReader<'a>,
    head: Head,
    nth: usize,
}

impl TupleReader for Components<'_, '_> {
    fn next<T: FromAbi>(&mut self, name: &str) -> Result<T::Value, DecodeError> {
        let (position, nth) = (Position(self.head), self.nth);
        self.head.at += T::HEAD;
        self.nth += 1;
        T::read(self.reader, position).map_err(|error| in_component(error, nth, name))
    }
}

pub(super) fn in_component(error: DecodeError, nth: usize, name: &str) -> DecodeError {
    error.in_field(nth, Some(name).filter(|name| !name.is_empty()))
}
