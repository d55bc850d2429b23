//! What to write in place of characters that no path can have, such that the path compiles.
//!
//! The characters of one segment are judged together: a segment with two parameters would be the
//! next error.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::characters::{Sort, is_braced_name};
use super::parse::Parser;
use super::{Remedy, Template, TemplateErrorKind as Kind};

impl Parser<'_> {
    /// Sets the remedy of each error about characters.
    pub(super) fn add_remedies(&mut self) {
        let mut at = 0;
        while let Some(error) = self.errors.get(at) {
            let Kind::NotAllowed { text, .. } = &error.kind else {
                at += 1;
                continue;
            };
            if text.starts_with(['?', '#']) {
                // A path that ends before its first byte is the root.
                let remedy = if error.offset == 0 { Remedy::Text("/".to_owned()) } else { Remedy::Nothing };
                self.set_remedy(at, remedy);
                at += 1;
                continue;
            }
            let segment = self.segment_around(error.offset);
            let is_inside = |index: &usize| {
                self.errors.get(*index).is_some_and(|error| {
                    segment.contains(&error.offset)
                        && matches!(&error.kind, Kind::NotAllowed { text, .. } if !text.starts_with(['?', '#']))
                })
            };
            let runs: Vec<usize> = (at..self.errors.len()).filter(is_inside).collect();
            self.add_remedies_of(&segment, &runs);
            at = runs.last().map_or(at, |last| *last) + 1;
        }
    }

    /// Sets the remedies of the errors about characters of one segment.
    fn add_remedies_of(&mut self, segment: &Range<usize>, runs: &[usize]) {
        let text = self.text;
        let found = runs.iter().filter_map(|&index| self.errors.get(index));
        let texts: Option<Vec<String>> =
            found.clone().map(|error| replacement(text, segment, error.offset..error.offset + error.length)).collect();
        if let Some(texts) = texts {
            let (mut fixed, mut from) = (String::new(), segment.start);
            for (error, replacement) in found.zip(&texts) {
                fixed.push_str(&text[from..error.offset]);
                fixed.push_str(replacement);
                from = error.offset + error.length;
            }
            fixed.push_str(text.get(from..segment.end).unwrap_or_default());
            // Nothing may remain before the first slash, or after the last one.
            let may_be_empty = match segment.start {
                0 => text[segment.end..].starts_with('/'),
                _ => segment.end == text.len(),
            };
            let is_whole = segment.start == 0 && fixed.starts_with('/');
            let compiles = || Template::parse(&if is_whole { fixed.clone() } else { format!("/{fixed}") }).is_ok();
            if (fixed.is_empty() && may_be_empty) || (!fixed.is_empty() && compiles()) {
                for (&index, replacement) in runs.iter().zip(texts) {
                    self.set_remedy(index, Remedy::of(replacement));
                }
                return;
            }
        }
        let slash = if segment.start == 0 { "/" } else { "" };
        let is_blank = text.chars().all(|character| character.is_whitespace() || character.is_control());
        let parameter = if is_blank { "/".to_owned() } else { format!("{slash}{{{}}}", self.name_of(segment)) };
        for &index in runs {
            self.set_remedy(index, Remedy::Segment(parameter.clone()));
        }
    }

    fn set_remedy(&mut self, index: usize, remedy: Remedy) {
        if let Some(Kind::NotAllowed { remedy: found, .. }) = self.errors.get_mut(index).map(|error| &mut error.kind) {
            *found = remedy;
        }
    }

    fn segment_around(&self, at: usize) -> Range<usize> {
        let start = self.text[..at].rfind('/').map_or(0, |slash| slash + 1);
        let end = self.text[at..].find(['/', '?', '#']).map_or(self.text.len(), |length| at + length);
        start..end
    }

    /// The name of the parameter that a segment has, or one that the path does not have.
    fn name_of(&mut self, segment: &Range<usize>) -> String {
        let text = &self.text[segment.clone()];
        let own = text.split_once('{').map(|(_, rest)| rest).and_then(|rest| {
            let end = rest.find('}')?;
            rest.get(..=end).filter(|braced| is_braced_name(braced)).and_then(|_| rest.get(..end))
        });
        let outside = [&self.text[..segment.start], &self.text[segment.end..]];
        match own.filter(|name| !outside.iter().any(|text| text.contains(name))) {
            Some(name) => name.to_owned(),
            None => self.free_name("", "name"),
        }
    }
}

impl Remedy {
    fn of(text: String) -> Self {
        if text.is_empty() { Self::Nothing } else { Self::Text(text) }
    }
}

/// What can stand in place of a run of characters; `None` if only a parameter can take them.
fn replacement(text: &str, segment: &Range<usize>, run: Range<usize>) -> Option<String> {
    let characters = &text[run.clone()];
    let is_at_edge = run.start == segment.start || run.end == segment.end;
    let first = characters.chars().next()?;
    match Sort::of(first) {
        Sort::Escape => decoded(characters),
        Sort::Control => Some(String::new()),
        Sort::WhiteSpace if is_at_edge => Some(String::new()),
        Sort::Odd('\\') => {
            let has_slash = text[..run.start].ends_with('/') || text[run.end..].starts_with('/');
            Some(String::from(if has_slash { "" } else { "/" }))
        }
        // Every request with one is refused, so a parameter would not take it either.
        Sort::Odd(';') => Some(String::from("-")),
        _ => None,
    }
}

/// The characters of escapes, if a path can have them.
fn decoded(escapes: &str) -> Option<String> {
    let mut text = String::new();
    for escape in escapes.split('%').skip(1) {
        let byte = u8::from_str_radix(escape, 16).ok().filter(|_| escape.len() == 2)?;
        text.push(char::from(byte));
    }
    let is_plain = |character| Sort::of(character) == Sort::Plain;
    text.chars().all(is_plain).then_some(text)
}
