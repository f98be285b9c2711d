//! Types read from the text of an event, in one pass and without copies.
//!
//! The text was walked over when its line was read, so this reader takes the short way: strings
//! without escapes are slices, integers of 64 bits are read from their digits. Whatever else there is
//! it gives up on, and serde_json reads the event anew; so does it for the text of every error. What
//! this reader answers is what serde_json would: a property test holds one against the other.

use std::fmt;
use std::ops::Range;

use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};

use crate::scan::{Brackets, Marked, Scanner, Unreadable};

/// As deep as serde_json goes.
pub(super) const MAX_DEPTH: u32 = 128;

/// Reads the value that lies at `span` of its line as serde_json would.
///
/// # Errors
///
/// serde_json's.
#[inline]
pub(super) fn read<'de, T: Deserialize<'de>>(
    line: Marked<'de>,
    span: Range<usize>,
) -> Result<T, serde_json::Error> {
    let mut reader = Reader::new(line, span.start);
    match T::deserialize(&mut reader) {
        Ok(value) if reader.scanner.offset() == span.end => Ok(value),
        _ => serde_json::from_str(line.text.get(span).unwrap_or_default()),
    }
}

/// Nothing is said of why: serde_json says it.
#[derive(Debug)]
struct GivenUp;

impl fmt::Display for GivenUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("given up")
    }
}

impl std::error::Error for GivenUp {}

impl de::Error for GivenUp {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }
}

impl From<Unreadable> for GivenUp {
    fn from(_: Unreadable) -> Self {
        Self
    }
}

struct Reader<'de> {
    json: &'de str,
    scanner: Scanner<'de>,
    /// How many more brackets may open.
    depth: u32,
}

impl<'de> Reader<'de> {
    fn new(line: Marked<'de>, start: usize) -> Self {
        Self {
            json: line.text,
            scanner: Scanner::new(line, start),
            // serde_json counts the outermost too, and refuses the last.
            depth: MAX_DEPTH - 1,
        }
    }

