//! The short way over a batch as our service writes it: every field in its place, no white space, no
//! escapes in the envelope.
//!
//! What is accepted here is a part of what the long way accepts, with the same result; of everything
//! else nothing is said, and the long way is taken from the start. So a line is walked over twice at
//! the most.

use std::ops::Range;

use event_streamer_models::SubscriptionId;

use super::has_duplicates;
use crate::batch::{EventName, Head, Layout, LazyId, NameGroup, Names, Spans};
use crate::position::Place;
use crate::scan::{Marked, Scanner, object_end, string_end_behind};

/// The layout of a batch; `None` if the line is anything else.
pub(super) fn read(line: Marked<'_>) -> Option<Layout> {
    let mut walk = Walk { line, at: 0 };
    walk.take(b"{\"type\":\"event_batch\"")?;
    walk.take(b",\"response_id\":\"")?;
    let response_id = walk.text()?;
    walk.take(b",\"batch_id\":\"")?;
    let batch_id = walk.text()?;
    walk.take(b",\"subscription_id\":")?;
    let subscription_id = SubscriptionId::new(walk.number()?).ok()?;
    walk.take(b",\"connection_id\":\"")?;
    let connection_id = walk.text()?;
    walk.take(b",\"resume_token\":\"")?;
    let resume_token = walk.text()?;
    walk.take(b",\"sequence\":")?;
    let sequence = walk.number()?;
    let step = match walk.take(b",\"step\":") {
        Some(()) => Some(walk.number()?),
        None => None,
    };
    walk.take(b",\"batch_size\":")?;
    let batch_size = walk.number()?;
    walk.take(b",\"timestamp\":\"")?;
    let timestamp = walk.text()?;
    let coverage = match walk.take(b",\"coverage\":") {
        Some(()) => Some(walk.object()?),
        None => None,
    };
    walk.take(b",\"events\":{")?;
    let (names, spans, first) = walk.events()?;
    walk.take(b"}")?;
    (walk.at == line.text.len()).then_some(())?;
    Some(Layout {
        head: Head {
            response_id: LazyId::at(response_id),
            batch_id: LazyId::at(batch_id),
            subscription_id: Some(subscription_id),
            connection_id: LazyId::at(connection_id),
            resume_token: LazyId::at(resume_token),
            sequence: Some(sequence),
            step,
            batch_size: Some(batch_size),
            redelivery: None,
            coverage,
            timestamp: Some(timestamp.start - 1..timestamp.end + 1),
        },
        names,
        spans,
        first,
    })
}

struct Walk<'a> {
    line: Marked<'a>,
    at: usize,
}

impl Walk<'_> {
    /// Walks over bytes that must come next.
    #[inline(always)]
    fn take<const N: usize>(&mut self, wanted: &[u8; N]) -> Option<()> {
        let rest = self.line.text.as_bytes().get(self.at..)?;
        (rest.first_chunk::<N>()? == wanted).then_some(())?;
        self.at += N;
        Some(())
    }

    fn peek(&self) -> Option<u8> {
        self.line.text.as_bytes().get(self.at).copied()
    }

    /// Behind its quote, walks over a string without escapes; answers where its text lies.
    #[inline(always)]
    fn text(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        self.at = string_end_behind(self.line, start)?;
        Some(start..self.at - 1)
    }

    /// Walks over an integer of 64 bits without a sign. What follows it is for the caller to see.
    #[inline(always)]
    fn number(&mut self) -> Option<u64> {
        let first = self.peek()?;
        let (start, mut number) = (self.at, 0_u64);
        while let Some(digit) = self.peek().map(|byte| byte.wrapping_sub(b'0'))
            && digit < 10
        {
            number = number.checked_mul(10)?.checked_add(digit.into())?;
            self.at += 1;
        }
        let digits = self.at - start;
        (digits == 1 || digits > 1 && first != b'0').then_some(number)
    }

    /// Walks over an object; answers where it lies. One with something else inside than strings and
    /// integers takes the long way, alone.
    #[inline(always)]
    fn object(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        self.at = match object_end(self.line, start) {
            Some(end) => end,
            None if self.peek()? == b'{' => Scanner::new(self.line, start).value().ok()?.end,
            None => return None,
        };
        Some(start..self.at)
    }

    /// The same, and notes on the way what places the event.
    fn placed_object(&mut self, place: &mut Option<Place>) -> Option<Range<usize>> {
        let start = self.at;
        let Some((placed, end)) = Place::in_plain(self.line, start) else {
            return self.object();
        };
        *place = Some(placed);
        self.at = end;
        Some(start..end)
    }

    /// Behind the opening brace: walks over names, each with a list of at least one event, and the
    /// closing brace.
    fn events(&mut self) -> Option<(Names, Spans, Option<Place>)> {
        let (mut names, mut spans) = (Names::new(), Spans::new());
        let mut first_place = None;
        loop {
            self.take(b"\"")?;
            let name = EventName::At(self.text()?);
            self.take(b":[")?;
            let first = spans.len();
            loop {
                let span = match spans.len() {
                    0 => self.placed_object(&mut first_place)?,
                    _ => self.object()?,
                };
                spans.push(span);
                let next = self.peek()?;
                self.at += 1;
                match next {
                    b',' => {}
                    b']' => break,
                    _ => return None,
                }
            }
            let events = first..spans.len();
            names.push(NameGroup { name, events });
            let next = self.peek()?;
            self.at += 1;
            match next {
                b',' => {}
                b'}' => break,
                _ => return None,
            }
        }
        // Told of by the long way.
        (!has_duplicates(self.line.text, &names)).then_some((names, spans, first_place))
    }
}
