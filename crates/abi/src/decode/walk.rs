//! The way through a log's data: positions and bounds, whatever is done with the values.

use event_streamer_models::B256;

use super::error::{DecodeError, DecodeErrorKind};
use super::json::JsonWriter;
use super::plan::{ItemPlan, TuplePlan, ValuePlan};
use super::strictness::{Strictness, is_value_of};
use super::words::{WORD, Word, Words};
use crate::types::WordType;

/// One log on its way to JSON.
pub(super) struct Walk<'data, 'out> {
    pub(super) words: Words<'data>,
    pub(super) json: JsonWriter<'out>,
    pub(super) strictness: Strictness,
}

/// Where a value's head stands, and where offsets in it count from.
#[derive(Clone, Copy)]
pub(super) struct Head {
    pub(super) base: usize,
    pub(super) at: usize,
}

impl<'data> Walk<'data, '_> {
    /// After the last value: whether the data may end here.
    pub(super) fn finish(&self) -> Result<(), DecodeError> {
        if self.strictness == Strictness::Strict {
            self.words.check_end()
        } else {
            Ok(())
        }
    }

    /// A value in the data. The recursion is as deep as the type, which is bounded.
    pub(super) fn value(&mut self, plan: &ValuePlan, head: Head) -> Result<(), DecodeError> {
        match plan {
            ValuePlan::Word(ty) => {
                let word = self.words.word(head.at)?;
                self.word(*ty, word)
            }
            ValuePlan::Bytes => {
                let bytes = self.tail(head)?;
                self.json.bytes(bytes);
                Ok(())
            }
            ValuePlan::String => {
                let bytes = self.tail(head)?;
                self.json.string(bytes);
                Ok(())
            }
            ValuePlan::Array(item) => {
                let at = self.words.follow(head.base, head.at)?;
                let length = self.words.length(at, item.head)?;
                self.items(item, length, at + WORD, at + WORD)
            }
            ValuePlan::FixedArray {
                item,
                length,
                dynamic,
            } => {
                let head = self.enter(head, *dynamic)?;
                self.words
                    .require(head.at, length.saturating_mul(item.head))?;
                self.items(item, *length, head.base, head.at)
            }
            ValuePlan::Tuple(tuple) => {
                let head = self.enter(head, tuple.dynamic)?;
                self.tuple(tuple, head)
            }
        }
    }

    /// A value of one word, from the data or a topic.
    pub(super) fn word(&mut self, ty: WordType, word: &Word) -> Result<(), DecodeError> {
        if self.strictness == Strictness::Strict && !is_value_of(ty, word) {
            let (found, expected) = (B256::from(*word), ty.to_string());
            return Err(DecodeError::new(DecodeErrorKind::Value { found, expected }));
        }
        self.json.word(ty, word);
        Ok(())
    }

    /// The parts of a dynamic array of known length, or tuple, lie in the tail, those of a static
    /// one right here.
    fn enter(&mut self, head: Head, dynamic: bool) -> Result<Head, DecodeError> {
        if !dynamic {
            return Ok(head);
        }
        let at = self.words.follow(head.base, head.at)?;
        Ok(Head { base: at, at })
    }

    /// The content of bytes or a string.
    fn tail(&mut self, head: Head) -> Result<&'data [u8], DecodeError> {
        let at = self.words.follow(head.base, head.at)?;
        let length = self.words.length(at, 1)?;
        let bytes = self.words.bytes(at + WORD, length)?;
        if self.strictness == Strictness::Strict {
            self.words.check_padding(at + WORD + length, length)?;
        }
        Ok(bytes)
    }

    fn items(
        &mut self,
        item: &ItemPlan,
        length: usize,
        base: usize,
        first: usize,
    ) -> Result<(), DecodeError> {
        self.json.raw(b"[");
        for nth in 0..length {
            if nth > 0 {
                self.json.raw(b",");
            }
            let head = Head {
                base,
                at: first + nth * item.head,
            };
            self.value(&item.value, head)
                .map_err(|error| error.in_item(nth))?;
        }
        self.json.raw(b"]");
        Ok(())
    }

    fn tuple(&mut self, tuple: &TuplePlan, head: Head) -> Result<(), DecodeError> {
        let (open, close) = if tuple.keyed {
            (b"{", b"}")
        } else {
            (b"[", b"]")
        };
        self.json.raw(open);
        for (nth, field) in tuple.fields.iter().enumerate() {
            self.json.raw(&field.prefix);
            let head = Head {
                base: head.base,
                at: head.at + field.head,
            };
            self.value(&field.value, head)
                .map_err(|error| error.in_field(nth, field.name.as_deref()))?;
        }
        self.json.raw(close);
        Ok(())
    }
}
