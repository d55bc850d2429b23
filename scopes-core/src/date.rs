//! Dates of deprecations: checked at compile time, and written in the formats of HTTP.

use core::fmt;
use core::str::FromStr;

/// A day of the Gregorian calendar, from 1970-01-01 to 9999-12-31.
///
/// In answers a date means the first second of that day in UTC.
///
/// ```
/// use scopes_core::Date;
///
/// let date: Date = "2026-11-01".parse()?;
/// assert_eq!((date.year(), date.month(), date.day()), (2026, 11, 1));
/// assert!(date < "2027-05-01".parse()?);
/// let error = "2026-02-30".parse::<Date>().unwrap_err();
/// assert_eq!(error.to_string(), "month 2 of 2026 has 28 days");
/// # Ok::<(), scopes_core::DateError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    const FIRST_YEAR: u16 = 1970;
    const LAST_YEAR: u16 = 9999;

    /// The date with this year, month and day, counted from 1.
    ///
    /// ```
    /// use scopes_core::Date;
    /// assert_eq!(Date::new(2028, 2, 29)?.to_string(), "2028-02-29");
    /// assert!(Date::new(2026, 2, 29).is_err());
    /// # Ok::<(), scopes_core::DateError>(())
    /// ```
    ///
    /// # Errors
    /// If the year is not from 1970 to 9999, or if the calendar does not have this day.
    pub const fn new(year: u16, month: u8, day: u8) -> Result<Self, DateError> {
        if year < Self::FIRST_YEAR || year > Self::LAST_YEAR {
            return Err(DateError::Year { year });
        }
        if month < 1 || month > 12 {
            return Err(DateError::Month { month });
        }
        let days = days_of(year, month);
        if day < 1 || day > days {
            return Err(DateError::Day { year, month, days });
        }
        Ok(Self { year, month, day })
    }

    /// The year in the Gregorian calendar, from 1970 to 9999.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, from 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }

    /// The number of seconds from 1970-01-01 00:00 to the beginning of this day, both in UTC: the
    /// number after `@` in `Deprecation` (RFC 9745).
    ///
    /// ```
    /// use scopes_core::Date;
    /// assert_eq!(Date::new(2026, 11, 1)?.unix_seconds(), 1_793_491_200);
    /// # Ok::<(), scopes_core::DateError>(())
    /// ```
    #[must_use]
    pub const fn unix_seconds(self) -> u64 {
        self.days() as u64 * 86_400
    }

    /// The beginning of this day as an `HTTP-date`: the value of `Sunset` (RFC 8594).
    ///
    /// ```
    /// use scopes_core::Date;
    /// let sunset = Date::new(2027, 5, 1)?;
    /// assert_eq!(sunset.http_date().to_string(), "Sat, 01 May 2027 00:00:00 GMT");
    /// # Ok::<(), scopes_core::DateError>(())
    /// ```
    #[must_use]
    pub const fn http_date(self) -> impl fmt::Display {
        HttpDate(self)
    }

    /// The number of days since 1970-01-01.
    pub(crate) const fn days(self) -> u32 {
        // Years begin in March here, so that 29 February is the last day of a year.
        let (year, month) = if self.month > 2 {
            (self.year as u32, self.month as u32 - 3)
        } else {
            (self.year as u32 - 1, self.month as u32 + 9)
        };
        let leap_days = year / 4 - year / 100 + year / 400;
        // 719,468 days lie between 0000-03-01 and 1970-01-01.
        year * 365 + leap_days + (month * 153 + 2) / 5 + self.day as u32 - 1 - 719_468
    }

    /// The date of a [number of days](Self::days); `None` after the last date.
    pub(crate) const fn from_days(days: u32) -> Option<Self> {
        let days = days as u64 + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let (year, month) =
            if month < 10 { (year_of_era + era * 400, month + 3) } else { (year_of_era + era * 400 + 1, month - 9) };
        if year > Self::LAST_YEAR as u64 {
            return None;
        }
        Some(Self { year: year as u16, month: month as u8, day: day as u8 })
    }
}

const fn days_of(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Reads `YYYY-MM-DD`, the form of ISO 8601 and RFC 3339.
impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let digits = |range: core::ops::Range<usize>| -> Option<u16> {
            let digits = text.as_bytes().get(range)?;
            digits
                .iter()
                .try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u16::from(digit - b'0')))
        };
        let parts = (digits(0..4), digits(5..7), digits(8..10), text.len());
        let (Some(year), Some(month), Some(day), 10) = parts else { return Err(DateError::Form) };
        if text.as_bytes()[4] != b'-' || text.as_bytes()[7] != b'-' {
            return Err(DateError::Form);
        }
        Self::new(year, month as u8, day as u8)
    }
}

