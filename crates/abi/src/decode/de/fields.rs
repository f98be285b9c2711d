//! Values that stand beside each other under keys: parameters, and the components of a tuple.

use event_streamer_models::B256;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, MapAccess, SeqAccess};

use super::Context;
use super::fault::Fault;
use super::value::{Place, ValueDeserializer};
use crate::decode::error::DecodeError;
use crate::decode::plan::{FieldPlan, ParameterPlan, Source};
use crate::decode::reader::Head;

/// Where the values are, and what they are called.
#[derive(Clone, Copy)]
pub(super) enum Fields<'p, 'de> {
    Parameters {
        plans: &'p [ParameterPlan],
        topics: &'de [B256],
    },
    /// Of a tuple at `head`.
    Components { plans: &'p [FieldPlan], head: Head },
}

impl<'p, 'de> Fields<'p, 'de> {
    pub(super) fn len(self) -> usize {
        match self {
            Self::Parameters { plans, .. } => plans.len(),
            Self::Components { plans, .. } => plans.len(),
        }
    }

    /// `None` if there are no more, or if they have no keys.
    fn key(self, nth: usize) -> Option<&'p str> {
        match self {
            Self::Parameters { plans, .. } => plans.get(nth).map(|plan| &*plan.key),
            Self::Components { plans, .. } => plans.get(nth).and_then(|plan| plan.name.as_deref()),
        }
    }

    fn place(self, nth: usize) -> Option<Place<'p, 'de>> {
        match self {
            Self::Parameters { plans, topics } => Some(match &plans.get(nth)?.source {
                Source::Topic { nth, word, .. } => {
                    Place::Topic(*word, topics.get(*nth)?.as_bytes())
                }
                Source::Data { head, value } => Place::Data(value, Head { base: 0, at: *head }),
            }),
            Self::Components { plans, head } => {
                let plan = plans.get(nth)?;
                Some(Place::Data(&plan.value, plan.head_in(head)))
            }
        }
    }

    /// The error, with the field it happened in.
    #[cold]
    fn blame(self, nth: usize, error: DecodeError) -> Fault {
        Fault(match (self, self.key(nth)) {
            (Self::Parameters { .. }, Some(key)) => error.in_parameter(key),
            (_, key) => error.in_field(nth, key),
        })
    }
}

/// Goes through fields, with or without their keys.
pub(super) struct FieldAccess<'c, 'p, 'de> {
    context: &'c mut Context<'de>,
    fields: Fields<'p, 'de>,
    next: usize,
}

impl<'c, 'p, 'de> FieldAccess<'c, 'p, 'de> {
    pub(super) fn new(context: &'c mut Context<'de>, fields: Fields<'p, 'de>) -> Self {
        Self {
            context,
            fields,
            next: 0,
        }
    }

    /// How many the visitor left alone.
    pub(super) fn left(&self) -> usize {
        self.fields.len() - self.next
    }

    fn value<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        let nth = self.next;
        let Some(place) = self.fields.place(nth) else {
            return Ok(None);
        };
        self.next += 1;
        let deserializer = ValueDeserializer {
            context: &mut *self.context,
            place,
        };
        let value = seed.deserialize(deserializer);
        value
            .map(Some)
            .map_err(|fault| self.fields.blame(nth, fault.0))
    }
}

impl<'de> SeqAccess<'de> for FieldAccess<'_, '_, 'de> {
    type Error = Fault;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Fault> {
        self.value(seed)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left())
    }
}

impl<'de> MapAccess<'de> for FieldAccess<'_, '_, 'de> {
    type Error = Fault;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Fault> {
        let Some(key) = self.fields.key(self.next) else {
            return Ok(None);
        };
        let key: StrDeserializer<'_, Fault> = serde::de::IntoDeserializer::into_deserializer(key);
        seed.deserialize(key)
            .map(Some)
            .map_err(|fault| self.fields.blame(self.next, fault.0))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        self.value(seed)?
            .ok_or_else(|| serde::de::Error::custom("a value without its key was asked for"))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left())
    }
}
