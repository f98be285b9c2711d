//! RFC 3339, and the forms near it that services send.

use super::{
    Timestamp,
    calendar::{Civil, days_in_month},
};
use crate::{ParseError, ParseErrorKind};

pub(super) const EXPECTED: &str = "a time such as 2024-05-23T10:30:00.000Z";

/// `YYYY-MM-DD`, one of `T`, `t` and space, `HH:MM:SS`, any fraction, any offset or none.
pub(super) fn timestamp(text: &str) -> Result<Timestamp, ParseError> {
    let error = |kind| ParseError::new(kind, EXPECTED, text);
    if text.is_empty() {
        return Err(error(ParseErrorKind::Empty));
    }
    let mut rest = Rest(text.as_bytes());
    let local = rest
        .date_time()
        .ok_or_else(|| error(ParseErrorKind::Malformed))?;
    let offset_minutes = rest
        .offset()
        .ok_or_else(|| error(ParseErrorKind::Malformed))?;
    let millis = local.unix_millis() - offset_minutes * 60_000;
    // An offset can push the first and last hours of the range out of it.
    if !(Timestamp::MIN.0..=Timestamp::MAX.0).contains(&millis) {
        return Err(error(ParseErrorKind::OutOfRange));
    }
    Ok(Timestamp(millis))
}

/// What is left to read.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn date_time(&mut self) -> Option<Civil> {
        let year = self.digits(4)?;
        self.one_of(b"-")?;
        let month = self.digits(2).filter(|month| (1..=12).contains(month))?;
        self.one_of(b"-")?;
        let day = self
            .digits(2)
            .filter(|day| (1..=days_in_month(year, month)).contains(day))?;
        self.one_of(b"Tt ")?;
        let hour = self.digits(2).filter(|hour| *hour <= 23)?;
        self.one_of(b":")?;
        let minute = self.digits(2).filter(|minute| *minute <= 59)?;
        self.one_of(b":")?;
        let second = self.digits(2).filter(|second| *second <= 60)?;
        let milli = self.fraction()?;
        // A leap second has no number of its own in Unix time.
        let (second, milli) = if second == 60 {
            (59, 999)
        } else {
            (second, milli)
        };
        Some(Civil {
            year,
            month,
            day,
            hour,
            minute,
            second,
            milli,
        })
    }

    /// Minutes east of UTC, at the end of the text: `Z`, `+HH:MM`, `+HHMM`, `+HH` or nothing.
    fn offset(&mut self) -> Option<i64> {
        if self.0.is_empty() {
            return Some(0);
        }
        let sign = match self.one_of(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _ => return self.0.is_empty().then_some(0),
        };
        let hours = self.digits(2).filter(|hours| *hours <= 23)?;
        let minutes = if self.0.is_empty() {
            0
        } else {
            // The colon is optional: `strftime("%z")` has none.
            let _ = self.one_of(b":");
            self.digits(2).filter(|minutes| *minutes <= 59)?
        };
        self.0.is_empty().then_some(sign * (hours * 60 + minutes))
    }

    /// Milliseconds of a fraction with any number of digits; zero without one.
    fn fraction(&mut self) -> Option<i64> {
        if self.one_of(b".").is_none() {
            return Some(0);
        }
        let length = self
            .0
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let (digits, rest) = self.0.split_at(length);
        self.0 = rest;
        let padded = digits
            .iter()
            .copied()
            .chain(std::iter::repeat(b'0'))
            .take(3);
        (length > 0).then(|| padded.fold(0, |milli, digit| milli * 10 + i64::from(digit - b'0')))
    }

    fn digits(&mut self, length: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(length)?;
        let mut value = 0;
        for digit in digits {
            value = value * 10 + i64::from(digit.is_ascii_digit().then(|| digit - b'0')?);
        }
        self.0 = rest;
        Some(value)
    }

    fn one_of(&mut self, accepted: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        if !accepted.contains(first) {
            return None;
        }
        self.0 = rest;
        Some(*first)
    }
}
