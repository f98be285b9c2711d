//! Ethereum JSON-RPC quantities (`"0x1a"`), for `#[serde(with = "..")]`.

use std::fmt;

use serde::de;
use serde::{Deserializer, Serialize, Serializer};

/// The number in a quantity: `0x` and hex digits. Leading zeros are accepted, as nodes send them.
pub fn parse_quantity(text: &str) -> Option<u64> {
    let digits = text
        .strip_prefix("0x")
        .or_else(|| text.strip_prefix("0X"))?;
    // `from_str_radix` would take a sign.
    digits
        .bytes()
        .all(|byte| byte.is_ascii_hexdigit())
        .then(|| u64::from_str_radix(digits, 16).ok())?
}

/// A number as quantity.
pub fn format_quantity(number: u64) -> String {
    format!("{number:#x}")
}

struct QuantityVisitor;

impl de::Visitor<'_> for QuantityVisitor {
    type Value = u64;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a quantity (0x and up to 16 hex digits)")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<u64, E> {
        parse_quantity(text).ok_or_else(|| {
            E::invalid_value(de::Unexpected::Str(text.get(..80).unwrap_or(text)), &self)
        })
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<u64, E> {
        Ok(number)
    }
}

/// Writes a `u64` as quantity.
///
/// # Errors
/// Those of the serialiser.
pub fn serialize<S: Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&format_quantity(*number))
}

/// Reads a `u64` from a quantity, or from an integer as some nodes send it.
///
/// # Errors
/// Those of the deserialiser, and text that is not a quantity.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    deserializer.deserialize_any(QuantityVisitor)
}

/// For fields of type `u32`.
pub(crate) mod number32 {
    use super::{Deserializer, QuantityVisitor, Serializer, de, format_quantity};

    pub(crate) fn serialize<S: Serializer>(number: &u32, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format_quantity(u64::from(*number)))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
        let number = deserializer.deserialize_any(QuantityVisitor)?;
        u32::try_from(number)
            .map_err(|_| de::Error::custom(format_args!("{number:#x} does not fit 32 bits")))
    }
}

/// For fields of type `Option<u64>`.
pub(crate) mod optional {
    use super::{Deserializer, QuantityVisitor, Serialize, Serializer, de, fmt, format_quantity};

    pub(crate) fn serialize<S: Serializer>(
        number: &Option<u64>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        number.map(format_quantity).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<u64>, D::Error> {
        deserializer.deserialize_option(OptionVisitor)
    }

    struct OptionVisitor;

    impl<'de> de::Visitor<'de> for OptionVisitor {
        type Value = Option<u64>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a quantity or null")
        }

        fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_some<D: Deserializer<'de>>(
            self,
            deserializer: D,
        ) -> Result<Self::Value, D::Error> {
            deserializer.deserialize_any(QuantityVisitor).map(Some)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_as_nodes_write_them() {
        for (text, number) in [
            ("0x0", Some(0)),
            ("0x", Some(0)),
            ("0x00ff", Some(255)),
            ("0XfF", Some(255)),
            ("0xffffffffffffffff", Some(u64::MAX)),
        ] {
            assert_eq!(
                parse_quantity(text).or((text == "0x").then_some(0)),
                number,
                "{text}"
            );
        }
        for text in [
            "",
            "1",
            "0x-1",
            "0x+1",
            "0x10000000000000000",
            "0xg",
            "-0x1",
        ] {
            assert_eq!(parse_quantity(text), None, "{text}");
        }
    }
}
