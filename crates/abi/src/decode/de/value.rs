//! One value, as a deserializer.

use event_streamer_models::{I256, U256, hex};
use serde::Deserializer;
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Error as _, Visitor};
use serde::forward_to_deserialize_any;

use super::Context;
use super::fault::Fault;
use super::fields::{FieldAccess, Fields};
use super::sequence::ItemAccess;
use crate::decode::decimal::{push_signed, push_unsigned, push_with_point};
use crate::decode::plan::{ItemPlan, ValuePlan};
use crate::decode::reader::{Head, Items};
use crate::types::WordType;
use crate::word::Word;

/// Where a value stands.
#[derive(Clone, Copy)]
pub(super) enum Place<'p, 'de> {
    Topic(WordType, &'de Word),
    Data(&'p ValuePlan, Head),
}

/// A value that is about to be read.
pub(super) struct ValueDeserializer<'c, 'p, 'de> {
    pub(super) context: &'c mut Context<'de>,
    pub(super) place: Place<'p, 'de>,
}

/// What was found there.
enum Found<'p, 'de> {
    /// A number, or a truth value.
    Word(WordType, &'de Word),
    /// An address, a function, bytes of any kind.
    Bytes(&'de [u8]),
    String(&'de [u8]),
    Items(&'p ItemPlan, Items),
    Tuple {
        fields: Fields<'p, 'de>,
        keyed: bool,
    },
}

impl<'c, 'p, 'de> ValueDeserializer<'c, 'p, 'de> {
    fn find(self) -> Result<(&'c mut Context<'de>, Found<'p, 'de>), Fault> {
        let Self { context, place } = self;
        let reader = &mut context.reader;
        let found = match place {
            Place::Topic(ty, word) => {
                reader.check(ty, word)?;
                of_word(ty, word)
            }
            Place::Data(plan, head) => match plan {
                ValuePlan::Word(ty) => of_word(*ty, reader.word(*ty, head)?),
                ValuePlan::Bytes => Found::Bytes(reader.tail(head)?),
                ValuePlan::String => Found::String(reader.tail(head)?),
                ValuePlan::Array(item) => Found::Items(item, reader.array(item.head, head)?),
                ValuePlan::FixedArray {
                    item,
                    length,
                    dynamic,
                } => Found::Items(
                    item,
                    reader.fixed_array(item.head, *length, *dynamic, head)?,
                ),
                ValuePlan::Tuple(tuple) => {
                    let head = reader.enter(head, tuple.dynamic)?;
                    let plans = &tuple.fields;
                    let fields = Fields::Components { plans, head };
                    let keyed = tuple.keyed;
                    Found::Tuple { fields, keyed }
                }
            },
        };
        Ok((context, found))
    }
}

fn of_word<'p, 'de>(ty: WordType, word: &'de Word) -> Found<'p, 'de> {
    match ty {
        WordType::Address => Found::Bytes(&word[12..]),
        WordType::Function => Found::Bytes(&word[..24]),
        WordType::FixedBytes(length) => Found::Bytes(&word[..usize::from(length.min(32))]),
        _ => Found::Word(ty, word),
    }
}

impl<'p, 'de> Found<'p, 'de> {
    /// As the JSON has it.
    fn visit<V: Visitor<'de>>(
        self,
        context: &mut Context<'de>,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self {
            Self::Word(WordType::Bool, word) => {
                visitor.visit_bool(word.iter().any(|byte| *byte != 0))
            }
            Self::Word(ty, word) => context.visit_text(visitor, |text| push_number(text, ty, word)),
            Self::Bytes(bytes) => context.visit_text(visitor, |text| push_hex(text, bytes)),
            Self::String(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => visitor.visit_borrowed_str(text),
                Err(_) => {
                    let entry = ("hex", hex::encode(bytes));
                    visitor.visit_map(MapDeserializer::new(std::iter::once(entry)))
                }
            },
            Self::Items(..) | Self::Tuple { keyed: false, .. } => self.visit_seq(context, visitor),
            Self::Tuple { fields, .. } => visitor.visit_map(FieldAccess::new(context, fields)),
        }
    }

    /// As a sequence; bytes are one too.
    fn visit_seq<V: Visitor<'de>>(
        self,
        context: &mut Context<'de>,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self {
            Self::Bytes(bytes) => {
                let bytes = bytes.iter().copied();
                let mut access: SeqDeserializer<_, Fault> = SeqDeserializer::new(bytes);
                let value = visitor.visit_seq(&mut access)?;
                access.end()?;
                Ok(value)
            }
            Self::Items(item, items) => {
                let mut access = ItemAccess {
                    context,
                    plan: &item.value,
                    items,
                    next: 0,
                };
                let value = visitor.visit_seq(&mut access)?;
                all_taken(access.left(), items.length)?;
                Ok(value)
            }
            Self::Tuple { fields, .. } => visit_fields(context, fields, visitor),
            other => other.visit(context, visitor),
        }
    }
}

fn visit_fields<'de, V: Visitor<'de>>(
    context: &mut Context<'de>,
    fields: Fields<'_, 'de>,
    visitor: V,
) -> Result<V::Value, Fault> {
    let mut access = FieldAccess::new(context, fields);
    let value = visitor.visit_seq(&mut access)?;
    all_taken(access.left(), fields.len())?;
    Ok(value)
}

/// A type with fewer places than there are values would drop some without a word.
fn all_taken(left: usize, of: usize) -> Result<(), Fault> {
    if left == 0 {
        return Ok(());
    }
    let expected = format!("{} elements", of - left);
    Err(Fault::invalid_length(of, &expected.as_str()))
}

impl<'de> Context<'de> {
    fn visit_text<V: Visitor<'de>>(
        &mut self,
        visitor: V,
        push: impl FnOnce(&mut Vec<u8>),
    ) -> Result<V::Value, Fault> {
        self.text.clear();
        push(&mut self.text);
        visitor.visit_str(std::str::from_utf8(&self.text).unwrap_or_default())
    }
}

