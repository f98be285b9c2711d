//! Signed 256-bit numbers.

#[cfg(test)]
mod tests;

use std::{cmp::Ordering, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{ParseError, ParseErrorKind, U256, digits::Digits};

const EXPECTED: &str = "a signed 256-bit integer (decimal, or 0x and hex digits)";

/// A signed 256-bit number in two's complement: Solidity's `int256`.
///
/// A decimal string in JSON, as [`U256`]. A `0x` text is a magnitude with a sign in front, not a
/// bit pattern; for that there is [`I256::from_be_bytes`].
///
/// ```
/// use event_streamer_models::I256;
///
/// let tick = I256::from_be_bytes([0xff; 32]);
/// assert_eq!(tick.to_string(), "-1");
/// assert_eq!("-0x01".parse(), Ok(tick));
/// assert!(I256::MIN < tick && tick < I256::ZERO);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct I256 {
    twos_complement: U256,
}

impl I256 {
    /// 0.
    pub const ZERO: Self = Self {
        twos_complement: U256::ZERO,
    };
    /// -2^255.
    pub const MIN: Self = Self::from_be_bytes({
        let mut bytes = [0; 32];
        bytes[0] = 0x80;
        bytes
    });
    /// 2^255 - 1.
    pub const MAX: Self = Self::from_be_bytes({
        let mut bytes = [0xff; 32];
        bytes[0] = 0x7f;
        bytes
    });

    /// From 32 bytes of two's complement, most significant first, as the ABI has them.
    #[inline]
    #[must_use]
    pub const fn from_be_bytes(bytes: [u8; 32]) -> Self {
        Self {
            twos_complement: U256::from_be_bytes(bytes),
        }
    }

    /// 32 bytes of two's complement, most significant first.
    #[must_use]
    pub const fn to_be_bytes(self) -> [u8; 32] {
        self.twos_complement.to_be_bytes()
    }

    /// Whether it is below 0.
    #[inline]
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.twos_complement.limbs()[3] >> 63 != 0
    }

    /// The number without its sign; 2^255 for [`I256::MIN`].
    #[inline]
    #[must_use]
    pub fn unsigned_abs(self) -> U256 {
        if self.is_negative() {
            self.twos_complement.wrapping_neg()
        } else {
            self.twos_complement
        }
    }

    /// Appends `-` if negative, and the decimal digits.
    ///
    /// ```
    /// let mut out = Vec::new();
    /// event_streamer_models::I256::from(-42_i64).write_decimal(&mut out);
    /// assert_eq!(out, b"-42");
    /// ```
    #[inline]
    pub fn write_decimal(self, out: &mut Vec<u8>) {
        self.digits().write(out);
    }

    /// Appends the number as it stands in JSON: `-` if negative and the decimal digits, in quotes.
    ///
    /// ```
    /// let mut out = Vec::new();
    /// event_streamer_models::I256::from(-42_i64).write_quoted_decimal(&mut out);
    /// assert_eq!(out, br#""-42""#);
    /// ```
    #[inline]
    pub fn write_quoted_decimal(self, out: &mut Vec<u8>) {
        self.digits().write_quoted(out);
    }

    #[inline]
    fn digits(self) -> Digits {
        let mut digits = Digits::of(self.unsigned_abs().limbs());
        if self.is_negative() {
            digits.negate();
        }
        digits
    }

    fn from_sign_and_magnitude(negative: bool, magnitude: U256) -> Option<Self> {
        let bits = if negative {
            magnitude.wrapping_neg()
        } else {
            magnitude
        };
        let value = Self {
            twos_complement: bits,
        };
        (magnitude.is_zero() || value.is_negative() == negative).then_some(value)
    }
}

impl Ord for I256 {
    fn cmp(&self, other: &Self) -> Ordering {
        // Of one sign, two's complement is ordered as the unsigned number is.
        other
            .is_negative()
            .cmp(&self.is_negative())
            .then_with(|| self.twos_complement.cmp(&other.twos_complement))
    }
}

impl PartialOrd for I256 {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<i64> for I256 {
    #[inline]
    fn from(value: i64) -> Self {
        i128::from(value).into()
    }
}

impl From<i128> for I256 {
    #[inline]
    fn from(value: i128) -> Self {
        Self {
            twos_complement: U256::sign_extended(value),
        }
    }
}

impl TryFrom<I256> for i64 {
    type Error = ParseError;

    fn try_from(value: I256) -> Result<Self, ParseError> {
        i128::try_from(value)
            .ok()
            .and_then(|small| Self::try_from(small).ok())
            .ok_or_else(|| out_of_range("a signed 64-bit integer", value))
    }
}

impl TryFrom<I256> for i128 {
    type Error = ParseError;

    fn try_from(value: I256) -> Result<Self, ParseError> {
        let error = || out_of_range("a signed 128-bit integer", value);
        let magnitude = u128::try_from(value.unsigned_abs()).map_err(|_| error())?;
        if value.is_negative() {
            0_i128.checked_sub_unsigned(magnitude)
        } else {
            Self::try_from(magnitude).ok()
        }
        .ok_or_else(error)
    }
}

fn out_of_range(expected: &'static str, value: I256) -> ParseError {
    ParseError::new(ParseErrorKind::OutOfRange, expected, &value.to_string())
}

impl fmt::Display for I256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = Digits::of(self.unsigned_abs().limbs());
        f.pad_integral(!self.is_negative(), "", digits.as_str())
    }
}

impl fmt::Debug for I256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for I256 {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let error = |kind| ParseError::new(kind, EXPECTED, text);
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let magnitude = match unsigned
            .strip_prefix("0x")
            .or_else(|| unsigned.strip_prefix("0X"))
        {
            Some(digits) => U256::from_hex_digits(digits),
            None => U256::from_decimal(unsigned),
        }
        .map_err(|kind| error(after_sign(kind, negative)))?;
        Self::from_sign_and_magnitude(negative, magnitude)
            .ok_or_else(|| error(ParseErrorKind::OutOfRange))
    }
}

/// The same fault, as seen in the text with its sign.
fn after_sign(kind: ParseErrorKind, negative: bool) -> ParseErrorKind {
    match kind {
        ParseErrorKind::Digit {
            character,
            position,
        } => ParseErrorKind::Digit {
            character,
            position: position + usize::from(negative),
        },
        ParseErrorKind::Empty if negative => ParseErrorKind::Malformed,
        other => other,
    }
}

impl Serialize for I256 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.digits().as_str())
    }
}

impl<'de> Deserialize<'de> for I256 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberVisitor;

        impl de::Visitor<'_> for NumberVisitor {
            type Value = I256;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(EXPECTED)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<I256, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<I256, E> {
                Ok(value.into())
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<I256, E> {
                Ok(i128::from(value).into())
            }

            fn visit_i128<E: de::Error>(self, value: i128) -> Result<I256, E> {
                Ok(value.into())
            }
        }

        deserializer.deserialize_any(NumberVisitor)
    }
}
