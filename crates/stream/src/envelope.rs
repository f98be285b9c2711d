//! The one pass over a line: what kind of message it is and, of a batch, the envelope's fields and
//! where the events lie.
//!
//! What is checked here, and so for every line: that it is one JSON object by the whole grammar, down to
//! the last event; that the fields of the envelope have their types; that `events` is
//! an object of arrays of objects. What an event says is checked when it is asked for.

mod as_written;

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use event_streamer_models::SubscriptionId;

use crate::batch::{EventName, Head, Layout, LazyId, NameGroup, Names, Spans};
use crate::error::{DecodeError, excerpt};
use crate::scan::{Brackets, Marked, Marks, Scanner, Unreadable};

/// What a line is.
#[allow(
    clippy::large_enum_variant,
    reason = "nearly every line is a batch, and this lives for a moment"
)]
pub(crate) enum Line {
    Batch(Layout),
    /// A message of another type, the name of which this is.
    Other(String),
}

const BATCH: &str = "event_batch";

/// The fields of the envelope that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Kind,
    ResponseId,
    BatchId,
    SubscriptionId,
    ConnectionId,
    ResumeToken,
    Sequence,
    Step,
    BatchSize,
    Redelivery,
    Coverage,
    Timestamp,
    Events,
}

const FIELDS: usize = 13;

impl Field {
    #[inline]
    fn named(key: &str) -> Option<Self> {
        Some(match key {
            "type" => Self::Kind,
            "response_id" => Self::ResponseId,
            "batch_id" => Self::BatchId,
            "subscription_id" => Self::SubscriptionId,
            "connection_id" => Self::ConnectionId,
            "resume_token" => Self::ResumeToken,
            "sequence" => Self::Sequence,
            "step" => Self::Step,
            "batch_size" => Self::BatchSize,
            "redelivery" => Self::Redelivery,
            "coverage" => Self::Coverage,
            "timestamp" => Self::Timestamp,
            "events" => Self::Events,
            _ => return None,
        })
    }

    fn duplicate(self) -> &'static str {
        match self {
            Self::Kind => "duplicate field `type`",
            Self::ResponseId => "duplicate field `response_id`",
            Self::BatchId => "duplicate field `batch_id`",
            Self::SubscriptionId => "duplicate field `subscription_id`",
            Self::ConnectionId => "duplicate field `connection_id`",
            Self::ResumeToken => "duplicate field `resume_token`",
            Self::Sequence => "duplicate field `sequence`",
            Self::Step => "duplicate field `step`",
            Self::BatchSize => "duplicate field `batch_size`",
            Self::Redelivery => "duplicate field `redelivery`",
            Self::Coverage => "duplicate field `coverage`",
            Self::Timestamp => "duplicate field `timestamp`",
            Self::Events => "duplicate field `events`",
        }
    }

    fn mistyped(self) -> &'static str {
        match self {
            Self::Kind => "`type` is not a string",
            Self::ResponseId => "`response_id` is not a string",
            Self::BatchId => "`batch_id` is not a string",
            Self::SubscriptionId => "`subscription_id` is not a positive integer of 64 bits",
            Self::ConnectionId => "`connection_id` is not a string",
            Self::ResumeToken => "`resume_token` is not a string",
            Self::Sequence => "`sequence` is not an unsigned integer of 64 bits",
            Self::Step => "`step` is not an unsigned integer of 64 bits",
            Self::BatchSize => "`batch_size` is not an unsigned integer of 64 bits",
            Self::Redelivery => "`redelivery` is not an unsigned integer of 64 bits",
            Self::Coverage | Self::Timestamp | Self::Events => "a field is not what it must be",
        }
    }
}

/// Reads a line.
///
/// # Errors
///
/// [`DecodeError`] when it is not what the head of this file says, or has no `type`, or is a batch
/// with a field of the envelope twice.
pub(crate) fn read(line: &str, marks: &Marks) -> Result<Line, DecodeError> {
    let marked = Marked::new(line, marks);
    if let Some(layout) = as_written::read(marked) {
        return Ok(Line::Batch(layout));
    }
    read_any(marked)
}

