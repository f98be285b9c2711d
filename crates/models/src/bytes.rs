//! Addresses, hashes and byte strings.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{ParseError, hex};

/// Everything a fixed number of bytes with a hex form needs, except `Debug`.
macro_rules! fixed_bytes {
    ($name:ident, $length:literal, $expected:literal) => {
        impl $name {
            /// All bytes zero.
            pub const ZERO: Self = Self([0; $length]);

            /// The bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; $length] {
                &self.0
            }

            /// The hex text in a buffer on the stack: no allocation for a value that is written
            /// some hundred thousand times a second.
            fn with_text<T>(&self, then: impl FnOnce(&str) -> T) -> Option<T> {
                let mut text = [0; 2 + 2 * $length];
                text[..2].copy_from_slice(b"0x");
                $crate::hex::encode_to_slice(&self.0, &mut text[2..]);
                std::str::from_utf8(&text).ok().map(then)
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::ZERO
            }
        }

        impl From<[u8; $length]> for $name {
            fn from(bytes: [u8; $length]) -> Self {
                Self(bytes)
            }
        }

        impl From<$name> for [u8; $length] {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = $crate::ParseError;

            fn try_from(bytes: &[u8]) -> Result<Self, Self::Error> {
                let kind = $crate::ParseErrorKind::ByteCount { bytes: bytes.len() };
                bytes
                    .try_into()
                    .map(Self)
                    .map_err(|_| $crate::ParseError::new(kind, $expected, ""))
            }
        }

        impl AsRef<[u8]> for $name {
            fn as_ref(&self) -> &[u8] {
                &self.0
            }
        }

        /// `0x` and lower-case digits.
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.with_text(|text| f.pad(text))
                    .unwrap_or(Err(std::fmt::Error))
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::ParseError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::hex::decode_array(text, $expected).map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.with_text(|text| serializer.serialize_str(text))
                    .unwrap_or_else(|| Err(serde::ser::Error::custom("hex digits are not text")))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::text::deserialize(deserializer, $expected)
            }
        }
    };
}
pub(crate) use fixed_bytes;

/// The address of an account or contract: 20 bytes.
///
/// Written as `0x` and 40 lower-case digits, read in any case; the EIP-55 checksum that mixed case
/// may carry is not enforced.
///
/// ```
/// use event_streamer_models::Address;
///
/// let address: Address = "0xA0b86a33E6417b3c4555ba476F04245600306D5D".parse()?;
/// assert_eq!(address.to_string(), "0xa0b86a33e6417b3c4555ba476f04245600306d5d");
/// # Ok::<(), event_streamer_models::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(pub [u8; 20]);

fixed_bytes!(Address, 20, "an address (0x and 40 hex digits)");

/// 32 bytes: the hash of a block or transaction, or a topic of a log.
///
/// ```
/// use event_streamer_models::B256;
///
/// let hash = B256([0xab; 32]);
/// assert_eq!(hash.to_string(), format!("0x{}", "ab".repeat(32)));
/// assert_eq!(hash.to_string().parse(), Ok(hash));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct B256(pub [u8; 32]);

fixed_bytes!(B256, 32, "32 bytes (0x and 64 hex digits)");

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for B256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Bytes of any number, written as `0x` and lower-case digits; the `data` of a log.
///
/// ```
/// use event_streamer_models::HexBytes;
///
/// let bytes: HexBytes = serde_json::from_str(r#""0xDEAD""#)?;
/// assert_eq!(bytes.as_ref(), [0xde, 0xad]);
/// assert_eq!(serde_json::to_string(&bytes)?, r#""0xdead""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HexBytes(pub Vec<u8>);

impl HexBytes {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// How many bytes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<u8>> for HexBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<&[u8]> for HexBytes {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}

impl AsRef<[u8]> for HexBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for HexBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&hex::encode(&self.0))
    }
}

/// The number of bytes, not the bytes: log data does not belong into log files.
impl fmt::Debug for HexBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HexBytes({} bytes)", self.0.len())
    }
}

impl FromStr for HexBytes {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        hex::decode(text).map(Self)
    }
}

impl Serialize for HexBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for HexBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::deserialize(deserializer, "bytes (0x and an even number of hex digits)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParseErrorKind;

    const MIXED: &str = "0xA0b86a33E6417b3c4555ba476F04245600306D5D";

    #[test]
    fn a_wrong_checksum_is_accepted_and_lost() {
        let address: Address = MIXED.parse().unwrap();
        assert_eq!(address.to_string(), MIXED.to_lowercase());
        assert_eq!(format!("{address:?}"), MIXED.to_lowercase());
        assert_eq!(MIXED.replace("0x", "0X").parse(), Ok(address));
        assert_eq!(
            format!("0x{}", MIXED[2..].to_uppercase()).parse(),
            Ok(address)
        );
    }

    #[test]
    fn an_address_has_forty_digits() {
        let kind = |text: &str| text.parse::<Address>().unwrap_err().kind();
        assert_eq!(kind(&MIXED[..41]), ParseErrorKind::Length { digits: 39 });
        assert_eq!(
            kind(&format!("{MIXED}0")),
            ParseErrorKind::Length { digits: 41 }
        );
        assert_eq!(kind(&MIXED[2..]), ParseErrorKind::MissingPrefix);
        assert_eq!(
            kind("0x..."),
            ParseErrorKind::Digit {
                character: '.',
                position: 3
            }
        );
        assert_eq!(kind("vitalik.eth"), ParseErrorKind::MissingPrefix);
        assert_eq!(kind(""), ParseErrorKind::Empty);
        assert_eq!(kind(&"0".repeat(1_000_000)), ParseErrorKind::MissingPrefix);
    }

    #[test]
    fn slices_must_have_the_length() {
        assert_eq!(Address::try_from(&[7; 20][..]), Ok(Address([7; 20])));
        let error = B256::try_from(&[7; 31][..]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "expected 32 bytes (0x and 64 hex digits), found 31 bytes"
        );
    }

    #[test]
    fn json_is_a_string() {
        let hash = B256([0x5a; 32]);
        let json = serde_json::to_string(&hash).unwrap();
        assert_eq!(json, format!("\"0x{}\"", "5a".repeat(32)));
        assert_eq!(serde_json::from_str::<B256>(&json).unwrap(), hash);
        // An escape in the text: the reader cannot borrow it.
        let escaped = json.replace('x', "\\u0078");
        assert_eq!(serde_json::from_str::<B256>(&escaped).unwrap(), hash);
        for other in ["7", "null", "[]", "\"0x5a\""] {
            let message = serde_json::from_str::<B256>(other).unwrap_err().to_string();
            assert!(
                message.contains("32 bytes (0x and 64 hex digits)"),
                "{message}"
            );
        }
    }

    #[test]
    fn debug_does_not_show_data() {
        let data = HexBytes(b"secret".to_vec());
        assert_eq!(format!("{data:?}"), "HexBytes(6 bytes)");
        assert_eq!(data.to_string(), "0x736563726574");
    }
}
