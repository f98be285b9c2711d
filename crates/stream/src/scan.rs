//! A walk over JSON text that looks at every byte once and builds nothing.
//!
//! It accepts exactly what serde_json accepts where it ignores a value: the whole grammar of RFC 8259,
//! with escapes checked for their form. The text must be UTF-8, which is checked beforehand for the
//! whole line. Nesting is unlimited here, as the walk does not recurse.

mod brackets;
mod marks;
mod plain;

use std::borrow::Cow;
use std::ops::Range;

use crate::error::DecodeError;
pub(crate) use brackets::Brackets;
use brackets::OpenBrackets;
use marks::next_mark;
pub(crate) use marks::{Marked, Marks};

/// The end of a string without escapes whose text starts at `at`.
#[inline]
pub(crate) fn string_end_behind(line: Marked<'_>, at: usize) -> Option<usize> {
    plain::end_behind_quote(line.text.as_bytes(), line.marks, at)
}

/// The end of an object that opens at `at`, if it is one of strings and integers alone.
#[inline]
pub(crate) fn object_end(line: Marked<'_>, at: usize) -> Option<usize> {
    plain::object_end(line.text.as_bytes(), line.marks, at)
}

/// Tells keys and values of an object of strings and integers alone that opens at `at`, until one of
/// them is answered with false; answers where the object ends. `None` if it was left, or is another.
#[inline(always)]
pub(crate) fn walk_plain(
    line: Marked<'_>,
    at: usize,
    tell: impl FnMut(Range<usize>, Range<usize>) -> bool,
) -> Option<usize> {
    plain::walk(line.text.as_bytes(), line.marks, at, tell)
}

/// What stands where it must not, or is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreadable {
    what: &'static str,
    /// Offset in the text.
    at: usize,
}

impl Unreadable {
    pub(crate) fn new(what: &'static str, at: usize) -> Self {
        Self { what, at }
    }

    /// The same, counted from `start` on.
    pub(crate) fn from(self, start: usize) -> Self {
        let at = self.at.saturating_sub(start);
        Self { at, ..self }
    }

    /// The error, `subject` being what is read.
    pub(crate) fn within(self, subject: impl std::fmt::Display) -> DecodeError {
        let Self { what, at } = self;
        DecodeError::new(format!(
            "{subject} is not readable: {what} at column {}",
            at + 1
        ))
    }
}

/// Where a string lies, its quotes not included.
#[derive(Debug, Clone)]
pub(crate) struct StringSpan {
    pub(crate) range: Range<usize>,
    /// Whether it holds escapes, so that the text is not what it says.
    pub(crate) escaped: bool,
}

impl StringSpan {
    /// What the string says, `json` being the text it lies in. `None` if an escape is no character:
    /// half of a surrogate pair.
    #[inline]
    pub(crate) fn text<'a>(&self, json: &'a str) -> Option<Cow<'a, str>> {
        let Self { range, escaped } = self;
        if *escaped {
            let quoted = json.get(range.start - 1..range.end + 1)?;
            return serde_json::from_str(quoted).ok().map(Cow::Owned);
        }
        json.get(range.clone()).map(Cow::Borrowed)
    }

    /// That it says nothing.
    pub(crate) fn no_text(&self) -> Unreadable {
        Unreadable::new("an escape that is no character", self.range.start)
    }
}

/// The walk.
#[derive(Debug, Clone)]
pub(crate) struct Scanner<'a> {
    bytes: &'a [u8],
    marks: &'a [u64],
    at: usize,
}

impl<'a> Scanner<'a> {
    /// A walk over a text from an offset on.
    #[inline]
    pub(crate) fn new(marked: Marked<'a>, at: usize) -> Self {
        Self {
            bytes: marked.text.as_bytes(),
            marks: marked.marks,
            at,
        }
    }

    /// Offset of the next byte.
    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    /// The next byte that is not white space, which stays.
    #[inline]
    pub(crate) fn peek(&mut self) -> Result<u8, Unreadable> {
        match self.bytes.get(self.at) {
            Some(byte) if *byte > b' ' => Ok(*byte),
            _ => self.peek_behind_space(),
        }
    }