fn push_hex(text: &mut Vec<u8>, bytes: &[u8]) {
    text.extend_from_slice(b"0x");
    hex::write(bytes, text);
}

fn push_number(text: &mut Vec<u8>, ty: WordType, word: &Word) {
    match ty {
        WordType::Ufixed(_, decimals) => push_with_point(text, word, decimals, push_unsigned),
        WordType::Fixed(_, decimals) => push_with_point(text, word, decimals, push_signed),
        WordType::Int(_) => push_signed(text, word),
        _ => push_unsigned(text, word),
    }
}

/// An integer of the machine; larger ones only go into texts.
fn visit_integer<'de, V: Visitor<'de>>(
    ty: WordType,
    word: &Word,
    visitor: V,
) -> Result<V::Value, Fault> {
    let too_large = |number: &dyn std::fmt::Display| {
        Fault::custom(format_args!("{number} does not fit into 128 bits"))
    };
    if let WordType::Int(_) = ty {
        let number = I256::from_be_bytes(*word);
        return match (i64::try_from(number), i128::try_from(number)) {
            (Ok(small), _) => visitor.visit_i64(small),
            (_, Ok(number)) => visitor.visit_i128(number),
            _ => Err(too_large(&number)),
        };
    }
    let number = U256::from_be_bytes(*word);
    match (u64::try_from(number), u128::try_from(number)) {
        (Ok(small), _) => visitor.visit_u64(small),
        (_, Ok(number)) => visitor.visit_u128(number),
        _ => Err(too_large(&number)),
    }
}

/// Methods that ask for a number of the machine.
macro_rules! integers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            let (context, found) = self.find()?;
            match found {
                Found::Word(ty @ (WordType::Uint(_) | WordType::Int(_)), word) => {
                    visit_integer(ty, word, visitor)
                }
                other => other.visit(context, visitor),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for ValueDeserializer<'_, '_, 'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let (context, found) = self.find()?;
        found.visit(context, visitor)
    }

    integers! {
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let (context, found) = self.find()?;
        match found {
            Found::String(bytes) if std::str::from_utf8(bytes).is_err() => {
                Err(Fault::custom("the string is not UTF-8"))
            }
            other => other.visit(context, visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let (context, found) = self.find()?;
        match found {
            Found::Bytes(bytes) | Found::String(bytes) => visitor.visit_borrowed_bytes(bytes),
            other => other.visit(context, visitor),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let (context, found) = self.find()?;
        found.visit_seq(context, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let reader = &mut self.context.reader;
        match self.place {
            Place::Topic(ty, word) => reader.check(ty, word)?,
            Place::Data(plan, head) => reader.skip(plan, head)?,
        }
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool f32 f64 char unit unit_struct map struct enum identifier
    }
}

/// All parameters together: a struct or map by their keys, or a tuple.
pub(super) struct Root<'c, 'p, 'de> {
    pub(super) context: &'c mut Context<'de>,
    pub(super) fields: Fields<'p, 'de>,
}

impl<'de> Deserializer<'de> for Root<'_, '_, 'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_map(FieldAccess::new(self.context, self.fields))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visit_fields(self.context, self.fields, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.fields.len() == 0 {
            visitor.visit_unit()
        } else {
            self.deserialize_any(visitor)
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf map
        struct enum identifier ignored_any
    }
}
