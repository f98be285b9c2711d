//! Values one after the other: the elements of an array, and single bytes.

use serde::de::{DeserializeSeed, SeqAccess};

use super::Context;
use super::fault::Fault;
use super::value::{Place, ValueDeserializer};
use crate::decode::plan::ValuePlan;
use crate::decode::reader::Items;

/// The elements of an array.
pub(super) struct ItemAccess<'c, 'p, 'de> {
    pub(super) context: &'c mut Context<'de>,
    pub(super) plan: &'p ValuePlan,
    pub(super) items: Items,
    pub(super) next: usize,
}

impl ItemAccess<'_, '_, '_> {
    /// How many the visitor left alone.
    pub(super) fn left(&self) -> usize {
        self.items.length - self.next
    }
}

impl<'de> SeqAccess<'de> for ItemAccess<'_, '_, 'de> {
    type Error = Fault;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Fault> {
        if self.left() == 0 {
            return Ok(None);
        }
        let nth = self.next;
        self.next += 1;
        let deserializer = ValueDeserializer {
            context: &mut *self.context,
            place: Place::Data(self.plan, self.items.head(nth)),
        };
        seed.deserialize(deserializer)
            .map(Some)
            .map_err(|fault| Fault(fault.0.in_item(nth)))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left())
    }
}