/// The long way, for every line.
#[cold]
fn read_any(marked: Marked<'_>) -> Result<Line, DecodeError> {
    let envelope = Envelope {
        marked,
        fields: Default::default(),
        duplicate: None,
        events: None,
    };
    envelope.read()
}

/// The walk over a line.
struct Envelope<'a> {
    marked: Marked<'a>,
    /// Where the value of each field lies, by the number of the field.
    fields: [Option<Range<usize>>; FIELDS],
    /// The first field that came twice, and where.
    duplicate: Option<Unreadable>,
    /// The events, once they are located.
    events: Option<EventSpans>,
}

/// Where the events lie.
#[derive(Default)]
struct EventSpans {
    names: Names,
    spans: Spans,
}

impl<'a> Envelope<'a> {
    fn read(mut self) -> Result<Line, DecodeError> {
        self.walk()?;
        let Some(kind) = self.kind()? else {
            return Err(DecodeError::new("a stream line has no `type`"));
        };
        if kind != BATCH {
            return Ok(Line::Other(kind.into_owned()));
        }
        let unreadable = |error: Unreadable| error.within("an event batch");
        if let Some(duplicate) = self.duplicate {
            return Err(unreadable(duplicate));
        }
        let head = self.head().map_err(unreadable)?;
        let EventSpans { names, spans } = match (self.events, &self.fields[Field::Events as usize])
        {
            (Some(events), _) => events,
            // They came before the type.
            (None, Some(range)) if self.marked.text.get(range.clone()) != Some("null") => {
                let mut scanner = Scanner::new(self.marked, range.start);
                EventSpans::read(self.marked.text, &mut scanner)?
            }
            _ => return Err(DecodeError::new("an event batch has no `events`")),
        };
        Ok(Line::Batch(Layout {
            head,
            names,
            spans,
            first: None,
        }))
    }

    fn walk(&mut self) -> Result<(), DecodeError> {
        let unreadable = |error: Unreadable| error.within("a stream line");
        let mut scanner = Scanner::new(self.marked, 0);
        let mut more = scanner.open(Brackets::Object).map_err(unreadable)?;
        while more {
            self.field(&mut scanner)?;
            more = scanner.more(Brackets::Object).map_err(unreadable)?;
        }
        scanner.end().map_err(unreadable)
    }

    fn field(&mut self, scanner: &mut Scanner<'_>) -> Result<(), DecodeError> {
        let unreadable = |error: Unreadable| error.within("a stream line");
        scanner.peek().map_err(unreadable)?;
        let key_at = scanner.offset();
        let key = scanner.key().map_err(unreadable)?;
        let name = key
            .text(self.marked.text)
            .ok_or_else(|| unreadable(key.no_text()))?;
        let Some(field) = Field::named(&name) else {
            scanner.value().map_err(unreadable)?;
            return Ok(());
        };
        let known = self.fields[field as usize].is_some();
        if known {
            let duplicate = Unreadable::new(field.duplicate(), key_at);
            if field == Field::Kind {
                return Err(unreadable(duplicate));
            }
            self.duplicate.get_or_insert(duplicate);
        }
        // Nearly always the type comes first, so that the events are walked over once.
        let start = scanner.peek().map_err(unreadable)?;
        let range = if field == Field::Events && start != b'n' && !known && self.is_batch() {
            let start = scanner.offset();
            self.events = Some(EventSpans::read(self.marked.text, scanner)?);
            start..scanner.offset()
        } else {
            scanner.value().map_err(unreadable)?
        };
        self.fields[field as usize] = Some(range);
        Ok(())
    }

    /// Where the value of a field lies that is there and not `null`.
    fn value(&self, field: Field) -> Option<(&Range<usize>, &'a str)> {
        let range = self.fields[field as usize].as_ref()?;
        let value = self.marked.text.get(range.clone())?;
        (value != "null").then_some((range, value))
    }

    fn is_batch(&self) -> bool {
        self.kind()
            .is_ok_and(|kind| kind.is_some_and(|kind| kind == BATCH))
    }

