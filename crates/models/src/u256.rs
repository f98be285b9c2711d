//! Unsigned 256-bit numbers.

mod decimal;
#[cfg(test)]
mod tests;

use std::{cmp::Ordering, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{ParseError, ParseErrorKind, digits::Digits, hex};

const EXPECTED: &str = "an unsigned 256-bit integer (decimal, or 0x and hex digits)";

/// An unsigned 256-bit number: Solidity's `uint256`.
///
/// A decimal string in JSON, of any width, because JSON numbers lose digits beyond 2^53 in most
/// readers; reads decimal and `0x` strings, and JSON integers.
///
/// ```
/// use event_streamer_models::U256;
///
/// let one_ether: U256 = "1000000000000000000".parse()?;
/// assert_eq!(u64::try_from(one_ether), Ok(1_000_000_000_000_000_000));
/// assert_eq!("0xDE0B6B3A7640000".parse(), Ok(one_ether));
/// assert_eq!(U256::MAX.to_string().len(), 78);
/// # Ok::<(), event_streamer_models::ParseError>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct U256 {
    /// Least significant first.
    limbs: [u64; 4],
}

impl U256 {
    /// 0.
    pub const ZERO: Self = Self { limbs: [0; 4] };
    /// 2^256 - 1.
    pub const MAX: Self = Self {
        limbs: [u64::MAX; 4],
    };

    /// From 32 bytes, most significant first, as the ABI has them.
    #[inline]
    #[must_use]
    pub const fn from_be_bytes(bytes: [u8; 32]) -> Self {
        Self {
            limbs: [
                limb_at(&bytes, 24),
                limb_at(&bytes, 16),
                limb_at(&bytes, 8),
                limb_at(&bytes, 0),
            ],
        }
    }

    /// 32 bytes, most significant first.
    #[inline]
    #[must_use]
    pub const fn to_be_bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        let mut index = 0;
        while index < 32 {
            bytes[index] = self.limbs[3 - index / 8].to_be_bytes()[index % 8];
            index += 1;
        }
        bytes
    }

    /// Whether it is 0.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        matches!(self.limbs, [0, 0, 0, 0])
    }

    /// Appends the decimal digits to `out`: 1 to 78 of them, nothing else.
    ///
    /// ```
    /// let mut out = Vec::new();
    /// event_streamer_models::U256::from(42_u64).write_decimal(&mut out);
    /// assert_eq!(out, b"42");
    /// ```
    #[inline]
    pub fn write_decimal(self, out: &mut Vec<u8>) {
        Digits::of(self.limbs).write(out);
    }

    /// Appends the number as it stands in JSON: the decimal digits in quotes.
    ///
    /// ```
    /// let mut out = Vec::new();
    /// event_streamer_models::U256::from(42_u64).write_quoted_decimal(&mut out);
    /// assert_eq!(out, br#""42""#);
    /// ```
    #[inline]
    pub fn write_quoted_decimal(self, out: &mut Vec<u8>) {
        Digits::of(self.limbs).write_quoted(out);
    }

    /// The two's complement of a signed number.
    #[inline]
    pub(crate) fn sign_extended(value: i128) -> Self {
        let sign = (value >> 127) as u64;
        Self {
            limbs: [value as u64, (value >> 64) as u64, sign, sign],
        }
    }

    #[cfg(test)]
    pub(crate) const fn from_limbs(limbs: [u64; 4]) -> Self {
        Self { limbs }
    }

    #[inline]
    pub(crate) const fn limbs(self) -> [u64; 4] {
        self.limbs
    }

    /// The sum, or `None` if it needs more than 256 bits.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let (sum, overflow) = self.overflowing_add(other);
        (!overflow).then_some(sum)
    }

    /// The difference, or `None` if it is negative.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        (self >= other).then(|| self.overflowing_add(other.wrapping_neg()).0)
    }

    /// 2^256 minus the number: the two's complement.
    #[inline]
    pub(crate) fn wrapping_neg(self) -> Self {
        let complement = Self {
            limbs: self.limbs.map(|limb| !limb),
        };
        complement.overflowing_add(Self::from(1_u64)).0
    }

    #[inline]
    fn overflowing_add(self, other: Self) -> (Self, bool) {
        let mut limbs = [0; 4];
        let mut carry = false;
        for (limb, (a, b)) in limbs
            .iter_mut()
            .zip(self.limbs.into_iter().zip(other.limbs))
        {
            let (sum, first) = a.overflowing_add(b);
            let (sum, second) = sum.overflowing_add(u64::from(carry));
            *limb = sum;
            carry = first || second;
        }
        (Self { limbs }, carry)
    }

    pub(crate) fn from_decimal(digits: &str) -> Result<Self, ParseErrorKind> {
        decimal::parse(digits).map(|limbs| Self { limbs })
    }

    pub(crate) fn from_hex_digits(digits: &str) -> Result<Self, ParseErrorKind> {
        if digits.is_empty() {
            return Err(ParseErrorKind::Length { digits: 0 });
        }
        let mut value = Self::ZERO;
        for (index, character) in digits.chars().enumerate() {
            let digit = u8::try_from(character).ok().and_then(hex::digit_value);
            // The two characters of the prefix count too.
            let position = index + 3;
            let digit = digit.ok_or(ParseErrorKind::Digit {
                character,
                position,
            })?;
            let [a, b, c, d] = value.limbs;
            if d >> 60 != 0 {
                return Err(ParseErrorKind::OutOfRange);
            }
            value.limbs = [
                a << 4 | u64::from(digit),
                b << 4 | a >> 60,
                c << 4 | b >> 60,
                d << 4 | c >> 60,
            ];
        }
        Ok(value)
    }
}

