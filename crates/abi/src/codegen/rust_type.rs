//! Which type of Rust a type of the ABI is.

use crate::types::WordType;

/// Longest array that is one in Rust too: beyond, it is better off on the heap, and other crates
/// stop implementing their traits for it.
const LONGEST_ARRAY: u32 = 32;

/// A type as generated code names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RustType {
    /// The type of the field.
    pub(super) value: String,
    /// What reads it: an implementation of [`FromAbi`](crate::typed::FromAbi).
    pub(super) reader: String,
}

impl RustType {
    pub(super) fn of_word(word: WordType) -> Self {
        match word {
            WordType::Uint(bits) => Self::integer('u', "Uint", "U256", bits),
            WordType::Int(bits) => Self::integer('i', "Int", "I256", bits),
            WordType::Ufixed(_, decimals) => Self::with_point("Ufixed", "U256", decimals),
            WordType::Fixed(_, decimals) => Self::with_point("Fixed", "I256", decimals),
            WordType::Bool => Self::itself("bool"),
            WordType::Address => Self::itself("abi::Address"),
            WordType::FixedBytes(32) => Self::itself("abi::B256"),
            WordType::FixedBytes(length) => Self::fixed_bytes(length),
            WordType::Function => Self::fixed_bytes(24),
        }
    }

    /// A type that reads itself.
    pub(super) fn itself(name: &str) -> Self {
        Self {
            value: name.to_owned(),
            reader: name.to_owned(),
        }
    }

    /// The topic of a value that is not on the chain.
    pub(super) fn hash() -> Self {
        Self {
            value: "abi::B256".to_owned(),
            reader: "abi::Hash".to_owned(),
        }
    }

    pub(super) fn array(self) -> Self {
        Self {
            value: format!("Vec<{}>", self.value),
            reader: format!("abi::Array<{}>", self.reader),
        }
    }

    pub(super) fn fixed_array(self, length: u32) -> Self {
        let Self { value, reader } = self;
        if length <= LONGEST_ARRAY {
            Self {
                value: format!("[{value}; {length}]"),
                reader: format!("abi::FixedArray<{reader}, {length}>"),
            }
        } else {
            Self {
                value: format!("Vec<{value}>"),
                reader: format!("abi::LongArray<{reader}, {length}>"),
            }
        }
    }

    fn integer(sign: char, reader: &str, large: &str, bits: u16) -> Self {
        let reader = format!("abi::{reader}<{bits}>");
        let value = match bits {
            0..=128 => format!("{sign}{}", bits.next_power_of_two().max(8)),
            _ => format!("abi::{large}"),
        };
        Self { value, reader }
    }

    /// A number of any width times a power of ten.
    fn with_point(reader: &str, value: &str, decimals: u8) -> Self {
        Self {
            value: format!("abi::{value}"),
            reader: format!("abi::{reader}<{decimals}>"),
        }
    }

    fn fixed_bytes(length: u8) -> Self {
        Self {
            value: format!("[u8; {length}]"),
            reader: format!("abi::FixedBytes<{length}>"),
        }
    }
}