    /// A string without escapes.
    #[inline(always)]
    fn plain(&mut self) -> Result<&'de str, GivenUp> {
        let string = self.scanner.plain_string().ok_or(GivenUp)?;
        self.json.get(string).ok_or(GivenUp)
    }

    /// The text of a scalar.
    fn scalar(&mut self) -> Result<&'de str, GivenUp> {
        let range = self.scanner.value()?;
        self.json.get(range).ok_or(GivenUp)
    }

    #[inline]
    fn unsigned(&mut self) -> Result<u64, GivenUp> {
        self.scanner.unsigned().ok_or(GivenUp)
    }

    fn visit_number<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, GivenUp> {
        if self.scanner.peek()? != b'-' {
            return visitor.visit_u64(self.unsigned()?);
        }
        match self.scalar()? {
            // To serde_json it is a floating point number.
            "-0" => Err(GivenUp),
            text => visitor.visit_i64(text.parse().map_err(|_| GivenUp)?),
        }
    }

    #[inline]
    fn visit_object<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, GivenUp> {
        let more = self.open(Brackets::Object)?;
        let mut elements = Elements { reader: self, more };
        let value = visitor.visit_map(&mut elements)?;
        elements.close()?;
        self.depth += 1;
        Ok(value)
    }

    fn visit_array<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, GivenUp> {
        let more = self.open(Brackets::Array)?;
        let mut elements = Elements { reader: self, more };
        let value = visitor.visit_seq(&mut elements)?;
        elements.close()?;
        self.depth += 1;
        Ok(value)
    }

    #[inline]
    fn open(&mut self, brackets: Brackets) -> Result<bool, GivenUp> {
        let more = self.scanner.open(brackets)?;
        self.depth = self.depth.checked_sub(1).ok_or(GivenUp)?;
        Ok(more)
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = GivenUp;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, GivenUp> {
        match self.scanner.peek()? {
            b'"' => visitor.visit_borrowed_str(self.plain()?),
            b'{' => self.visit_object(visitor),
            b'[' => self.visit_array(visitor),
            b't' | b'f' => visitor.visit_bool(self.scalar()? == "true"),
            b'n' => {
                self.scalar()?;
                visitor.visit_unit()
            }
            _ => self.visit_number(visitor),
        }
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, GivenUp> {
        if self.scanner.peek()? == b'n' {
            self.scalar()?;
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, GivenUp> {
        // What serde_json keeps between itself and its own types, such as `RawValue`.
        if name.starts_with("$serde_json") {
            return Err(GivenUp);
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_u128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, GivenUp> {
        let number = self.unsigned()?;
        visitor.visit_u128(number.into())
    }

    fn deserialize_i128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, GivenUp> {
        let number = self.unsigned()?;
        visitor.visit_i128(number.into())
    }

    /// serde_json takes bytes that are no text here.
    fn deserialize_bytes<V: Visitor<'de>>(self, _: V) -> Result<V::Value, GivenUp> {
        Err(GivenUp)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, _: V) -> Result<V::Value, GivenUp> {
        Err(GivenUp)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, GivenUp> {
        // An object is a variant with something in it: rare enough.
        if self.scanner.peek()? != b'"' {
            return Err(GivenUp);
        }
        visitor.visit_enum(Variant(self))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, GivenUp> {
        self.scanner.value()?;
        visitor.visit_unit()
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, GivenUp> {
        visitor.visit_borrowed_str(self.plain()?)
    }

    #[inline]
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, GivenUp> {
        self.deserialize_str(visitor)
    }

    #[inline]
    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, GivenUp> {
        visitor.visit_u64(self.unsigned()?)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, GivenUp> {
        self.visit_array(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, GivenUp> {
        self.visit_array(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, GivenUp> {
        self.visit_array(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, GivenUp> {
        self.visit_object(visitor)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, GivenUp> {
        match self.scalar()? {
            "null" => visitor.visit_unit(),
            _ => Err(GivenUp),
        }
    }

    // A struct may be an array too, and a visitor of the others takes only what it is.
    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 f32 f64 char unit_struct struct identifier
    }
}

/// What stands between two brackets.
struct Elements<'r, 'de> {
    reader: &'r mut Reader<'de>,
    /// Whether an element comes next; if not, the closing bracket is taken already.
    more: bool,
}

impl Elements<'_, '_> {
    /// A visitor that leaves elements has not read what serde_json would want it to.
    fn close(&self) -> Result<(), GivenUp> {
        if self.more { Err(GivenUp) } else { Ok(()) }
    }
}

impl<'de> MapAccess<'de> for &mut Elements<'_, 'de> {
    type Error = GivenUp;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, GivenUp> {
        if !self.more {
            return Ok(None);
        }
        let key = self.reader.plain()?;
        self.reader.scanner.expect(b':', "")?;
        seed.deserialize(Key(key)).map(Some)
    }

    #[inline]
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, GivenUp> {
        let value = seed.deserialize(&mut *self.reader)?;
        self.more = self.reader.scanner.more(Brackets::Object)?;
        Ok(value)
    }
}

impl<'de> SeqAccess<'de> for &mut Elements<'_, 'de> {
    type Error = GivenUp;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, GivenUp> {
        if !self.more {
            return Ok(None);
        }
        let value = seed.deserialize(&mut *self.reader)?;
        self.more = self.reader.scanner.more(Brackets::Array)?;
        Ok(Some(value))
    }
}

/// A key of an object. serde_json reads numbers and bools from keys; here they are given up on.
struct Key<'de>(&'de str);

impl<'de> Deserializer<'de> for Key<'de> {
    type Error = GivenUp;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, GivenUp> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, GivenUp> {
        if name.starts_with("$serde_json") {
            return Err(GivenUp);
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, GivenUp> {
        visitor.visit_some(self)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, _: V) -> Result<V::Value, GivenUp> {
        Err(GivenUp)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, _: V) -> Result<V::Value, GivenUp> {
        Err(GivenUp)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, GivenUp> {
        Err(GivenUp)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string unit unit_struct seq
        tuple tuple_struct map struct identifier ignored_any
    }
}

/// The name of a variant that holds nothing.
struct Variant<'r, 'de>(&'r mut Reader<'de>);

impl<'de> EnumAccess<'de> for Variant<'_, 'de> {
    type Error = GivenUp;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), GivenUp> {
        let name = seed.deserialize(&mut *self.0)?;
        Ok((name, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, 'de> {
    type Error = GivenUp;

    fn unit_variant(self) -> Result<(), GivenUp> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, _: S) -> Result<S::Value, GivenUp> {
        Err(GivenUp)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, GivenUp> {
        Err(GivenUp)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, GivenUp> {
        Err(GivenUp)
    }
}

#[cfg(test)]
mod tests;
