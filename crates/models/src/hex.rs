//! Bytes as `0x` hex text: addresses, 32-byte words, byte strings, blooms.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

/// What is wrong with a hex text.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{text:?} is not {expected}: {fault}")]
pub struct HexError {
    text: String,
    expected: String,
    fault: String,
}

const EXCERPT: usize = 80;
const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// The beginning of a text, for messages.
fn excerpt(text: &str) -> String {
    if text.chars().count() <= EXCERPT {
        return text.to_owned();
    }
    text.chars().take(EXCERPT).chain(['…']).collect()
}

/// Appends the lower-case digits of `bytes`, without `0x`.
pub fn write_hex(bytes: &[u8], out: &mut Vec<u8>) {
    out.reserve(bytes.len() * 2);
    for byte in bytes {
        out.push(DIGITS[usize::from(byte >> 4)]);
        out.push(DIGITS[usize::from(byte & 15)]);
    }
}

fn to_text(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(2 + bytes.len() * 2);
    out.extend_from_slice(b"0x");
    write_hex(bytes, &mut out);
    // Only ASCII digits were written.
    String::from_utf8(out).unwrap_or_default()
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// The digits behind `0x`, in pairs.
fn decode_into(text: &str, out: &mut [u8]) -> Result<(), String> {
    let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) else {
        return Err("it does not begin with 0x".to_owned());
    };
    if digits.len() != out.len() * 2 {
        return Err(format!(
            "it has {} digits, not {}",
            digits.chars().count(),
            out.len() * 2
        ));
    }
    for (byte, pair) in out.iter_mut().zip(digits.as_bytes().as_chunks::<2>().0) {
        match (digit(pair[0]), digit(pair[1])) {
            (Some(high), Some(low)) => *byte = high << 4 | low,
            _ => return Err("it has a character that is not a hex digit".to_owned()),
        }
    }
    Ok(())
}

struct HexVisitor<T>(&'static str, std::marker::PhantomData<T>);

impl<T: FromStr<Err = HexError>> de::Visitor<'_> for HexVisitor<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

macro_rules! hex_text {
    ($name:ident, $expected:expr) => {
        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.pad(&to_text(self.as_bytes()))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&to_text(self.as_bytes()))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&to_text(self.as_bytes()))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(HexVisitor($expected, std::marker::PhantomData))
            }
        }
    };
}

macro_rules! fixed_bytes {
    ($(#[$doc:meta])* $name:ident, $size:literal, $expected:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $size]);

        impl $name {
            /// All bytes zero.
            pub const ZERO: Self = Self([0; $size]);

            /// From its bytes.
            pub const fn new(bytes: [u8; $size]) -> Self {
                Self(bytes)
            }

            /// The bytes.
            pub const fn as_bytes(&self) -> &[u8; $size] {
                &self.0
            }

            /// Whether every byte is zero.
            pub fn is_zero(&self) -> bool {
                self.0.iter().all(|byte| *byte == 0)
            }

            /// From a slice of exactly this many bytes.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::ZERO
            }
        }

        impl From<[u8; $size]> for $name {
            fn from(bytes: [u8; $size]) -> Self {
                Self(bytes)
            }
        }

        impl AsRef<[u8]> for $name {
            fn as_ref(&self) -> &[u8] {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = HexError;

            fn from_str(text: &str) -> Result<Self, HexError> {
                let mut bytes = [0; $size];
                decode_into(text, &mut bytes).map_err(|fault| HexError {
                    text: excerpt(text),
                    expected: $expected.to_owned(),
                    fault,
                })?;
                Ok(Self(bytes))
            }
        }

        hex_text!($name, $expected);
    };
}

fixed_bytes!(
    /// The 20-byte address of an account or contract. Text: `0x` and 40 digits, written lower
    /// case, read in any case; the EIP-55 checksum is not enforced.
    ///
    /// ```
    /// use event_streamer_models::Address;
    /// let address: Address = "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2".parse()?;
    /// assert_eq!(address.to_string(), "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2");
    /// # Ok::<(), event_streamer_models::HexError>(())
    /// ```
    Address, 20, "an address (0x and 40 hex digits)"
);
fixed_bytes!(
    /// 32 bytes: a block hash, a transaction hash, a topic. Text: `0x` and 64 digits.
    B256, 32, "32 bytes (0x and 64 hex digits)"
);
fixed_bytes!(
    /// The 2,048-bit bloom filter over the addresses and topics of a block's logs
    /// (Ethereum yellow paper, section 4.3.1).
    LogsBloom, 256, "a logs bloom (0x and 512 hex digits)"
);

impl LogsBloom {
    /// Whether what hashes (keccak-256) to `hash` may be in the filter. `false` is certain.
    pub fn contains_hash(&self, hash: &B256) -> bool {
        bloom_bits(hash).all(|(byte, mask)| self.0[byte] & mask != 0)
    }

    /// Adds what hashes (keccak-256) to `hash`.
    pub fn insert_hash(&mut self, hash: &B256) {
        for (byte, mask) in bloom_bits(hash) {
            self.0[byte] |= mask;
        }
    }
}

/// The three bits of a hash: the low 11 bits of its first three 16-bit words.
fn bloom_bits(hash: &B256) -> impl Iterator<Item = (usize, u8)> + use<> {
    let bytes = *hash.as_bytes();
    (0..3).map(move |word| {
        let bit = usize::from(u16::from_be_bytes([bytes[2 * word], bytes[2 * word + 1]]) & 0x7ff);
        (255 - bit / 8, 1 << (bit % 8))
    })
}

/// Any number of bytes as `0x` hex text, the data of a log for example.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HexBytes(pub Vec<u8>);

impl HexBytes {
    /// From its bytes.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, taken out.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// How many bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<u8>> for HexBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl AsRef<[u8]> for HexBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl FromStr for HexBytes {
    type Err = HexError;

    fn from_str(text: &str) -> Result<Self, HexError> {
        let digits = text.len().saturating_sub(2);
        let mut bytes = vec![0; digits / 2];
        let result = if digits.is_multiple_of(2) {
            decode_into(text, &mut bytes)
        } else {
            Err("it has an odd number of digits".to_owned())
        };
        result.map_err(|fault| HexError {
            text: excerpt(text),
            expected: "bytes (0x and an even number of hex digits)".to_owned(),
            fault,
        })?;
        Ok(Self(bytes))
    }
}

hex_text!(HexBytes, "bytes (0x and an even number of hex digits)");

#[cfg(test)]
mod tests;
