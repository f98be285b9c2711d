//! A moment in time, as the protocol writes it.

mod calendar;
mod parse;
#[cfg(test)]
mod tests;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ParseError;

/// A moment in UTC with millisecond precision, written `2024-05-23T10:30:00.000Z` (RFC 3339).
///
/// Reads every RFC 3339 time with any offset, Python's `isoformat()` (`+00:00`, microseconds), and
/// a time without an offset, which is taken as UTC. What is finer than a millisecond is cut off;
/// a leap second (`:60`) is the last millisecond of its minute.
///
/// Holds the years 0000 to 9999, all that RFC 3339 can write: [`Timestamp::MIN`] to
/// [`Timestamp::MAX`]. Numbers beyond are clamped to these. The type knows no clock.
///
/// ```
/// use event_streamer_models::Timestamp;
///
/// let time: Timestamp = "2024-05-23T12:30:00.123456+02:00".parse()?;
/// assert_eq!(time.to_string(), "2024-05-23T10:30:00.123Z");
/// assert_eq!(time, Timestamp::from_unix_millis(1_716_460_200_123));
/// # Ok::<(), event_streamer_models::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// `0000-01-01T00:00:00.000Z`.
    pub const MIN: Self = Self(-62_167_219_200_000);
    /// `9999-12-31T23:59:59.999Z`.
    pub const MAX: Self = Self(253_402_300_799_999);
    /// `1970-01-01T00:00:00.000Z`.
    pub const UNIX_EPOCH: Self = Self(0);

    /// Milliseconds since 1970 in UTC, clamped to [`Timestamp::MIN`] and [`Timestamp::MAX`].
    #[must_use]
    pub const fn from_unix_millis(millis: i64) -> Self {
        if millis < Self::MIN.0 {
            Self::MIN
        } else if millis > Self::MAX.0 {
            Self::MAX
        } else {
            Self(millis)
        }
    }

    /// Seconds since 1970 in UTC, the unit of a block's timestamp, clamped to
    /// [`Timestamp::MAX`].
    #[must_use]
    pub const fn from_unix_seconds(seconds: u64) -> Self {
        // The clamp stands before the multiplication, which could overflow otherwise.
        const LAST: u64 = Timestamp::MAX.0.unsigned_abs() / 1000;
        if seconds > LAST {
            Self::MAX
        } else {
            Self(seconds.cast_signed() * 1000)
        }
    }

    /// Milliseconds since 1970 in UTC.
    #[must_use]
    pub const fn unix_millis(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let calendar::Civil {
            year,
            month,
            day,
            hour,
            minute,
            second,
            milli,
        } = calendar::Civil::from_unix_millis(self.0);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z"
        )
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        parse::timestamp(text)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::deserialize(deserializer, parse::EXPECTED)
    }
}
