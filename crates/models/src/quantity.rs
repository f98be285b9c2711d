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

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Quantities {
        #[serde(with = "super")]
        narrow: u32,
        #[serde(default, with = "super::option")]
        wide: Option<u64>,
    }

    #[test]
    fn digits_of_any_case_with_or_without_zeros_in_front() {
        let known = [
            ("0x0", 0),
            ("0x00", 0),
            ("0x41", 65),
            ("0X0aF", 175),
            ("0x0000000000000000000000000000000000000001", 1),
            ("0xffffffffffffffff", u64::MAX),
        ];
        for (text, number) in known {
            assert_eq!(parse(text), Ok(number), "{text}");
            assert_eq!(parse(&format(number)), Ok(number));
        }
    }

    #[test]
    fn anything_else_is_an_error() {
        let kind = |text: &str| parse(text).unwrap_err().kind();
        assert_eq!(kind(""), ParseErrorKind::Empty);
        assert_eq!(kind("0x"), ParseErrorKind::Length { digits: 0 });
        assert_eq!(kind("65"), ParseErrorKind::MissingPrefix);
        assert_eq!(kind("latest"), ParseErrorKind::MissingPrefix);
        assert_eq!(
            kind("0x4g"),
            ParseErrorKind::Digit {
                character: 'g',
                position: 4
            }
        );
        assert_eq!(
            kind("0x-1"),
            ParseErrorKind::Digit {
                character: '-',
                position: 3
            }
        );
        assert_eq!(kind("0x10000000000000000"), ParseErrorKind::OutOfRange);
        assert_eq!(
            kind(&format!("0x1{}", "0".repeat(100_000))),
            ParseErrorKind::OutOfRange
        );
    }

    #[test]
    fn fields_are_read_and_written() {
        let read = |json: &str| serde_json::from_str::<Quantities>(json);
        let both = Quantities {
            narrow: u32::MAX,
            wide: Some(0),
        };
        let json = r#"{"narrow":"0xffffffff","wide":"0x0"}"#;
        assert_eq!(read(json).unwrap(), both);
        assert_eq!(serde_json::to_string(&both).unwrap(), json);

        let none = Quantities {
            narrow: 1,
            wide: None,
        };
        assert_eq!(read(r#"{"narrow":"0x1"}"#).unwrap(), none);
        assert_eq!(read(r#"{"narrow":"0x1","wide":null}"#).unwrap(), none);
        assert_eq!(
            serde_json::to_string(&none).unwrap(),
            r#"{"narrow":"0x1","wide":null}"#
        );
    }

    #[test]
    fn a_field_too_narrow_is_an_error() {
        let error = serde_json::from_str::<Quantities>(r#"{"narrow":"0x100000000"}"#).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("\"0x100000000\", which is out of range"),
            "{error}"
        );
        assert!(serde_json::from_str::<Quantities>(r#"{"narrow":1}"#).is_err());
    }
}
