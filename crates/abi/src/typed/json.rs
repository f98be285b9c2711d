//! The way through the JSON of a decoded event, field by field (`docs/protocol.md`, section 4).

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::tuple::in_component;
use super::{EventReader, FromAbi, FromWord, TupleReader};
use crate::decode::{DecodeError, DecodeErrorKind, is_metadata};
use crate::error::excerpt;

/// One value in the JSON of an event, as text that is valid JSON.
#[derive(Clone, Copy)]
pub struct Json<'a>(&'a RawValue);

impl<'a> Json<'a> {
    pub(super) fn parse<T: Deserialize<'a>>(self) -> Result<T, DecodeError> {
        serde_json::from_str(self.0.get()).map_err(|error| fault(excerpt(&error.to_string())))
    }

    pub(super) fn is_string(self) -> bool {
        self.0.get().starts_with('"')
    }

    pub(super) fn text(self) -> Result<Cow<'a, str>, DecodeError> {
        self.parse().map(|Text(text)| text)
    }

    pub(super) fn items<T: FromAbi>(self) -> Result<Vec<T::Value>, DecodeError> {
        let items: Vec<&RawValue> = self.parse()?;
        let read = |(nth, item)| T::from_json(Json(item)).map_err(|error| error.in_item(nth));
        items.into_iter().enumerate().map(read).collect()
    }
}

/// A string that is copied only if it has escapes.
#[derive(serde::Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

pub(super) fn fault(fault: impl Into<String>) -> DecodeError {
    DecodeError::new(DecodeErrorKind::Json {
        fault: fault.into(),
    })
}

/// The members of an object, in the order of the text.
pub(super) struct Members<'a> {
    members: Vec<Member<'a>>,
    /// Where the next one wanted probably is: what is read has the order of what was written.
    next: usize,
}

struct Member<'a> {
    key: Cow<'a, str>,
    value: Json<'a>,
    taken: bool,
}

impl<'a> Members<'a> {
    fn take(&mut self, key: &str) -> Result<Json<'a>, DecodeError> {
        let wanted = |member: &Member<'_>| member.key == key;
        let probably = self.members.get(self.next).is_some_and(wanted);
        let index = if probably {
            Some(self.next)
        } else {
            self.members.iter().position(wanted)
        };
        let member = index.and_then(|index| self.members.get_mut(index));
        let member = member.ok_or_else(|| fault("it is not there"))?;
        member.taken = true;
        self.next = index.map_or(0, |index| index + 1);
        Ok(member.value)
    }

    /// Nothing may be left but what is `allowed`: it would be of another event, or another tuple.
    fn finish(&self, allowed: fn(&str) -> bool) -> Result<(), DecodeError> {
        let left = |member: &&Member<'_>| !member.taken && !allowed(&member.key);
        match self.members.iter().find(left) {
            None => Ok(()),
            Some(member) => Err(fault(format!(
                "`{}` is there, which belongs to something else",
                excerpt(&member.key)
            ))),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct Collect;

        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some((Text(key), value)) = map.next_entry()? {
                    members.push(Member {
                        key,
                        value: Json(value),
                        taken: false,
                    });
                }
                Ok(Members { members, next: 0 })
            }
        }

        input.deserialize_map(Collect)
    }
}

/// The parameters of an event in its JSON.
pub(super) struct JsonEvent<'a>(Members<'a>);

impl<'a> JsonEvent<'a> {
    pub(super) fn parse(json: &'a str) -> Result<Self, DecodeError> {
        let members = serde_json::from_str(json);
        members
            .map(Self)
            .map_err(|error| fault(excerpt(&error.to_string())))
    }

    pub(super) fn finish(&self) -> Result<(), DecodeError> {
        self.0.finish(is_metadata)
    }
}

impl EventReader for JsonEvent<'_> {
    fn topic<T: FromWord>(&mut self, key: &str) -> Result<T::Value, DecodeError> {
        self.data::<T>(key)
    }

    fn data<T: FromAbi>(&mut self, key: &str) -> Result<T::Value, DecodeError> {
        let value = self.0.take(key).and_then(T::from_json);
        value.map_err(|error| error.in_parameter(key))
    }
}

/// The components of a tuple in its JSON: an object by names, or an array.
pub(super) enum JsonTuple<'a> {
    Named(Members<'a>, usize),
    Listed(std::iter::Enumerate<std::vec::IntoIter<&'a RawValue>>),
}

impl<'a> JsonTuple<'a> {
    pub(super) fn parse(json: Json<'a>) -> Result<Self, DecodeError> {
        if json.0.get().starts_with('[') {
            let items: Vec<&RawValue> = json.parse()?;
            return Ok(Self::Listed(items.into_iter().enumerate()));
        }
        Ok(Self::Named(json.parse()?, 0))
    }

    pub(super) fn finish(self) -> Result<(), DecodeError> {
        match self {
            Self::Named(members, _) => members.finish(|_| false),
            Self::Listed(mut items) => match items.next() {
                None => Ok(()),
                Some((nth, _)) => Err(fault(format!("more than {nth} components"))),
            },
        }
    }
}

impl TupleReader for JsonTuple<'_> {
    fn next<T: FromAbi>(&mut self, name: &str) -> Result<T::Value, DecodeError> {
        let (nth, json) = match self {
            Self::Named(members, nth) => {
                *nth += 1;
                (*nth - 1, members.take(name))
            }
            Self::Listed(items) => match items.next() {
                Some((nth, item)) => (nth, Ok(Json(item))),
                None => return Err(fault("a tuple ends before its last component")),
            },
        };
        json.and_then(T::from_json)
            .map_err(|error| in_component(error, nth, name))
    }
}
