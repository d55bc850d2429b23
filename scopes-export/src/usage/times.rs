//! The times of access logs, in seconds since 1970.

use scopes_core::Date;

/// The last second of the year 9999.
pub(super) const LAST: u64 = 253_402_300_799;

const DAY: u64 = 86_400;

/// A number of seconds since 1970, without its fraction.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "the range is checked, and the fraction is not needed"
)]
pub(super) fn of_number(number: f64) -> Option<u64> {
    (0.0..(LAST + 1) as f64).contains(&number).then_some(number as u64)
}

/// `29/Nov/2026:12:00:00 +0000`, RFC 3339 and what differs from it in blanks and colons, or a
/// number of seconds. Without an offset from UTC a text is not a time.
pub(super) fn of_text(text: &str) -> Option<u64> {
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return text.parse().ok().and_then(of_number);
    }
    let (date, time) = if text.get(2..3) == Some("/") { common_date(text)? } else { iso_date(text)? };
    let (hour, time) = number(time, 24)?;
    let (minute, time) = number(time.strip_prefix(':')?, 60)?;
    let (second, time) = number(time.strip_prefix(':')?, 61)?;
    let zone = offset(without_fraction(time)?)?;
    let local = date.unix_seconds() + hour * 3_600 + minute * 60 + second.min(59);
    let utc = local.checked_add_signed(-zone)?;
    // A leap second is the last one of a day in UTC.
    let is_leap = second == 60;
    (utc <= LAST && (!is_leap || utc % DAY == DAY - 1)).then_some(utc)
}

/// `29/Nov/2026:`.
fn common_date(text: &str) -> Option<(Date, &str)> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (day, rest) = number(text, 32)?;
    let (name, rest) = rest.strip_prefix('/')?.split_once('/')?;
    let month = (1..).zip(MONTHS).find(|(_, month)| *month == name)?.0;
    let (year, rest) = rest.split_once(':')?;
    let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    let date = Date::new(year.parse().ok().filter(|_| is_year)?, month, u8::try_from(day).ok()?).ok()?;
    Some((date, rest))
}

/// `2026-11-29T`, or with a blank.
fn iso_date(text: &str) -> Option<(Date, &str)> {
    let (date, rest) = text.split_at_checked(10)?;
    Some((date.parse().ok()?, rest.strip_prefix(['T', 't', ' '])?))
}

/// Two digits for a number below the limit, and what follows them.
fn number(text: &str, limit: u64) -> Option<(u64, &str)> {
    let (digits, rest) = text.split_at_checked(2)?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.parse().ok().filter(|number| is_number && *number < limit)?;
    Some((number, rest))
}

fn without_fraction(text: &str) -> Option<&str> {
    let Some(fraction) = text.strip_prefix(['.', ',']) else { return Some(text) };
    let rest = fraction.trim_start_matches(|character: char| character.is_ascii_digit());
    (rest.len() < fraction.len()).then_some(rest)
}

/// `Z`, `+02:00`, `+0200` or `+02`, in seconds.
fn offset(text: &str) -> Option<i64> {
    let text = text.strip_prefix(' ').unwrap_or(text);
    if matches!(text, "Z" | "z") {
        return Some(0);
    }
    let is_west = text.starts_with('-');
    let (hours, rest) = number(text.strip_prefix(['+', '-'])?, 24)?;
    let (minutes, rest) = if rest.is_empty() { (0, "") } else { number(rest.strip_prefix(':').unwrap_or(rest), 60)? };
    let seconds = i64::try_from(hours * 3_600 + minutes * 60).ok().filter(|_| rest.is_empty())?;
    Some(if is_west { -seconds } else { seconds })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_time_in_each_form() {
        for text in [
            "29/Nov/2025:12:00:00 +0000",
            "29/Nov/2025:14:00:00 +0200",
            "28/Nov/2025:12:01:00 -2359",
            "2025-11-29T12:00:00Z",
            "2025-11-29t12:00:00z",
            "2025-11-29T12:00:00.25Z",
            "2025-11-29T13:00:00,999+01:00",
            "2025-11-29 12:00:00+00",
            "2025-11-29 12:00:00 +0000",
            "2025-11-29T12:00:00-00:00",
            "1764417600",
            "1764417600.123",
        ] {
            assert_eq!(of_text(text), Some(1_764_417_600), "{text}");
        }
    }

    #[test]
    fn the_limits() {
        for (text, seconds) in [
            ("01/Jan/1970:00:00:00 +0000", 0),
            ("01/Jan/1970:02:00:00 +0200", 0),
            ("31/Dec/9999:23:59:59 +0000", LAST),
            ("29/Feb/2028:00:00:00 +0000", 1_835_395_200),
            // A leap second counts as the second before it.
            ("31/Dec/2016:23:59:60 +0000", 1_483_228_799),
            ("01/Jan/2017:05:29:60 +0530", 1_483_228_799),
            ("2016-12-31T23:59:60.5Z", 1_483_228_799),
            ("0", 0),
            ("253402300799.9", LAST),
        ] {
            assert_eq!(of_text(text), Some(seconds), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_time() {
        for text in [
            "",
            ".",
            "1.2.3",
            "29/Nov/2025",
            "31/Feb/2026:12:00:00 +0000",
            "29/Feb/2026:12:00:00 +0000",
            "00/Nov/2026:12:00:00 +0000",
            "32/Nov/2026:12:00:00 +0000",
            "29/nov/2026:12:00:00 +0000",
            "29/Foo/2026:12:00:00 +0000",
            "29/Nov/26:12:00:00 +0000",
            "29/Nov/+026:12:00:00 +0000",
            "29/Nov/1969:12:00:00 +0000",
            // Dates begin in 1970, so this is not one, although it is 1970 in UTC.
            "31/Dec/1969:23:00:00 -0100",
            "01/Jan/1970:00:59:59 +0100",
            "31/Dec/9999:23:59:59 -0001",
            "29/Nov/10000:12:00:00 +0000",
            "29/Nov/2026:99:99:99 +0000",
            "29/Nov/2026:24:00:00 +0000",
            "29/Nov/2026:12:60:00 +0000",
            "29/Nov/2026:12:00:61 +0000",
            // A leap second is possible at the end of a day only.
            "29/Nov/2026:12:00:60 +0000",
            "31/Dec/2016:23:59:60 +0100",
            "29/Nov/2026:+1:00:00 +0000",
            "29/Nov/2026:12:00:00 +2400",
            "29/Nov/2026:12:00:00 +0060",
            "29/Nov/2026:12:00:00 +9999",
            "29/Nov/2026:12:00:00 +000",
            "29/Nov/2026:12:00:00 +00000",
            "29/Nov/2026:12:00:00 UTC",
            "29/Nov/2026:12:00:00  +0000",
            "29/Nov/2026:12:00:00",
            "2026-02-31T12:00:00Z",
            "2026-11-29T12:00:00",
            "2026-11-29T12:00:00.Z",
            "2026-11-29T12:00Z",
            "2026-11-29",
            "2026-11-29T12:00:00+01:00[Europe/Berlin]",
            "yesterday",
            "-1",
            "1e9",
            "253402300800",
            "99999999999999999999999999",
            "２９/Nov/2026:12:00:00 +0000",
            "2é/Nov/2026",
            "2026-11-2é",
        ] {
            assert_eq!(of_text(text), None, "{text}");
        }
        for number in [-1.0, f64::NAN, f64::INFINITY, 253_402_300_800.0, 1e300] {
            assert_eq!(of_number(number), None, "{number}");
        }
    }
}
