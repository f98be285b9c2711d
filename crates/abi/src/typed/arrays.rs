//! Arrays.

use std::marker::PhantomData;

use super::{FromAbi, Json, Position, ValueReader};
use crate::decode::{DecodeError, DecodeErrorKind};

/// `T[]`
pub struct Array<T>(PhantomData<T>);

/// `T[LENGTH]`, as an array of Rust.
pub struct FixedArray<T, const LENGTH: usize>(PhantomData<T>);

/// `T[LENGTH]` for so many elements that they are better off on the heap.
pub struct LongArray<T, const LENGTH: usize>(PhantomData<T>);

impl<T: FromAbi> FromAbi for Array<T> {
    type Value = Vec<T::Value>;
    const DYNAMIC: bool = true;
    const HEAD: usize = 32;

    fn read(
        reader: &mut ValueReader<'_>,
        position: Position,
    ) -> Result<Vec<T::Value>, DecodeError> {
        let items = reader.0.array(T::HEAD, position.0)?;
        reader.items::<T>(items)
    }

    fn from_json(json: Json<'_>) -> Result<Vec<T::Value>, DecodeError> {
        json.items::<T>()
    }
}

impl<T: FromAbi, const LENGTH: usize> FromAbi for LongArray<T, LENGTH> {
    type Value = Vec<T::Value>;
    const DYNAMIC: bool = T::DYNAMIC;
    const HEAD: usize = if T::DYNAMIC { 32 } else { LENGTH * T::HEAD };

    fn read(
        reader: &mut ValueReader<'_>,
        position: Position,
    ) -> Result<Vec<T::Value>, DecodeError> {
        let items = reader
            .0
            .fixed_array(T::HEAD, LENGTH, T::DYNAMIC, position.0)?;
        reader.items::<T>(items)
    }

    fn from_json(json: Json<'_>) -> Result<Vec<T::Value>, DecodeError> {
        let values = json.items::<T>()?;
        if values.len() == LENGTH {
            Ok(values)
        } else {
            Err(wrong_length(values.len(), LENGTH))
        }
    }
}

impl<T: FromAbi, const LENGTH: usize> FromAbi for FixedArray<T, LENGTH> {
    type Value = [T::Value; LENGTH];
    const DYNAMIC: bool = T::DYNAMIC;
    const HEAD: usize = LongArray::<T, LENGTH>::HEAD;

    fn read(
        reader: &mut ValueReader<'_>,
        position: Position,
    ) -> Result<[T::Value; LENGTH], DecodeError> {
        as_array(LongArray::<T, LENGTH>::read(reader, position)?)
    }

    fn from_json(json: Json<'_>) -> Result<[T::Value; LENGTH], DecodeError> {
        as_array(LongArray::<T, LENGTH>::from_json(json)?)
    }
}

/// There are as many as were asked for.
fn as_array<T, const LENGTH: usize>(values: Vec<T>) -> Result<[T; LENGTH], DecodeError> {
    values
        .try_into()
        .map_err(|values: Vec<_>| wrong_length(values.len(), LENGTH))
}

#[cold]
fn wrong_length(found: usize, expected: usize) -> DecodeError {
    let message = format!("{found} elements, {expected} expected");
    DecodeError::new(DecodeErrorKind::Target { message })
}
