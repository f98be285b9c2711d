//! Types whose values are one word, bytes, and strings.

use event_streamer_models::{Address, B256, HexBytes, I256, U256};

use super::json::fault;
use super::{FromAbi, FromWord, Json, Position, ValueReader};
use crate::decode::{DecodeError, DecodeErrorKind};

/// `uintN`, for N from 8 to 256: the smallest of `u8` to `u128` that holds it, or [`U256`].
pub enum Uint<const BITS: u16> {}

/// `intN`, for N from 8 to 256: the smallest of `i8` to `i128` that holds it, or [`I256`].
pub enum Int<const BITS: u16> {}

/// `ufixedMxN`: a number times ten to the power of N, as a [`U256`].
pub enum Ufixed<const DECIMALS: u8> {}

/// `fixedMxN`: a number times ten to the power of N, as an [`I256`].
pub enum Fixed<const DECIMALS: u8> {}

/// `bytesN`: an array of N bytes. `bytes32` is [`B256`], `function` is `FixedBytes<24>`.
pub enum FixedBytes<const LENGTH: usize> {}

/// An indexed string, bytes, array or tuple: of its value a log only has the hash.
pub enum Hash {}

/// A type of one word, given how the word becomes a value, and how its JSON does.
macro_rules! word {
    ($ty:ty => $value:ty, |$word:ident| $from:expr, |$json:ident| $parse:expr $(, [$($generics:tt)*])?) => {
        impl $(<$($generics)*>)? FromAbi for $ty {
            type Value = $value;
            const DYNAMIC: bool = false;
            const HEAD: usize = 32;

            #[inline]
            fn read(
                reader: &mut ValueReader<'_>,
                position: Position,
            ) -> Result<Self::Value, DecodeError> {
                Self::from_word(reader.0.word_at(position.0)?)
            }

            fn from_json($json: Json<'_>) -> Result<Self::Value, DecodeError> {
                $parse
            }
        }

        impl $(<$($generics)*>)? FromWord for $ty {
            #[inline]
            fn from_word($word: &[u8; 32]) -> Result<Self::Value, DecodeError> {
                $from
            }
        }
    };
}

word!(bool => bool, |word| Ok(halves(word) != [0, 0]), |json| json.parse());
word!(
    Address => Address,
    |word| Ok(word.last_chunk().map_or(Address::ZERO, |bytes| Address(*bytes))),
    |json| json.parse()
);
word!(B256 => B256, |word| Ok(B256(*word)), |json| json.parse());
word!(Hash => B256, |word| Ok(B256(*word)), |json| json.parse());
word!(
    FixedBytes<LENGTH> => [u8; LENGTH],
    |word| Ok(word.first_chunk().map_or([0; LENGTH], |bytes| *bytes)),
    |json| {
        let bytes: HexBytes = json.parse()?;
        let found = bytes.0.len();
        bytes.as_bytes().try_into().map_err(|_| fault(format!("{found} bytes, {LENGTH} expected")))
    },
    [const LENGTH: usize]
);
word!(
    Ufixed<DECIMALS> => U256,
    |word| Ok(U256::from_be_bytes(*word)),
    |json| without_point(&json.text()?, DECIMALS)?.parse().map_err(|_| no_number()),
    [const DECIMALS: u8]
);
word!(
    Fixed<DECIMALS> => I256,
    |word| Ok(I256::from_be_bytes(*word)),
    |json| without_point(&json.text()?, DECIMALS)?.parse().map_err(|_| no_number()),
    [const DECIMALS: u8]
);

/// Integers of these widths, held by an unsigned and a signed integer of the machine.
macro_rules! integers {
    ($($bits:literal)* => $unsigned:ty, $signed:ty) => {$(
        word!(Uint<$bits> => $unsigned, |word| {
            let [high, low] = halves(word);
            match <$unsigned>::try_from(low) {
                Ok(value) if high == 0 => Ok(value),
                _ => Err(too_large(&U256::from_be_bytes(*word), stringify!($unsigned))),
            }
        }, |json| Self::from_word(&json.parse::<U256>()?.to_be_bytes()));

        word!(Int<$bits> => $signed, |word| {
            match signed_half(word).map(<$signed>::try_from) {
                Some(Ok(value)) => Ok(value),
                _ => Err(too_large(&I256::from_be_bytes(*word), stringify!($signed))),
            }
        }, |json| Self::from_word(&json.parse::<I256>()?.to_be_bytes()));
    )*};
}

integers!(8 => u8, i8);
integers!(16 => u16, i16);
integers!(24 32 => u32, i32);
integers!(40 48 56 64 => u64, i64);
integers!(72 80 88 96 104 112 120 128 => u128, i128);

/// Integers of these widths, held whole.
macro_rules! large_integers {
    ($($bits:literal)*) => {$(
        word!(Uint<$bits> => U256, |word| Ok(U256::from_be_bytes(*word)), |json| json.parse());
        word!(Int<$bits> => I256, |word| Ok(I256::from_be_bytes(*word)), |json| json.parse());
    )*};
}

large_integers!(136 144 152 160 168 176 184 192 200 208 216 224 232 240 248 256);

/// The word as two numbers, the higher first.
#[inline]
fn halves(word: &[u8; 32]) -> [u128; 2] {
    let mut halves = [0; 2];
    for (half, bytes) in halves.iter_mut().zip(word.as_chunks::<16>().0) {
        *half = u128::from_be_bytes(*bytes);
    }
    halves
}

/// The word in two's complement, if 128 bits hold it.
#[inline]
fn signed_half(word: &[u8; 32]) -> Option<i128> {
    let [high, low] = halves(word).map(u128::cast_signed);
    (high == low >> 127).then_some(low)
}

#[cold]
fn too_large(number: &dyn std::fmt::Display, ty: &str) -> DecodeError {
    target(format!("{number} does not fit into {ty}"))
}

#[cold]
fn target(message: String) -> DecodeError {
    DecodeError::new(DecodeErrorKind::Target { message })
}

/// The digits of a number with so many behind its point.
fn without_point(text: &str, decimals: u8) -> Result<String, DecodeError> {
    if decimals == 0 {
        return Ok(text.to_owned());
    }
    match text.split_once('.') {
        Some((whole, part)) if part.len() == usize::from(decimals) => Ok(format!("{whole}{part}")),
        _ => Err(no_number()),
    }
}

#[cold]
fn no_number() -> DecodeError {
    fault("it is not a number with so many decimals as its type has")
}

/// `bytes`
impl FromAbi for HexBytes {
    type Value = Self;
    const DYNAMIC: bool = true;
    const HEAD: usize = 32;

    fn read(reader: &mut ValueReader<'_>, position: Position) -> Result<Self, DecodeError> {
        reader.0.tail(position.0).map(Self::from)
    }

    fn from_json(json: Json<'_>) -> Result<Self, DecodeError> {
        json.parse()
    }
}

/// `string`
impl FromAbi for String {
    type Value = Self;
    const DYNAMIC: bool = true;
    const HEAD: usize = 32;

    fn read(reader: &mut ValueReader<'_>, position: Position) -> Result<Self, DecodeError> {
        let bytes = reader.0.tail(position.0)?;
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(_) => Err(not_utf8()),
        }
    }

    fn from_json(json: Json<'_>) -> Result<Self, DecodeError> {
        // The stream has the bytes of such a string in an object.
        if json.is_string() {
            json.text().map(Into::into)
        } else {
            Err(not_utf8())
        }
    }
}

#[cold]
fn not_utf8() -> DecodeError {
    target("the string is not UTF-8".to_owned())
}