/// Eight bytes, most significant first. In one expression, which compiles to one instruction.
#[inline]
const fn limb_at(bytes: &[u8; 32], at: usize) -> u64 {
    u64::from_be_bytes([
        bytes[at],
        bytes[at + 1],
        bytes[at + 2],
        bytes[at + 3],
        bytes[at + 4],
        bytes[at + 5],
        bytes[at + 6],
        bytes[at + 7],
    ])
}

impl Ord for U256 {
    fn cmp(&self, other: &Self) -> Ordering {
        self.limbs.iter().rev().cmp(other.limbs.iter().rev())
    }
}

impl PartialOrd for U256 {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<u64> for U256 {
    #[inline]
    fn from(value: u64) -> Self {
        Self {
            limbs: [value, 0, 0, 0],
        }
    }
}

impl From<u128> for U256 {
    #[inline]
    fn from(value: u128) -> Self {
        Self {
            limbs: [value as u64, (value >> 64) as u64, 0, 0],
        }
    }
}

impl TryFrom<U256> for u64 {
    type Error = ParseError;

    fn try_from(value: U256) -> Result<Self, ParseError> {
        match value.limbs {
            [low, 0, 0, 0] => Ok(low),
            _ => Err(too_large("an integer below 2^64", value)),
        }
    }
}

impl TryFrom<U256> for u128 {
    type Error = ParseError;

    fn try_from(value: U256) -> Result<Self, ParseError> {
        match value.limbs {
            [low, high, 0, 0] => Ok(Self::from(high) << 64 | Self::from(low)),
            _ => Err(too_large("an integer below 2^128", value)),
        }
    }
}

fn too_large(expected: &'static str, value: U256) -> ParseError {
    ParseError::new(ParseErrorKind::OutOfRange, expected, &value.to_string())
}

impl fmt::Display for U256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad_integral(true, "", Digits::of(self.limbs).as_str())
    }
}

impl fmt::Debug for U256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for U256 {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
            Some(digits) => Self::from_hex_digits(digits),
            None => Self::from_decimal(text),
        }
        .map_err(|kind| ParseError::new(kind, EXPECTED, text))
    }
}

impl Serialize for U256 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(Digits::of(self.limbs).as_str())
    }
}

impl<'de> Deserialize<'de> for U256 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberVisitor;

        impl de::Visitor<'_> for NumberVisitor {
            type Value = U256;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(EXPECTED)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<U256, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<U256, E> {
                Ok(value.into())
            }

            fn visit_u128<E: de::Error>(self, value: u128) -> Result<U256, E> {
                Ok(value.into())
            }
        }

        deserializer.deserialize_any(NumberVisitor)
    }
}