/// Writes `YYYY-MM-DD`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

struct HttpDate(Date);

impl fmt::Display for HttpDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // 1970-01-01 was a Thursday.
        const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
        const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let Date { year, month, day } = self.0;
        let weekday = WEEKDAYS.get(self.0.days() as usize % 7).copied().unwrap_or_default();
        let month = MONTHS.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or_default();
        write!(f, "{weekday}, {day:02} {month} {year:04} 00:00:00 GMT")
    }
}

/// Why a text is not a [`Date`].
///
/// ```
/// use scopes_core::{Date, DateError};
/// assert_eq!("1.11.2026".parse::<Date>(), Err(DateError::Form));
/// assert_eq!("2026-13-01".parse::<Date>(), Err(DateError::Month { month: 13 }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DateError {
    /// The text does not have the form `YYYY-MM-DD`.
    Form,
    /// The year is not from 1970 to 9999.
    Year {
        /// The year as written, outside 1970 to 9999.
        year: u16,
    },
    /// The month is not from 1 to 12.
    Month {
        /// The month as written, outside 1 to 12.
        month: u8,
    },
    /// The month does not have this day.
    Day {
        /// The year as written; in a leap year, February has 29 days.
        year: u16,
        /// The month as written, from 1 to 12.
        month: u8,
        /// The number of days of that month.
        days: u8,
    },
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form => f.write_str("a date is written as year, month and day, such as `2026-11-01`"),
            Self::Year { year } => write!(f, "the year is from 1970 to 9999, not {year}"),
            Self::Month { month } => write!(f, "the month is from 01 to 12, not {month:02}"),
            Self::Day { year, month, days } => write!(f, "month {month} of {year} has {days} days"),
        }
    }
}

impl core::error::Error for DateError {}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]
mod tests {
    use super::*;
    use alloc::string::ToString as _;
    use proptest::prelude::*;

    #[test]
    fn formats_of_http() {
        for (text, seconds, http_date) in [
            ("1970-01-01", 0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            ("1994-11-06", 784_080_000, "Sun, 06 Nov 1994 00:00:00 GMT"),
            ("2000-02-29", 951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            ("2018-12-31", 1_546_214_400, "Mon, 31 Dec 2018 00:00:00 GMT"),
            ("2023-06-30", 1_688_083_200, "Fri, 30 Jun 2023 00:00:00 GMT"),
            ("9999-12-31", 253_402_214_400, "Fri, 31 Dec 9999 00:00:00 GMT"),
        ] {
            let date: Date = text.parse().unwrap();
            assert_eq!((date.unix_seconds(), &*date.http_date().to_string()), (seconds, http_date));
            assert_eq!(date.to_string(), text);
        }
    }

    #[test]
    fn texts_that_are_not_dates() {
        for text in [
            "",
            "2026",
            "2026-11",
            "2026-1-1",
            "2026-11-1",
            "2026-11-01 ",
            " 2026-11-01",
            "2026/11/01",
            "20261101",
            "2026-11-01T00:00:00Z",
            "+026-11-01",
            "2026-+1-01",
            "２026-11-01",
            "2.0",
            "2026-11-0é",
        ] {
            assert_eq!(text.parse::<Date>(), Err(DateError::Form), "{text:?}");
        }
        for (text, error) in [
            ("1969-12-31", "the year is from 1970 to 9999, not 1969"),
            ("2026-00-01", "the month is from 01 to 12, not 00"),
            ("2026-13-01", "the month is from 01 to 12, not 13"),
            ("2026-04-31", "month 4 of 2026 has 30 days"),
            ("2026-11-00", "month 11 of 2026 has 30 days"),
            ("2100-02-29", "month 2 of 2100 has 28 days"),
            ("2000-02-30", "month 2 of 2000 has 29 days"),
        ] {
            assert_eq!(text.parse::<Date>().unwrap_err().to_string(), error, "{text}");
        }
    }

    #[test]
    fn each_day_follows_the_day_before_it() {
        let mut before = Date::from_days(0).unwrap();
        for days in 1..=2_932_896 {
            let date = Date::from_days(days).unwrap();
            assert!(date > before && date.days() == days, "{date}");
            assert_eq!(Date::new(date.year, date.month, date.day), Ok(date));
            before = date;
        }
        assert_eq!(before.to_string(), "9999-12-31");
        assert_eq!(Date::from_days(2_932_897), None);
        assert_eq!(Date::from_days(u32::MAX), None);
    }

    proptest! {
        #[test]
        fn any_text(text in "[0-9]{3,5}-[0-9]{1,3}-[0-9]{1,3}|.{0,12}") {
            if let Ok(date) = text.parse::<Date>() {
                prop_assert_eq!(date.to_string(), text);
            }
        }
    }
}
