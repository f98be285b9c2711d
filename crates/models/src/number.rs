//! 256-bit numbers, as decimal text: no width of integer in JSON holds them.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

/// Text that is not a number of the width.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{text:?} is not {expected}")]
pub struct NumberError {
    text: String,
    expected: &'static str,
}

impl NumberError {
    fn new(text: &str, expected: &'static str) -> Self {
        Self {
            text: text.chars().take(80).collect(),
            expected,
        }
    }
}

/// An unsigned 256-bit number.
///
/// ```
/// use event_streamer_models::U256;
/// let value: U256 = "115792089237316195423570985008687907853269984665640564039457584007913129639935".parse()?;
/// assert_eq!(value, U256::MAX);
/// # Ok::<(), event_streamer_models::NumberError>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct U256([u64; 4]); // least significant limb first

/// A signed 256-bit number in two's complement.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct I256(U256);

/// 10^19, the highest power of ten below 2^64.
const CHUNK: u64 = 10_000_000_000_000_000_000;
const CHUNK_DIGITS: usize = 19;
/// Digits of 2^256 - 1.
const MAX_DIGITS: usize = 78;

impl U256 {
    /// 0.
    pub const ZERO: Self = Self([0; 4]);
    /// 2^256 - 1.
    pub const MAX: Self = Self([u64::MAX; 4]);

    /// From 32 bytes, most significant first, as in an ABI word.
    pub fn from_be_bytes(bytes: [u8; 32]) -> Self {
        let mut limbs = [0; 4];
        for (limb, word) in limbs.iter_mut().rev().zip(bytes.as_chunks::<8>().0) {
            *limb = u64::from_be_bytes(*word);
        }
        Self(limbs)
    }

    /// 32 bytes, most significant first.
    pub fn to_be_bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (word, limb) in bytes
            .as_chunks_mut::<8>()
            .0
            .iter_mut()
            .zip(self.0.iter().rev())
        {
            *word = limb.to_be_bytes();
        }
        bytes
    }

    /// As 64 bits, if it fits.
    pub fn to_u64(self) -> Option<u64> {
        (self.0[1..] == [0; 3]).then_some(self.0[0])
    }

    /// As 128 bits, if it fits.
    pub fn to_u128(self) -> Option<u128> {
        (self.0[2..] == [0; 2]).then_some(u128::from(self.0[1]) << 64 | u128::from(self.0[0]))
    }

    /// Appends the decimal digits. Allocates nothing but `out`'s growth.
    pub fn write_decimal(self, out: &mut Vec<u8>) {
        let mut limbs = self.0;
        let mut digits = [b'0'; 5 * CHUNK_DIGITS];
        let mut start = digits.len();
        loop {
            let (mut chunk, more) = divide_by_chunk(&mut limbs);
            let end = start;
            while chunk > 0 {
                start -= 1;
                digits[start] = b'0' + (chunk % 10) as u8;
                chunk /= 10;
            }
            if !more {
                break;
            }
            // Inner chunks keep their leading zeros, which are there already.
            start = end - CHUNK_DIGITS;
        }
        out.extend_from_slice(&digits[start.min(digits.len() - 1)..]);
    }

    fn checked_push_digit(self, digit: u8) -> Option<Self> {
        let mut carry = u128::from(digit);
        let mut limbs = self.0;
        for limb in &mut limbs {
            let wide = u128::from(*limb) * 10 + carry;
            *limb = wide as u64;
            carry = wide >> 64;
        }
        (carry == 0).then_some(Self(limbs))
    }

    /// 0 - self, modulo 2^256.
    fn wrapping_neg(self) -> Self {
        let mut carry = true;
        Self(self.0.map(|limb| {
            let (sum, overflow) = (!limb).overflowing_add(u64::from(carry));
            carry = overflow;
            sum
        }))
    }

    fn from_decimal(digits: &str) -> Option<Self> {
        let significant = digits.trim_start_matches('0');
        if digits.is_empty() || significant.len() > MAX_DIGITS {
            return None;
        }
        significant
            .bytes()
            .try_fold(Self::ZERO, |value, byte| match byte {
                b'0'..=b'9' => value.checked_push_digit(byte - b'0'),
                _ => None,
            })
    }

    fn from_hex(digits: &str) -> Option<Self> {
        let significant = digits.trim_start_matches('0');
        if digits.is_empty()
            || significant.len() > 64
            || !digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        {
            return None;
        }
        let mut limbs = [0; 4];
        for (limb, chunk) in limbs.iter_mut().zip(significant.as_bytes().rchunks(16)) {
            *limb = u64::from_str_radix(std::str::from_utf8(chunk).ok()?, 16).ok()?;
        }
        Some(Self(limbs))
    }
}

