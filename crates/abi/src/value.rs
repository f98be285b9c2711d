//! Values of ABI types, owned.

#[cfg(test)]
mod tests;

use event_streamer_models::{Address, B256, HexBytes, I256, U256};

/// A value of any ABI type.
///
/// It has neither the names of tuple components nor the width of integers: those belong to the type.
/// What comes out of a decoder goes into an encoder again and gives the same bytes.
///
/// ```
/// use event_streamer_abi::AbiValue;
/// use event_streamer_models::U256;
///
/// let orders = AbiValue::Array(vec![AbiValue::Tuple(vec![7_u64.into(), "seven".into()])]);
/// let AbiValue::Array(items) = &orders else { unreachable!() };
/// let AbiValue::Tuple(fields) = &items[0] else { unreachable!() };
/// assert_eq!(fields[0].as_uint(), Some(U256::from(7_u64)));
/// assert_eq!(fields[1].as_str(), Some("seven"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum AbiValue {
    /// `uintN`. Of `ufixedMxN` the number times 10^N.
    Uint(U256),
    /// `intN`. Of `fixedMxN` the number times 10^N.
    Int(I256),
    /// `bool`
    Bool(bool),
    /// `address`
    Address(Address),
    /// `bytesN`: N bytes.
    FixedBytes(HexBytes),
    /// `function`: the address of its contract and its selector.
    Function([u8; 24]),
    /// `bytes`
    Bytes(HexBytes),
    /// `string`
    String(String),
    /// The bytes of a `string` that are not UTF-8.
    InvalidString(HexBytes),
    /// `T[]` and `T[n]`
    Array(Vec<AbiValue>),
    /// The components of a tuple in order.
    Tuple(Vec<AbiValue>),
    /// What a log has of an indexed string, bytes, array or tuple: the hash of the value, which is
    /// not on the chain.
    Hash(B256),
}

impl AbiValue {
    /// The number, if it is unsigned.
    #[must_use]
    pub fn as_uint(&self) -> Option<U256> {
        match self {
            Self::Uint(value) => Some(*value),
            _ => None,
        }
    }

    /// The number, if it is signed.
    #[must_use]
    pub fn as_int(&self) -> Option<I256> {
        match self {
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The address, if it is one.
    #[must_use]
    pub fn as_address(&self) -> Option<Address> {
        match self {
            Self::Address(value) => Some(*value),
            _ => None,
        }
    }

    /// The bytes of `bytes`, `bytesN` and a string, whether UTF-8 or not.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::FixedBytes(bytes) | Self::Bytes(bytes) | Self::InvalidString(bytes) => {
                Some(bytes.as_bytes())
            }
            Self::String(text) => Some(text.as_bytes()),
            _ => None,
        }
    }

    /// The text, if it is a string and UTF-8.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The elements of an array, or the components of a tuple.
    #[must_use]
    pub fn as_slice(&self) -> Option<&[AbiValue]> {
        match self {
            Self::Array(items) | Self::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// What it is, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Uint(_) => "an unsigned integer",
            Self::Int(_) => "a signed integer",
            Self::Bool(_) => "a bool",
            Self::Address(_) => "an address",
            Self::FixedBytes(_) => "fixed bytes",
            Self::Function(_) => "a function",
            Self::Bytes(_) => "bytes",
            Self::String(_) | Self::InvalidString(_) => "a string",
            Self::Array(_) => "an array",
            Self::Tuple(_) => "a tuple",
            Self::Hash(_) => "a hash",
        }
    }
}

/// `impl From<$from> for AbiValue`
macro_rules! from {
    ($($from:ty => $make:expr;)*) => {$(
        impl From<$from> for AbiValue {
            fn from(value: $from) -> Self {
                $make(value)
            }
        }
    )*};
}

from! {
    U256 => Self::Uint;
    u64 => |value: u64| Self::Uint(value.into());
    I256 => Self::Int;
    i64 => |value: i64| Self::Int(value.into());
    bool => Self::Bool;
    Address => Self::Address;
    String => Self::String;
    &str => |value: &str| Self::String(value.to_owned());
    Vec<AbiValue> => Self::Array;
}
