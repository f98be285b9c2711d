//! Moments in time, as text of RFC 3339. No clock in here: moments are given.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

/// A moment, in milliseconds since 1970-01-01T00:00:00Z; between the years 0 and 9999.
///
/// Written as `2024-05-23T10:30:00.000Z`. Read with any offset, with any number of fractional
/// digits (cut to milliseconds), with a space for the `T`, and without an offset as UTC, as
/// Python's `isoformat` writes it.
///
/// ```
/// use event_streamer_models::Timestamp;
/// let moment: Timestamp = "2024-05-23T12:30:00.123456+02:00".parse()?;
/// assert_eq!(moment.to_string(), "2024-05-23T10:30:00.123Z");
/// # Ok::<(), event_streamer_models::TimestampError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// Text that is not a moment in time.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{text:?} is not a time (RFC 3339, e.g. 2024-05-23T10:30:00.000Z)")]
pub struct TimestampError {
    text: String,
}

const MILLIS_PER_DAY: i64 = 86_400_000;
/// 0000-01-01T00:00:00.000Z.
const FIRST: i64 = -62_167_219_200_000;
/// 9999-12-31T23:59:59.999Z.
const LAST: i64 = 253_402_300_799_999;

impl Timestamp {
    /// From milliseconds since the epoch; what lies outside the years 0 to 9999 becomes their
    /// beginning or end.
    pub const fn from_unix_millis(millis: i64) -> Self {
        if millis < FIRST {
            Self(FIRST)
        } else if millis > LAST {
            Self(LAST)
        } else {
            Self(millis)
        }
    }

    /// From seconds since the epoch, as blocks have them; likewise bounded.
    pub const fn from_unix_seconds(seconds: u64) -> Self {
        if seconds > (LAST / 1000) as u64 {
            Self(LAST)
        } else {
            Self(seconds as i64 * 1000)
        }
    }

    /// Milliseconds since the epoch.
    pub const fn as_unix_millis(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, millis) = (
            self.0.div_euclid(MILLIS_PER_DAY),
            self.0.rem_euclid(MILLIS_PER_DAY),
        );
        let (year, month, day) = date_of(days);
        let (seconds, millis) = (millis / 1000, millis % 1000);
        write!(
            formatter,
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{millis:03}Z",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        )
    }
}

/// Days since the epoch to year, month, day (H. Hinnant, "chrono-compatible low-level date
/// algorithms"): years begin in March, so that the leap day is the last.
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The reverse of [`date_of`].
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let from_march = (month + 9) % 12;
    let day_of_year = (153 * from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        Reader(text.as_bytes())
            .moment()
            .filter(|millis| (FIRST..=LAST).contains(millis))
            .map(Self)
            .ok_or_else(|| TimestampError {
                text: text.chars().take(64).collect(),
            })
    }
}

/// What is left of the text.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn moment(mut self) -> Option<i64> {
        let (year, month, day) = (self.digits(4)?, self.after(b"-", 2)?, self.after(b"-", 2)?);
        let (hour, minute, second) = (
            self.after(b"Tt ", 2)?,
            self.after(b":", 2)?,
            self.after(b":", 2)?,
        );
        let millis = self.fraction()?;
        let offset = self.offset()?;
        // A leap second is taken as the second before it: days here have 86,400.
        let second = if second == 60 { 59 } else { second };
        let valid = (1..=12).contains(&month)
            && (1..=days_in(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60;
        let days = if valid {
            days_of(year, month, day)
        } else {
            return None;
        };
        Some(
            days * MILLIS_PER_DAY
                + (hour * 3600 + minute * 60 + second - offset * 60) * 1000
                + millis,
        )
    }

    fn byte_of(&mut self, set: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        set.contains(first).then(|| {
            self.0 = rest;
            *first
        })
    }

    fn digits(&mut self, count: usize) -> Option<i64> {
        (0..count).try_fold(0, |value, _| {
            let digit = self.byte_of(b"0123456789")?;
            Some(value * 10 + i64::from(digit - b'0'))
        })
    }

    fn after(&mut self, separator: &[u8], count: usize) -> Option<i64> {
        self.byte_of(separator)?;
        self.digits(count)
    }

    /// Milliseconds; further digits are cut.
    fn fraction(&mut self) -> Option<i64> {
        if self.byte_of(b".,").is_none() {
            return Some(0);
        }
        let mut millis = 100 * self.digits(1)?;
        for unit in [10, 1] {
            millis += unit * self.digits(1).unwrap_or(0);
        }
        while self.digits(1).is_some() {}
        Some(millis)
    }

    /// Minutes east of UTC; nothing may follow.
    fn offset(&mut self) -> Option<i64> {
        let minutes = match self.byte_of(b"Zz+-") {
            None | Some(b'Z' | b'z') => 0,
            Some(sign) => {
                let hours = self.digits(2)?;
                self.byte_of(b":");
                let minutes = self.digits(2)?;
                let east = hours * 60 + minutes;
                if hours > 23 || minutes > 59 {
                    return None;
                }
                if sign == b'-' { -east } else { east }
            }
        };
        self.0.is_empty().then_some(minutes)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Timestamp;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a time (RFC 3339)")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn millis(text: &str) -> Option<i64> {
        text.parse::<Timestamp>()
            .ok()
            .map(Timestamp::as_unix_millis)
    }

    #[test]
    fn many_spellings_of_one_moment() {
        for text in [
            "2024-05-23T10:30:00.000Z",
            "2024-05-23t10:30:00z",
            "2024-05-23 10:30:00",
            "2024-05-23T10:30:00.000999",
            "2024-05-23T12:30:00+02:00",
            "2024-05-23T05:00:00.0-0530",
        ] {
            assert_eq!(millis(text), Some(1_716_460_200_000), "{text}");
        }
        assert_eq!(
            millis("2016-12-31T23:59:60Z"),
            millis("2016-12-31T23:59:59Z")
        );
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "now",
            "2024-05-23",
            "2024-13-01T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "2024-05-23T24:00:00Z",
            "2024-05-23T10:30:00Zx",
            "2024-05-23T10:30:00.",
            "2024-05-23T10:30:00+25:00",
            "0000-01-01T00:00:00+00:01",
            "٢٠٢٤-05-23T10:30:00Z",
        ] {
            assert_eq!(millis(text), None, "{text}");
        }
    }

    #[test]
    fn extremes_stay_inside() {
        assert_eq!(
            Timestamp::from_unix_seconds(u64::MAX).to_string(),
            "9999-12-31T23:59:59.999Z"
        );
        assert_eq!(
            Timestamp::from_unix_millis(i64::MIN).to_string(),
            "0000-01-01T00:00:00.000Z"
        );
    }

    proptest! {
        #[test]
        fn text_and_back(value in FIRST..=LAST) {
            prop_assert_eq!(millis(&Timestamp(value).to_string()), Some(value));
        }

        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = text.parse::<Timestamp>();
        }
    }
}