    /// White space is rare: the service writes none.
    #[cold]
    fn peek_behind_space(&mut self) -> Result<u8, Unreadable> {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.at += 1,
                Some(byte) => return Ok(*byte),
                None => return Err(self.unreadable("EOF inside a value")),
            }
        }
    }

    /// Takes a byte if it is the next that is not white space.
    #[inline]
    pub(crate) fn take(&mut self, wanted: u8) -> Result<bool, Unreadable> {
        let hit = self.peek()? == wanted;
        self.at += usize::from(hit);
        Ok(hit)
    }

    /// Takes a byte that must come next; `what` says that it does not.
    #[inline]
    pub(crate) fn expect(&mut self, wanted: u8, what: &'static str) -> Result<(), Unreadable> {
        if self.take(wanted)? {
            Ok(())
        } else {
            Err(self.unreadable(what))
        }
    }

    /// Nothing but white space may follow.
    pub(crate) fn end(&mut self) -> Result<(), Unreadable> {
        match self.peek() {
            Ok(_) => Err(self.unreadable("trailing characters")),
            Err(_) => Ok(()),
        }
    }

    /// Walks over the opening brace; false if the object is empty, and then over its end too.
    #[inline]
    pub(crate) fn open(&mut self, brackets: Brackets) -> Result<bool, Unreadable> {
        let (open, close, what) = match brackets {
            Brackets::Object => (b'{', b'}', "not an object"),
            Brackets::Array => (b'[', b']', "not an array"),
        };
        self.expect(open, what)?;
        Ok(!self.take(close)?)
    }

    /// Behind an element: whether another follows; if not, walks over the end.
    #[inline]
    pub(crate) fn more(&mut self, brackets: Brackets) -> Result<bool, Unreadable> {
        let (close, what) = match brackets {
            Brackets::Object => (b'}', "expected `,` or `}`"),
            Brackets::Array => (b']', "expected `,` or `]`"),
        };
        let byte = self.peek()?;
        if byte != b',' && byte != close {
            return Err(self.unreadable(what));
        }
        self.at += 1;
        Ok(byte == b',')
    }

    /// Walks over a key and its colon.
    #[inline]
    pub(crate) fn key(&mut self) -> Result<StringSpan, Unreadable> {
        if let Some(end) = plain::key_end(self.bytes, self.marks, self.at) {
            let range = self.at + 1..end - 2;
            self.at = end;
            return Ok(StringSpan {
                range,
                escaped: false,
            });
        }
        self.any_key()
    }

    /// Walks over a key of any form and its colon.
    #[cold]
    fn any_key(&mut self) -> Result<StringSpan, Unreadable> {
        let key = self.string("expected a key")?;
        self.expect(b':', "expected `:`")?;
        Ok(key)
    }

    /// Walks over a string without escapes. `None` if what comes next is none: the walk stays where it
    /// is then, or behind white space.
    #[inline]
    pub(crate) fn plain_string(&mut self) -> Option<Range<usize>> {
        if self.peek().ok()? != b'"' {
            return None;
        }
        let start = self.at + 1;
        let end = next_mark(self.marks, start);
        if self.bytes.get(end) != Some(&b'"') {
            return None;
        }
        self.at = end + 1;
        Some(start..end)
    }

    /// Walks over a string; `what` says that there is none.
    #[inline]
    pub(crate) fn string(&mut self, what: &'static str) -> Result<StringSpan, Unreadable> {
        self.expect(b'"', what)?;
        self.string_behind_quote()
    }

    #[inline]
    fn string_behind_quote(&mut self) -> Result<StringSpan, Unreadable> {
        let start = self.at;
        let end = next_mark(self.marks, start);
        if self.bytes.get(end) == Some(&b'"') {
            self.at = end + 1;
            return Ok(StringSpan {
                range: start..end,
                escaped: false,
            });
        }
        self.string_with_escapes()
    }

    #[cold]
    fn string_with_escapes(&mut self) -> Result<StringSpan, Unreadable> {
        let start = self.at;
        let mut escaped = false;
        loop {
            self.at = next_mark(self.marks, self.at);
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    let range = start..self.at;
                    self.at += 1;
                    return Ok(StringSpan { range, escaped });
                }
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                Some(_) => return Err(self.unreadable("a control character inside a string")),
                None => return Err(self.unreadable("EOF inside a string")),
            }
        }
    }

    fn escape(&mut self) -> Result<(), Unreadable> {
        let digits = match self.bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 0,
            Some(b'u') => 4,
            Some(_) => return Err(self.unreadable("an unknown escape")),
            None => return Err(self.unreadable("EOF inside a string")),
        };
        let digits_at = self.at + 2;
        let Some(hex) = self.bytes.get(digits_at..digits_at + digits) else {
            return Err(self.unreadable("EOF inside a string"));
        };
        if !hex.iter().all(u8::is_ascii_hexdigit) {
            return Err(self.unreadable("an escape without four hexadecimal digits"));
        }
        self.at = digits_at + digits;
        Ok(())
    }

    /// Walks over an integer of 64 bits without a sign. `None` if what comes next is none: the walk is
    /// at no place in particular then.
    #[inline]
    pub(crate) fn unsigned(&mut self) -> Option<u64> {
        let first = self.peek().ok()?;
        let start = self.at;
        let mut number = 0_u64;
        while let Some(digit) = self.bytes.get(self.at).and_then(decimal_digit) {
            number = number.checked_mul(10)?.checked_add(digit)?;
            self.at += 1;
        }
        let digits = self.at - start;
        let goes_on = matches!(self.bytes.get(self.at), Some(b'.' | b'e' | b'E'));
        let well_formed = digits == 1 || (digits > 1 && first != b'0');
        (well_formed && !goes_on).then_some(number)
    }

    /// Walks over one value; answers where it lies.
    #[inline]
    pub(crate) fn value(&mut self) -> Result<Range<usize>, Unreadable> {
        let start = self.at;
        if let Some(end) = plain::string_end(self.bytes, self.marks, start) {
            self.at = end;
            return Ok(start..end);
        }
        self.value_but_plain_string()
    }

    fn value_but_plain_string(&mut self) -> Result<Range<usize>, Unreadable> {
        let first = self.peek()?;
        let start = self.at;
        let plain_end = match first {
            b'{' => plain::object_end(self.bytes, self.marks, start),
            _ => plain::scalar_end(self.bytes, self.marks, start),
        };
        if let Some(end) = plain_end {
            self.at = end;
            return Ok(start..end);
        }
        self.any_value()
    }

    /// Walks over a value of any depth and form.
    fn any_value(&mut self) -> Result<Range<usize>, Unreadable> {
        let start = self.at;
        let mut open = OpenBrackets::default();
        loop {
            match self.scalar_or_opening()? {
                Some(brackets) if self.open_or_empty(brackets)? => {
                    open.push(brackets);
                    continue;
                }
                _ => {}
            }
            // A value ended: so may what holds it.
            loop {
                let Some(brackets) = open.last() else {
                    return Ok(start..self.at);
                };
                if self.more(brackets)? {
                    if brackets == Brackets::Object {
                        self.key()?;
                    }
                    break;
                }
                open.pop();
            }
        }
    }

    /// Behind an opening bracket: walks to the first value, or over the end; says which.
    #[inline]
    fn open_or_empty(&mut self, brackets: Brackets) -> Result<bool, Unreadable> {
        match brackets {
            Brackets::Object if !self.take(b'}')? => self.key().map(|_| true),
            Brackets::Array if !self.take(b']')? => Ok(true),
            _ => Ok(false),
        }
    }

    /// Walks over a scalar, or over the opening bracket that stands in its place.
    #[inline]
    fn scalar_or_opening(&mut self) -> Result<Option<Brackets>, Unreadable> {
        match self.peek()? {
            b'"' => {
                self.at += 1;
                self.string_behind_quote()?;
            }
            b'{' => {
                self.at += 1;
                return Ok(Some(Brackets::Object));
            }
            b'[' => {
                self.at += 1;
                return Ok(Some(Brackets::Array));
            }
            b'-' | b'0'..=b'9' => self.number()?,
            b't' => self.literal(b"true")?,
            b'f' => self.literal(b"false")?,
            b'n' => self.literal(b"null")?,
            _ => return Err(self.unreadable("expected a value")),
        }
        Ok(None)
    }

    fn literal(&mut self, literal: &'static [u8]) -> Result<(), Unreadable> {
        let found = self.bytes.get(self.at..self.at + literal.len());
        if found == Some(literal) {
            self.at += literal.len();
            return Ok(());
        }
        Err(self.unreadable("expected `true`, `false` or `null`"))
    }

    /// `-`, an integer without leading zeros, a fraction, an exponent.
    #[inline]
    fn number(&mut self) -> Result<(), Unreadable> {
        self.skip_if(|byte| byte == b'-');
        let first = self.bytes.get(self.at).copied();
        let digits = self.digits()?;
        if first == Some(b'0') && digits > 1 {
            return Err(self.unreadable("a number with a leading zero"));
        }
        if self.skip_if(|byte| byte == b'.') {
            self.digits()?;
        }
        if self.skip_if(|byte| matches!(byte, b'e' | b'E')) {
            self.skip_if(|byte| matches!(byte, b'+' | b'-'));
            self.digits()?;
        }
        Ok(())
    }

    #[inline]
    fn skip_if(&mut self, wanted: impl Fn(u8) -> bool) -> bool {
        let hit = self.bytes.get(self.at).is_some_and(|byte| wanted(*byte));
        self.at += usize::from(hit);
        hit
    }

    /// At least one digit; answers how many.
    #[inline]
    fn digits(&mut self) -> Result<usize, Unreadable> {
        let start = self.at;
        while self.skip_if(|byte| byte.is_ascii_digit()) {}
        if start == self.at {
            return Err(self.unreadable("a number without its digits"));
        }
        Ok(self.at - start)
    }

    #[cold]
    pub(crate) fn unreadable(&self, what: &'static str) -> Unreadable {
        // The end is an end whatever was expected there.
        let what = match self.bytes.get(self.at) {
            None if !what.starts_with("EOF") => "EOF inside a value",
            _ => what,
        };
        Unreadable::new(what, self.at)
    }
}

#[inline]
fn decimal_digit(byte: &u8) -> Option<u64> {
    let digit = byte.wrapping_sub(b'0');
    (digit < 10).then(|| digit.into())
}

#[cfg(test)]
mod tests;
