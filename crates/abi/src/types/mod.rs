//! Solidity's types as the ABI knows them.

mod elementary;
mod layout;
mod parse;
#[cfg(test)]
mod tests;

use std::fmt;

pub(crate) use layout::Layout;
pub(crate) use parse::parse_type;

/// A type of the ABI, every bound checked.
///
/// Aliases are gone (`uint` is `Uint(256)`), so that [`fmt::Display`] gives the canonical name that
/// is hashed into topic0 and selectors.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum AbiType {
    /// Everything that takes exactly one word.
    Word(WordType),
    Bytes,
    String,
    /// `T[]`
    Array(Box<AbiType>),
    /// `T[n]`, `n` at least 1.
    FixedArray(Box<AbiType>, u32),
    /// At least one field.
    Tuple(Vec<TupleField>),
}

/// A type whose values are one word of 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum WordType {
    /// `uintN`: the width in bits.
    Uint(u16),
    /// `intN`: the width in bits.
    Int(u16),
    /// `ufixedMxN`: width in bits and decimals.
    Ufixed(u16, u8),
    /// `fixedMxN`: width in bits and decimals.
    Fixed(u16, u8),
    Bool,
    Address,
    /// `bytesN`: the length in bytes, 1 to 32.
    FixedBytes(u8),
    /// An external function: its contract's address and its selector, 24 bytes.
    Function,
}

/// One component of a tuple.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct TupleField {
    /// `None` if it has none; never empty.
    pub(crate) name: Option<String>,
    pub(crate) ty: AbiType,
}

impl fmt::Display for WordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uint(bits) => write!(f, "uint{bits}"),
            Self::Int(bits) => write!(f, "int{bits}"),
            Self::Ufixed(bits, decimals) => write!(f, "ufixed{bits}x{decimals}"),
            Self::Fixed(bits, decimals) => write!(f, "fixed{bits}x{decimals}"),
            Self::Bool => f.write_str("bool"),
            Self::Address => f.write_str("address"),
            Self::FixedBytes(length) => write!(f, "bytes{length}"),
            Self::Function => f.write_str("function"),
        }
    }
}

impl fmt::Display for AbiType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => word.fmt(f),
            Self::Bytes => f.write_str("bytes"),
            Self::String => f.write_str("string"),
            Self::Array(element) => write!(f, "{element}[]"),
            Self::FixedArray(element, length) => write!(f, "{element}[{length}]"),
            Self::Tuple(fields) => {
                f.write_str("(")?;
                for (nth, field) in fields.iter().enumerate() {
                    if nth > 0 {
                        f.write_str(",")?;
                    }
                    field.ty.fmt(f)?;
                }
                f.write_str(")")
            }
        }
    }
}