    fn kind(&self) -> Result<Option<Cow<'a, str>>, DecodeError> {
        let Some((range, value)) = self.value(Field::Kind) else {
            return Ok(None);
        };
        if let Some(plain) = self.marked.plain_text(range) {
            return Ok(self.marked.text.get(plain).map(Cow::Borrowed));
        }
        self.unescaped(value, Field::Kind)
            .map(|kind| Some(Cow::Owned(kind)))
            .map_err(|error| error.within("a stream line"))
    }

    /// The fields beside the events, typed.
    fn head(&self) -> Result<Head, Unreadable> {
        let span = |field| self.fields[field as usize].clone();
        let subscription_id = self.integer(Field::SubscriptionId)?;
        let subscription_id = subscription_id
            .map(SubscriptionId::new)
            .transpose()
            .map_err(|_| self.mistyped(Field::SubscriptionId))?;
        Ok(Head {
            response_id: self.id(Field::ResponseId)?,
            batch_id: self.id(Field::BatchId)?,
            subscription_id,
            connection_id: self.id(Field::ConnectionId)?,
            resume_token: self.id(Field::ResumeToken)?,
            sequence: self.integer(Field::Sequence)?,
            step: self.integer(Field::Step)?,
            batch_size: self.integer(Field::BatchSize)?,
            redelivery: self.integer(Field::Redelivery)?,
            coverage: span(Field::Coverage),
            timestamp: span(Field::Timestamp),
        })
    }

    fn id<T: From<String>>(&self, field: Field) -> Result<LazyId<T>, Unreadable> {
        let Some((range, value)) = self.value(field) else {
            return Ok(LazyId::default());
        };
        if let Some(plain) = self.marked.plain_text(range) {
            return Ok(LazyId::at(plain));
        }
        self.unescaped(value, field)
            .map(|text| LazyId::from(T::from(text)))
    }

    /// What a string with escapes says.
    #[cold]
    fn unescaped(&self, value: &str, field: Field) -> Result<String, Unreadable> {
        serde_json::from_str(value).map_err(|_| self.mistyped(field))
    }

    fn integer(&self, field: Field) -> Result<Option<u64>, Unreadable> {
        self.value(field)
            .map(|(_, digits)| digits.parse().map_err(|_| self.mistyped(field)))
            .transpose()
    }

    fn mistyped(&self, field: Field) -> Unreadable {
        let at = self.fields[field as usize].as_ref();
        Unreadable::new(field.mistyped(), at.map_or(0, |range| range.start))
    }
}

impl EventSpans {
    /// Walks over `{name: [event, ..], ..}`.
    fn read(line: &str, scanner: &mut Scanner<'_>) -> Result<Self, DecodeError> {
        let unreadable = |error: Unreadable| error.within("an event batch");
        let mut events = Self::default();
        let mut more = scanner.open(Brackets::Object).map_err(unreadable)?;
        while more {
            let key = scanner.key().map_err(unreadable)?;
            let name = match key.text(line) {
                Some(Cow::Borrowed(_)) => EventName::At(key.range.clone()),
                Some(Cow::Owned(name)) => EventName::Unescaped(name.into()),
                None => return Err(unreadable(key.no_text())),
            };
            let start = events.spans.len();
            let mut more_events = scanner.open(Brackets::Array).map_err(unreadable)?;
            while more_events {
                let is_object = scanner.peek().map_err(unreadable)? == b'{';
                let span = scanner.value().map_err(unreadable)?;
                if !is_object {
                    let got = excerpt(line.get(span).unwrap_or_default());
                    let what = format!("an event is not an object but `{got}`");
                    return Err(DecodeError::new(what));
                }
                events.spans.push(span);
                more_events = scanner.more(Brackets::Array).map_err(unreadable)?;
            }
            let range = start..events.spans.len();
            events.names.push(NameGroup {
                name,
                events: range,
            });
            more = scanner.more(Brackets::Object).map_err(unreadable)?;
        }
        // Two arrays of one name would leave it open which of them counts.
        if has_duplicates(line, &events.names) {
            return Err(DecodeError::new(
                "an event batch is not readable: an event name occurs twice",
            ));
        }
        Ok(events)
    }
}

/// Linear in the number of names, which the service chooses.
fn has_duplicates(line: &str, names: &[NameGroup]) -> bool {
    if names.len() < 2 {
        return false;
    }
    let mut known = HashSet::with_capacity(names.len());
    !names
        .iter()
        .all(|group| known.insert(group.name.text(line)))
}

#[cfg(test)]
mod tests;
