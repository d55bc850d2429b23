//! The check of a lock file in a test.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use scopes_core::{Date, UntypedCatalogue};

use super::{Lock, Problem};
use crate::diff::Level;
use crate::shown::lines;

/// The current day in UTC.
///
/// ```
/// assert!(scopes_export::lock::today().year() >= 2025);
/// ```
#[must_use]
pub fn today() -> Date {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    date_of(seconds / 86_400)
}

/// The date of a day, counted from 1970-01-01.
fn date_of(day: u64) -> Date {
    // Years begin in March here, so that 29 February is the last day of a year.
    let shifted = day + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let date = Date::new(u16::try_from(year).unwrap_or(9999), month as u8, day as u8);
    date.unwrap_or_else(|_| Date::new(9999, 12, 31).unwrap_or_else(|_| unreachable!("the last date is a date")))
}

/// Compares a catalogue with its lock file, and does not write it. For tests;
/// `scopes::assert_locked!` calls it.
///
/// `file` is relative to `folder`, which is the folder of the crate.
///
/// ```should_panic
/// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
/// # let catalogue = UntypedCatalogue::from_declaration(&Declaration::new("api")).unwrap();
/// let folder = env!("CARGO_MANIFEST_DIR");
/// scopes_export::lock::assert_locked(&catalogue, "missing.scopes.json", folder);
/// ```
///
/// # Panics
/// If the file is missing or cannot be read, if anything but a text differs, and if something was
/// accepted until a day that has passed. The message has the command that updates the file.
#[track_caller]
pub fn assert_locked(catalogue: &UntypedCatalogue, file: &str, folder: &str) {
    // Cargo tells running tests where the crate is now; it may have moved since it was compiled.
    let folder = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| folder.to_owned());
    if let Err(message) = locked(catalogue, &Path::new(&folder).join(file), today()) {
        #[allow(clippy::panic, reason = "an assertion of a test panics")]
        {
            panic!("{}", lines(&message));
        }
    }
}

/// Why the catalogue is not the locked one.
fn locked(catalogue: &UntypedCatalogue, path: &Path, today: Date) -> Result<(), String> {
    let shown = path.display();
    let create = || format!("scopes lock target/scopes/{}.json {shown}", catalogue.name());
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("cannot read the lock file `{shown}`: {error}\nto write it: {}", create()))?;
    let lock = Lock::read(&text).map_err(|error| format!("the lock file `{shown}` has mistakes: {error}"))?;
    let problems =
        lock.problems(catalogue, today).map_err(|error| format!("`{shown}` could not be compared: {error}"))?;
    if problems.is_empty() {
        return Ok(());
    }
    let mut message = format!("the catalogue `{}` differs from its lock file `{shown}`:\n", catalogue.name());
    for problem in &problems {
        message.push_str(&format!("- {problem}\n"));
    }
    if problems.iter().any(|problem| matches!(problem, Problem::ReusedName { .. })) {
        message.push_str("give the scope another name: no option accepts a name that was removed\n");
        return Err(message);
    }
    message
        .push_str("if all of it is meant, and the test of `scopes::export::catalogue_file!` has written the JSON:\n");
    message.push_str(&format!("    {}{}\n", create(), options(&problems)));
    Err(message)
}

/// The options of `scopes lock` that accept these problems.
fn options(problems: &[Problem]) -> String {
    let (mut breaking, mut widening) = (false, false);
    for problem in problems {
        match problem {
            Problem::ReusedName { .. } => {}
            Problem::Differs(finding) => {
                breaking |= finding.breaking().is_some();
                widening |= finding.widening().is_some();
            }
            Problem::Expired(accepted) => match accepted.level() {
                Level::Widening => widening = true,
                _ => breaking = true,
            },
        }
    }
    let mut options = String::new();
    for (is_needed, option) in
        [(breaking, " --accept"), (widening, " --accept-widening"), (breaking || widening, " --reason \"..\"")]
    {
        options.push_str(if is_needed { option } else { "" });
    }
    options
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn days() {
        for (day, date) in [(0, "1970-01-01"), (59, "1970-03-01"), (789, "1972-02-29"), (20_787, "2026-11-30")] {
            assert_eq!(date_of(day).to_string(), date);
        }
        for day in 0..60_000 {
            assert_eq!(date_of(day).unix_seconds(), day * 86_400, "{day}");
        }
    }
}
