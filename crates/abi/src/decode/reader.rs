//! The way through encoded values: positions and bounds, whatever is done with what is found.

use event_streamer_models::B256;

use super::error::{DecodeError, DecodeErrorKind};
use super::plan::{ItemPlan, ValuePlan};
use super::strictness::Strictness;
use super::words::Words;
use crate::types::WordType;
use crate::word::{WORD, Word, is_value_of};

/// Encoded data on its way to anything.
pub(crate) struct Reader<'data> {
    words: Words<'data>,
    strictness: Strictness,
}

/// Where a value's head stands, and where offsets in it count from.
#[derive(Clone, Copy)]
pub(crate) struct Head {
    pub(crate) base: usize,
    pub(crate) at: usize,
}

/// The elements of an array whose length was found to fit.
#[derive(Clone, Copy)]
pub(crate) struct Items {
    pub(crate) length: usize,
    base: usize,
    first: usize,
    each: usize,
}

impl Items {
    /// For how many elements there is to be room before the first of them is read. A type may have
    /// more than a hundred arrays inside each other, each of which may claim all of the data.
    pub(crate) fn room(self) -> usize {
        const MOST: usize = 64;
        self.length.min(MOST)
    }

    /// Where the head of the `nth` element stands.
    pub(crate) fn head(self, nth: usize) -> Head {
        Head {
            base: self.base,
            at: self.first + nth * self.each,
        }
    }
}

impl<'data> Reader<'data> {
    pub(crate) fn new(data: &'data [u8], strictness: Strictness) -> Self {
        Self {
            words: Words::new(data),
            strictness,
        }
    }

    /// After the last value: whether the data may end here.
    pub(crate) fn finish(&self) -> Result<(), DecodeError> {
        if self.strictness == Strictness::Strict {
            self.words.check_end()
        } else {
            Ok(())
        }
    }

    /// A value of one word.
    pub(crate) fn word(&mut self, ty: WordType, head: Head) -> Result<&'data Word, DecodeError> {
        let word = self.words.word(head.at)?;
        self.check(ty, word)?;
        Ok(word)
    }

    /// A value of one word that is not held to its type.
    #[inline]
    pub(crate) fn word_at(&mut self, head: Head) -> Result<&'data Word, DecodeError> {
        self.words.word(head.at)
    }

    /// Whether a word, of the data or a topic, may stand for a value of this type.
    pub(crate) fn check(&self, ty: WordType, word: &Word) -> Result<(), DecodeError> {
        if self.strictness == Strictness::Strict && !is_value_of(ty, word) {
            let (found, expected) = (B256::from(*word), ty.to_string());
            return Err(DecodeError::new(DecodeErrorKind::Value { found, expected }));
        }
        Ok(())
    }

    /// The content of bytes or a string.
    pub(crate) fn tail(&mut self, head: Head) -> Result<&'data [u8], DecodeError> {
        let at = self.words.follow(head.base, head.at)?;
        let length = self.words.length(at, 1)?;
        let bytes = self.words.bytes(at + WORD, length)?;
        if self.strictness == Strictness::Strict {
            self.words.check_padding(at + WORD + length, length)?;
        }
        Ok(bytes)
    }

    /// The elements of `T[]`, whose heads take `each` bytes.
    pub(crate) fn array(&mut self, each: usize, head: Head) -> Result<Items, DecodeError> {
        let at = self.words.follow(head.base, head.at)?;
        let length = self.words.length(at, each)?;
        Ok(Items {
            length,
            base: at + WORD,
            first: at + WORD,
            each,
        })
    }

    /// The elements of `T[length]`, whose heads take `each` bytes.
    pub(crate) fn fixed_array(
        &mut self,
        each: usize,
        length: usize,
        dynamic: bool,
        head: Head,
    ) -> Result<Items, DecodeError> {
        let head = self.enter(head, dynamic)?;
        self.words.require(head.at, length.saturating_mul(each))?;
        Ok(Items {
            length,
            base: head.base,
            first: head.at,
            each,
        })
    }

    /// Goes through a value that nobody asked for: it is held to the same rules.
    pub(super) fn skip(&mut self, plan: &ValuePlan, head: Head) -> Result<(), DecodeError> {
        match plan {
            ValuePlan::Word(ty) => self.word(*ty, head).map(drop),
            ValuePlan::Bytes | ValuePlan::String => self.tail(head).map(drop),
            ValuePlan::Array(item) => {
                let items = self.array(item.head, head)?;
                self.skip_items(item, items)
            }
            ValuePlan::FixedArray {
                item,
                length,
                dynamic,
            } => {
                let items = self.fixed_array(item.head, *length, *dynamic, head)?;
                self.skip_items(item, items)
            }
            ValuePlan::Tuple(tuple) => {
                let head = self.enter(head, tuple.dynamic)?;
                for (nth, field) in tuple.fields.iter().enumerate() {
                    self.skip(&field.value, field.head_in(head))
                        .map_err(|error| error.in_field(nth, field.name.as_deref()))?;
                }
                Ok(())
            }
        }
    }

    fn skip_items(&mut self, item: &ItemPlan, items: Items) -> Result<(), DecodeError> {
        for nth in 0..items.length {
            self.skip(&item.value, items.head(nth))
                .map_err(|error| error.in_item(nth))?;
        }
        Ok(())
    }

    /// The parts of a dynamic array of known length, or tuple, lie in the tail, those of a static
    /// one right here.
    pub(crate) fn enter(&mut self, head: Head, dynamic: bool) -> Result<Head, DecodeError> {
        if !dynamic {
            return Ok(head);
        }
        let at = self.words.follow(head.base, head.at)?;
        Ok(Head { base: at, at })
    }
}