/// Divides in place; gives the rest and whether anything is left.
fn divide_by_chunk(limbs: &mut [u64; 4]) -> (u64, bool) {
    let mut rest = 0_u128;
    for limb in limbs.iter_mut().rev() {
        let wide = rest << 64 | u128::from(*limb);
        *limb = (wide / u128::from(CHUNK)) as u64;
        rest = wide % u128::from(CHUNK);
    }
    (rest as u64, *limbs != [0; 4])
}

impl I256 {
    /// 0.
    pub const ZERO: Self = Self(U256::ZERO);
    /// 2^255 - 1.
    pub const MAX: Self = Self(U256([u64::MAX, u64::MAX, u64::MAX, u64::MAX >> 1]));
    /// -2^255.
    pub const MIN: Self = Self(U256([0, 0, 0, 1 << 63]));

    /// From 32 bytes in two's complement, most significant first.
    pub fn from_be_bytes(bytes: [u8; 32]) -> Self {
        Self(U256::from_be_bytes(bytes))
    }

    /// 32 bytes in two's complement, most significant first.
    pub fn to_be_bytes(self) -> [u8; 32] {
        self.0.to_be_bytes()
    }

    /// Whether it is below 0.
    pub fn is_negative(self) -> bool {
        self.0.0[3] >> 63 == 1
    }

    /// Appends the decimal digits, with `-` where negative.
    pub fn write_decimal(self, out: &mut Vec<u8>) {
        if self.is_negative() {
            out.push(b'-');
        }
        self.magnitude().write_decimal(out);
    }

    fn magnitude(self) -> U256 {
        if self.is_negative() {
            self.0.wrapping_neg()
        } else {
            self.0
        }
    }
}

impl From<u64> for U256 {
    fn from(number: u64) -> Self {
        Self([number, 0, 0, 0])
    }
}

impl From<u128> for U256 {
    fn from(number: u128) -> Self {
        Self([number as u64, (number >> 64) as u64, 0, 0])
    }
}

impl From<i64> for I256 {
    fn from(number: i64) -> Self {
        let magnitude = U256::from(number.unsigned_abs());
        Self(if number < 0 {
            magnitude.wrapping_neg()
        } else {
            magnitude
        })
    }
}

impl FromStr for U256 {
    type Err = NumberError;

    /// Decimal digits, or hex digits behind `0x`.
    fn from_str(text: &str) -> Result<Self, NumberError> {
        let value = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
            Some(digits) => Self::from_hex(digits),
            None => Self::from_decimal(text),
        };
        value.ok_or_else(|| NumberError::new(text, "a number between 0 and 2^256 - 1"))
    }
}

impl FromStr for I256 {
    type Err = NumberError;

    /// Decimal digits, with `-` where negative.
    fn from_str(text: &str) -> Result<Self, NumberError> {
        let (negative, digits) = text
            .strip_prefix('-')
            .map_or((false, text), |digits| (true, digits));
        U256::from_decimal(digits)
            .and_then(|magnitude| match magnitude.cmp(&Self::MIN.0) {
                Ordering::Less if negative => Some(Self(magnitude.wrapping_neg())),
                Ordering::Less => Some(Self(magnitude)),
                Ordering::Equal if negative => Some(Self::MIN),
                _ => None,
            })
            .ok_or_else(|| NumberError::new(text, "a number between -2^255 and 2^255 - 1"))
    }
}

impl PartialOrd for U256 {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for U256 {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.iter().rev().cmp(other.0.iter().rev())
    }
}

impl PartialOrd for I256 {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for I256 {
    fn cmp(&self, other: &Self) -> Ordering {
        other
            .is_negative()
            .cmp(&self.is_negative())
            .then_with(|| self.0.cmp(&other.0))
    }
}

macro_rules! decimal_text {
    ($name:ident, $expected:literal) => {
        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut digits = Vec::with_capacity(MAX_DIGITS + 1);
                self.write_decimal(&mut digits);
                let text = std::str::from_utf8(&digits).unwrap_or_default();
                match text.strip_prefix('-') {
                    Some(magnitude) => formatter.pad_integral(false, "", magnitude),
                    None => formatter.pad_integral(true, "", text),
                }
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, formatter)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            /// Decimal text, or an integer where a service sends small ones so.
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Visitor;
                impl de::Visitor<'_> for Visitor {
                    type Value = $name;

                    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                        formatter.write_str($expected)
                    }

                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$name, E> {
                        text.parse().map_err(E::custom)
                    }

                    fn visit_u64<E: de::Error>(self, number: u64) -> Result<$name, E> {
                        number.to_string().parse().map_err(E::custom)
                    }

                    fn visit_i64<E: de::Error>(self, number: i64) -> Result<$name, E> {
                        number.to_string().parse().map_err(E::custom)
                    }
                }
                deserializer.deserialize_any(Visitor)
            }
        }
    };
}

decimal_text!(U256, "a decimal text between 0 and 2^256 - 1");
decimal_text!(I256, "a decimal text between -2^255 and 2^255 - 1");

#[cfg(test)]
mod tests;
