//! Reading a value from a JSON string without copying the string first.

use std::{fmt, marker::PhantomData, str::FromStr};

use serde::{
    Deserializer,
    de::{self, Visitor},
};

use crate::ParseError;

/// Reads a string and parses it; anything but a string is an error that names `expected`.
pub(crate) fn deserialize<'de, D, T>(deserializer: D, expected: &'static str) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err = ParseError>,
{
    deserializer.deserialize_str(TextVisitor {
        expected,
        target: PhantomData,
    })
}

struct TextVisitor<T> {
    expected: &'static str,
    target: PhantomData<T>,
}

impl<T: FromStr<Err = ParseError>> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} as a string", self.expected)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}
