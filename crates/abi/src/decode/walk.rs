//! From encoded values to JSON, without anything in between.

use super::error::DecodeError;
use super::json::JsonWriter;
use super::plan::{ItemPlan, TuplePlan, ValuePlan};
use super::reader::{Head, Items, Reader};
use crate::types::WordType;
use crate::word::Word;

/// Encoded values on their way to JSON.
pub(super) struct JsonWalk<'data, 'out> {
    pub(super) reader: Reader<'data>,
    pub(super) json: JsonWriter<'out>,
}

impl JsonWalk<'_, '_> {
    /// A value in the data. The recursion is as deep as the type, which is bounded.
    pub(super) fn value(&mut self, plan: &ValuePlan, head: Head) -> Result<(), DecodeError> {
        match plan {
            ValuePlan::Word(ty) => {
                let word = self.reader.word(*ty, head)?;
                self.json.word(*ty, word);
                Ok(())
            }
            ValuePlan::Bytes => {
                let bytes = self.reader.tail(head)?;
                self.json.bytes(bytes);
                Ok(())
            }
            ValuePlan::String => {
                let bytes = self.reader.tail(head)?;
                self.json.string(bytes);
                Ok(())
            }
            ValuePlan::Array(item) => {
                let items = self.reader.array(item.head, head)?;
                self.items(item, items)
            }
            ValuePlan::FixedArray {
                item,
                length,
                dynamic,
            } => {
                let items = self
                    .reader
                    .fixed_array(item.head, *length, *dynamic, head)?;
                self.items(item, items)
            }
            ValuePlan::Tuple(tuple) => self.tuple(tuple, head),
        }
    }

    /// A value that stands in a topic.
    pub(super) fn topic(&mut self, ty: WordType, word: &Word) -> Result<(), DecodeError> {
        self.reader.check(ty, word)?;
        self.json.word(ty, word);
        Ok(())
    }

    fn items(&mut self, item: &ItemPlan, items: Items) -> Result<(), DecodeError> {
        self.json.raw(b"[");
        for nth in 0..items.length {
            if nth > 0 {
                self.json.raw(b",");
            }
            self.value(&item.value, items.head(nth))
                .map_err(|error| error.in_item(nth))?;
        }
        self.json.raw(b"]");
        Ok(())
    }

    fn tuple(&mut self, tuple: &TuplePlan, head: Head) -> Result<(), DecodeError> {
        let head = self.reader.enter(head, tuple.dynamic)?;
        let (open, close) = if tuple.keyed {
            (b"{", b"}")
        } else {
            (b"[", b"]")
        };
        self.json.raw(open);
        for (nth, field) in tuple.fields.iter().enumerate() {
            field.prefix.write(self.json.out);
            self.value(&field.value, field.head_in(head))
                .map_err(|error| error.in_field(nth, field.name.as_deref()))?;
        }
        self.json.raw(close);
        Ok(())
    }
}
