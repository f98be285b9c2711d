//! Numbers as Ethereum's JSON-RPC writes them: `"0x1b4"`.
//!
//! For `#[serde(with = "event_streamer_models::quantity")]` on any unsigned integer, and
//! [`option`] for one that may be missing or `null`. Leading zeros are tolerated on input, though
//! the specification forbids them: some nodes send them, and they change nothing.

use std::fmt;

use serde::{Deserializer, Serializer, de};

use crate::{ParseError, ParseErrorKind, hex};

const EXPECTED: &str = "a quantity (0x and hex digits)";

/// Parses `0x1b4`.
///
/// # Errors
///
/// [`ParseError`] if `0x` is missing, there are no digits, a character is no hex digit, or the
/// number needs more than 64 bits.
///
/// ```
/// use event_streamer_models::quantity;
///
/// assert_eq!(quantity::parse("0x01b4")?, 436);
/// assert!(quantity::parse("436").is_err());
/// # Ok::<(), event_streamer_models::ParseError>(())
/// ```
pub fn parse(text: &str) -> Result<u64, ParseError> {
    let digits = hex::digits_of(text, EXPECTED)?;
    if digits.is_empty() {
        return Err(ParseError::new(
            ParseErrorKind::Length { digits: 0 },
            EXPECTED,
            text,
        ));
    }
    let mut value: u64 = 0;
    for character in digits.bytes() {
        let digit = hex::digit_value(character).ok_or_else(|| hex::bad_digit(text, EXPECTED))?;
        if value >> 60 != 0 {
            return Err(ParseError::new(ParseErrorKind::OutOfRange, EXPECTED, text));
        }
        value = value << 4 | u64::from(digit);
    }
    Ok(value)
}

/// Writes `0x1b4`: lower case, no leading zeros, `0x0` for zero.
///
/// ```
/// assert_eq!(event_streamer_models::quantity::format(436), "0x1b4");
/// ```
#[must_use]
pub fn format(value: u64) -> String {
    format!("{value:#x}")
}

/// For `#[serde(with = "..")]`.
///
/// # Errors
///
/// Those of the serializer.
pub fn serialize<T, S>(value: &T, serializer: S) -> Result<S::Ok, S::Error>
where
    T: Copy + Into<u64>,
    S: Serializer,
{
    serializer.collect_str(&format_args!("{:#x}", (*value).into()))
}

/// For `#[serde(with = "..")]`.
///
/// # Errors
///
/// As [`parse`], and if the number does not fit into the field.
pub fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: TryFrom<u64>,
    D: Deserializer<'de>,
{
    narrow(deserializer.deserialize_str(QuantityVisitor)?)
}

fn narrow<T: TryFrom<u64>, E: de::Error>(value: u64) -> Result<T, E> {
    T::try_from(value).map_err(|_| {
        let text = format(value);
        E::custom(ParseError::new(ParseErrorKind::OutOfRange, EXPECTED, &text))
    })
}

struct QuantityVisitor;

impl de::Visitor<'_> for QuantityVisitor {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{EXPECTED} as a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<u64, E> {
        parse(text).map_err(E::custom)
    }
}

/// The same for an `Option`: `None` is `null`.
pub mod option {
    use serde::{Deserialize, Deserializer, Serializer};

    /// For `#[serde(with = "..")]`; with `default` on the field a missing one is `None` too.
    ///
    /// # Errors
    ///
    /// Those of the serializer.
    pub fn serialize<T, S>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error>
    where
        T: Copy + Into<u64>,
        S: Serializer,
    {
        match value {
            Some(value) => super::serialize(value, serializer),
            None => serializer.serialize_none(),
        }
    }

    /// For `#[serde(with = "..")]`.
    ///
    /// # Errors
    ///
    /// As [`parse`](super::parse), and if the number does not fit into the field.
    pub fn deserialize<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
    where
        T: TryFrom<u64>,
        D: Deserializer<'de>,
    {
        struct Quantity(u64);

        impl<'de> Deserialize<'de> for Quantity {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                super::deserialize(deserializer).map(Quantity)
            }
        }

        Option::<Quantity>::deserialize(deserializer)?
            .map(|value| super::narrow(value.0))
            .transpose()
    }
}
