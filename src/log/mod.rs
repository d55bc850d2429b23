//! The log: all sentences for the operator go through this file.
//!
//! Each sentence goes to one sink, the first of these that exists: a subscriber of `tracing` (with
//! that feature), a logger of the `log` crate (with that feature), the standard error.
//!
//! Texts that a client sent (token, path, header) are never logged. The verifier's errors and the
//! router's templates are logged; control characters in them are escaped, so that one sentence
//! stays one line.

#[cfg(any(feature = "_axum", feature = "_ahead"))]
mod looked_at;

use std::collections::HashSet;
use std::fmt::{self, Write as _};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Write as _;
use std::sync::{Mutex, PoisonError};

#[cfg(any(feature = "_axum", feature = "_ahead"))]
use looked_at::LookedAt;
#[cfg(any(feature = "_axum", feature = "_ahead"))]
use scopes_core::UntypedCatalogue;

/// The greatest length of a sentence, in characters. An error of the verifier may have any length.
const LONGEST: usize = 4096;

/// The greatest number of different mistakes that are logged. Only an adapter that makes templates
/// of its own exceeds it.
const MOST: usize = 1024;

/// The level of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    /// The developers or the operators must correct something.
    Error,
    /// A setting that the operators chose and should remember, or a possible mistake.
    Warning,
}

/// Logs a mistake that the developers must correct. The caller gets a generic 500.
pub(crate) fn error(sentence: fmt::Arguments<'_>) {
    tell(Level::Error, &one_line(sentence));
}

/// Logs a setting that the operators chose and should remember, such as a denial that is not
/// enforced.
pub(crate) fn warning(sentence: fmt::Arguments<'_>) {
    tell(Level::Warning, &one_line(sentence));
}

/// Logs every mistake of a set-up once, however many requests meet it.
///
/// The key is the sentence itself. It names routes, templates and methods of the catalogue or of
/// the router, but nothing that a client chooses, so the number of sentences is bounded. [`MOST`]
/// bounds it for adapters that break this rule.
#[derive(Default)]
pub(crate) struct Once {
    told: Mutex<HashSet<u64>>,
    #[cfg(any(feature = "_axum", feature = "_ahead"))]
    looked_at: LookedAt,
}

impl Once {
    /// Whether a method and a template of the router are marked as checked for this catalogue.
    #[cfg(any(feature = "_axum", feature = "_ahead"))]
    pub(crate) fn was_looked_at(&self, catalogue: &UntypedCatalogue, method: &str, template: &str) -> bool {
        self.looked_at.contains([catalogue.name(), method, template])
    }

    /// Marks a method and a template of the router as checked for this catalogue.
    #[cfg(any(feature = "_axum", feature = "_ahead"))]
    pub(crate) fn mark_looked_at(&self, catalogue: &UntypedCatalogue, method: &str, template: &str) {
        self.looked_at.add([catalogue.name(), method, template]);
    }

    /// Logs a mistake that the developers must correct.
    pub(crate) fn error(&self, sentence: fmt::Arguments<'_>) {
        self.tell(Level::Error, sentence);
    }

    /// Logs a possible mistake.
    pub(crate) fn warning(&self, sentence: fmt::Arguments<'_>) {
        self.tell(Level::Warning, sentence);
    }

    fn tell(&self, level: Level, sentence: fmt::Arguments<'_>) {
        let sentence = one_line(sentence);
        match self.note(&sentence) {
            Note::First => tell(level, &sentence),
            Note::Known => {}
            Note::OneTooMany => tell(level, &format!("{MOST} different mistakes were logged, further ones are not")),
        }
    }

    fn note(&self, sentence: &str) -> Note {
        let mut hasher = DefaultHasher::new();
        sentence.hash(&mut hasher);
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() > MOST || told.contains(&hasher.finish()) {
            return Note::Known;
        }
        told.insert(hasher.finish());
        if told.len() > MOST { Note::OneTooMany } else { Note::First }
    }
}

/// Whether a sentence was logged before.
enum Note {
    First,
    Known,
    /// The first sentence that does not fit.
    OneTooMany,
}

/// Whether a subscriber of `tracing` is set, even if it filters everything.
#[cfg(feature = "tracing")]
pub(crate) fn is_traced() -> bool {
    tracing::dispatcher::get_default(|dispatch| !dispatch.is::<tracing::subscriber::NoSubscriber>())
}

fn tell(level: Level, line: &str) {
    #[cfg(feature = "tracing")]
    if is_traced() {
        return match level {
            Level::Error => tracing::error!(target: "scopes", "{line}"),
            Level::Warning => tracing::warn!(target: "scopes", "{line}"),
        };
    }
    // The level is `Off` until a logger is set. The crate has no other way to find that out.
    #[cfg(feature = "log")]
    if ::log::max_level() != ::log::LevelFilter::Off {
        return match level {
            Level::Error => ::log::error!(target: "scopes", "{line}"),
            Level::Warning => ::log::warn!(target: "scopes", "{line}"),
        };
    }
    let word = match level {
        Level::Error => "error",
        Level::Warning => "warning",
    };
    written(&format!("scopes: {word}: {line}\n"));
}

/// Not `eprint!`, which panics if the standard error is closed or full: a log that cannot be
/// written must not change the response.
fn written(line: &str) {
    if cfg!(test) {
        return eprint!("{line}");
    }
    // Written in one call, so that lines of several threads do not mix.
    let _ = std::io::stderr().write_all(line.as_bytes());
}

/// Escapes line breaks and other control characters of a sentence, so that no text in it can look
/// like a separate line or reorder what a terminal shows.
fn one_line(sentence: fmt::Arguments<'_>) -> String {
    let text = sentence.to_string();
    let mut line = String::with_capacity(text.len());
    let mut characters = text.chars();
    for character in characters.by_ref().take(LONGEST) {
        if character.is_control() || is_for_layout(character) {
            // Writing to a `String` does not fail.
            let _ = write!(line, "{}", character.escape_default());
        } else {
            line.push(character);
        }
    }
    if characters.next().is_some() {
        line.push('…');
    }
    line
}

/// Whether the character is a line or paragraph separator, or changes the direction of text.
const fn is_for_layout(character: char) -> bool {
    matches!(character, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_stays_one_line() {
        for (text, expected) in [
            ("plain `/users/{id}` é", "plain `/users/{id}` é"),
            ("a\nscopes: error: b", "a\\nscopes: error: b"),
            ("a\r\u{1b}[2J\u{7f}\u{85}", "a\\r\\u{1b}[2J\\u{7f}\\u{85}"),
            ("\u{202e}a\u{2028}", "\\u{202e}a\\u{2028}"),
        ] {
            assert_eq!(one_line(format_args!("{text}")), expected);
        }
        let long = one_line(format_args!("{}", "x".repeat(LONGEST + 1)));
        assert_eq!(long.chars().count(), LONGEST + 1);
        assert!(long.ends_with("x…"));
    }

    #[test]
    fn every_sentence_is_told_once_and_their_number_is_bounded() {
        let once = Once::default();
        assert!(matches!(once.note("a"), Note::First));
        assert!(matches!(once.note("a"), Note::Known));
        assert!(matches!(once.note("b"), Note::First));
        let told = (0..3 * MOST).filter(|number| matches!(once.note(&number.to_string()), Note::First)).count();
        assert_eq!(told, MOST - 2);
        assert_eq!(once.told.lock().unwrap().len(), MOST + 1);
        let full = Once::default();
        let over = (0..3 * MOST).filter(|number| matches!(full.note(&number.to_string()), Note::OneTooMany)).count();
        assert_eq!(over, 1);
    }
}
