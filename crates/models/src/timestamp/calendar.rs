//! The proleptic Gregorian calendar: days to dates and back.
//!
//! The arithmetic is Howard Hinnant's (`days_from_civil`, `civil_from_days`,
//! <https://howardhinnant.github.io/date_algorithms.html>): years begin in March, so that the leap
//! day is the last of its year, and 400 years are one cycle of 146,097 days.

const MILLIS_PER_DAY: i64 = 86_400_000;
const DAYS_PER_CYCLE: i64 = 146_097;
/// Days from 0000-03-01, where the first cycle begins, to 1970-01-01.
const EPOCH_DAY: i64 = 719_468;

/// A date and a time of day in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Civil {
    pub(super) year: i64,
    pub(super) month: i64,
    pub(super) day: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    pub(super) milli: i64,
}

impl Civil {
    /// The date and time of a moment; total over `i64`.
    pub(super) fn from_unix_millis(millis: i64) -> Self {
        let (year, month, day) = date_of(millis.div_euclid(MILLIS_PER_DAY));
        let of_day = millis.rem_euclid(MILLIS_PER_DAY);
        Self {
            year,
            month,
            day,
            hour: of_day / 3_600_000,
            minute: of_day / 60_000 % 60,
            second: of_day / 1000 % 60,
            milli: of_day % 1000,
        }
    }

    /// The moment; the fields are in their ranges, the year within 0 to 9999.
    pub(super) fn unix_millis(self) -> i64 {
        let of_day = ((self.hour * 60 + self.minute) * 60 + self.second) * 1000 + self.milli;
        day_of(self.year, self.month, self.day) * MILLIS_PER_DAY + of_day
    }
}

/// How many days a month has.
pub(super) fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// The date of a day counted from 1970-01-01.
fn date_of(day: i64) -> (i64, i64, i64) {
    let day = day + EPOCH_DAY;
    let cycle = day.div_euclid(DAYS_PER_CYCLE);
    let of_cycle = day.rem_euclid(DAYS_PER_CYCLE);
    let year_of_cycle = (of_cycle - of_cycle / 1460 + of_cycle / 36_524 - of_cycle / 146_096) / 365;
    let of_year = of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day_of_month = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = cycle * 400 + year_of_cycle + i64::from(month <= 2);
    (year, month, day_of_month)
}

/// The day of a date counted from 1970-01-01.
fn day_of(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let cycle = year.div_euclid(400);
    let year_of_cycle = year.rem_euclid(400);
    let month_from_march = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let of_cycle = year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + of_year;
    cycle * DAYS_PER_CYCLE + of_cycle - EPOCH_DAY
}
