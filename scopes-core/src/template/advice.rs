//! Recognises the notations of other routers in a path, and says what to write in their place.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;

use super::TemplateErrorKind as Kind;
use super::characters::{is_name, is_word};
use super::foreign::{self, Advice, Foreign, Found};
use super::parse::{Braces, Parser};

impl<'t> Parser<'t> {
    /// Reads `<name>` or `[name]` of another router; returns whether there was one.
    pub(super) fn brackets(&mut self, segment: usize, second: bool) -> bool {
        let start = self.at;
        let rest = &self.text[start..];
        let (length, found) = if let Some(after) = rest.strip_prefix('<') {
            let inner = after.split_once('>').map(|(inner, _)| inner).filter(|inner| !inner.contains('/'));
            let Some(inner) = inner else { return false };
            // Play writes `$id<[0-9]+>`.
            let dollar = self.text[segment..start].strip_prefix('$').filter(|name| is_word(name));
            if let Some(name) = dollar.filter(|_| !second) {
                self.at = start + inner.len() + 2;
                self.foreign(segment, segment, self.at, (Foreign::Pattern, Advice::One("", name, "")), false);
                return true;
            }
            (inner.len() + 2, foreign::angle(inner))
        } else {
            let Some(close) = closing_square(rest) else { return false };
            let inner = &rest[1..close];
            let in_segment = inner.starts_with('/') || !inner.contains('/');
            (close + 1, if in_segment { foreign::square(inner) } else { None })
        };
        let Some(found) = found else { return false };
        self.at = start + length;
        self.foreign(segment, start, self.at, found, second);
        true
    }

    /// Reports literal text that is a parameter for another router: `$id`, `(.*)`, `${id}`,
    /// `{path}*`.
    pub(super) fn foreign_text(
        &mut self,
        start: usize,
        end: usize,
        found: Option<Braces<'t>>,
        prefix: &str,
        suffix: &str,
    ) {
        let text = &self.text[start..end];
        match found {
            None => {
                if let Some(found) = foreign::in_literal(text) {
                    self.foreign(start, start, end, found, false);
                }
            }
            // The content of the braces was reported already.
            Some(Braces { name: "", .. } | Braces { rest: true, .. }) => {}
            Some(Braces { name, .. }) => {
                let before = prefix.trim_end_matches('$');
                let is_stars = !suffix.is_empty() && suffix.bytes().all(|byte| byte == b'*');
                let form = if before.is_empty() && is_stars {
                    Some((Foreign::Rest, Advice::Rest(name)))
                } else if foreign::has_group(before) || foreign::has_group(suffix) {
                    Some((Foreign::Optional, Advice::Counted(format!("{{{name}}}"))))
                } else if before.len() < prefix.len() {
                    Some((Foreign::Dollar, Advice::Counted(format!("{before}{{{name}}}{suffix}"))))
                } else {
                    None
                };
                if let Some(found) = form {
                    // The name is counted already, and the advice counts it again.
                    if matches!(found.1, Advice::Rest(_)) {
                        self.names.retain(|used| *used != name);
                    }
                    self.foreign(start, start, end, found, false);
                }
            }
        }
    }

    /// Reports a form from `start` to `end` in the segment that begins at `segment`.
    pub(super) fn foreign(
        &mut self,
        segment: usize,
        start: usize,
        end: usize,
        (form, advice): Found<'t>,
        second: bool,
    ) {
        // The error also covers what is wrong directly around the form: `${id:int}`,
        // `{path:path}*`.
        let start = segment + self.text[segment..start].trim_end_matches('$').len();
        // The last parameter of the advice may begin a segment where this one did not.
        let begins = start == segment || matches!(&advice, Advice::Text(text) if text.contains('/'));
        let stars = self.text[end..].bytes().take_while(|&byte| begins && byte == b'*').count();
        let is_end = self.text[end + stars..].is_empty() || self.text[end + stars..].starts_with('/');
        let end = if is_end { end + stars } else { end };
        self.at = self.at.max(end);
        let after = &self.text[end..];
        let is_last = after.is_empty() || after.starts_with(['?', '#']);
        let is_whole = start == segment && (is_last || after.starts_with('/'));
        let (mut start, mut form) = (start, form);
        let instead = match advice {
            Advice::Nothing => {
                // The error covers the slash before the form, because otherwise an empty segment
                // would remain.
                if is_whole && self.text[..segment].ends_with('/') && (segment > 1 || !is_last) {
                    start -= 1;
                }
                String::new()
            }
            _ if second => {
                form = Foreign::Second;
                // The error covers the text between the two parameters, too.
                start = self.text[segment..start].rfind(['}', '>', ']']).map_or(start, |first| segment + first + 1);
                String::new()
            }
            // The advice must not repeat the slash before the segment.
            Advice::Counted(text) => text,
            Advice::Text(text) => {
                let text = if start == segment { text.strip_prefix('/').unwrap_or(&text) } else { &text };
                self.with_free_names(text)
            }
            Advice::One(before, name, after) => {
                let before = if before == "/" && start == segment { "" } else { before };
                format!("{before}{{{}}}{after}", self.free_name(name, "name"))
            }
            Advice::Rest(name) if is_whole && is_last => format!("{{*{}}}", self.free_name(name, "rest")),
            Advice::Rest(name) => {
                if matches!(form, Foreign::Rest) {
                    form = Foreign::RestWithin;
                }
                format!("{{{}}}", self.free_name(name, "name"))
            }
        };
        self.wrong(start, end, |text| Kind::Foreign { text, form, instead });
    }

    /// The text of an advice, with other names for parameters whose names the path has already.
    fn with_free_names(&mut self, text: &str) -> String {
        let mut free = String::new();
        for (index, segment) in text.split('/').enumerate() {
            free.push_str(if index > 0 { "/" } else { "" });
            let braces = segment.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)));
            match (braces, segment.strip_prefix(':')) {
                (Some((before, (name, after))), _) => {
                    free.extend([before, "{", &self.other_name(name, name), "}", after]);
                }
                (None, Some(name)) => free.extend([":", &self.other_name(name, name)]),
                (None, None) => free.push_str(segment),
            }
        }
        free
    }

    /// Writes `image({args})` for `image(width={w},height={h})`: the segment that begins at
    /// `segment`, with one parameter for all arguments. `second` is where the second argument
    /// begins. The result is empty if no parentheses enclose both.
    pub(super) fn one_argument(&mut self, segment: usize, second: usize) -> String {
        let end = self.text[segment..].find(['/', '?', '#']).map_or(self.text.len(), |length| segment + length);
        let text = &self.text[segment..end];
        let Some(open) = text.find('{').and_then(|first| text[..first].rfind('(')) else { return String::new() };
        let mut depth = 0_usize;
        let close = text.bytes().enumerate().skip(open).find(|(_, byte)| {
            match byte {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            depth == 0
        });
        let Some((close, _)) = close.filter(|&(close, _)| segment + close > second && !text[close..].contains('{'))
        else {
            return String::new();
        };
        let (before, after) = (&text[..=open], &text[close..]);
        format!("{before}{{{}}}{after}", self.free_name("", "args"))
    }

    /// A parameter for an advice, with this name if a parameter can have it and the path does not.
    pub(super) fn braced(&mut self, written: &'t str) -> String {
        format!("{{{}}}", self.free_name(written, "name"))
    }

    /// A parameter's name for an advice: the name in the path, or one that the path does not have
    /// yet.
    pub(super) fn free_name(&mut self, written: &'t str, otherwise: &str) -> String {
        if is_name(written) && !self.is_used(written) {
            self.names.push(written);
            return written.to_owned();
        }
        let stem = if is_name(written) { written } else { otherwise };
        let is_in_text = self.text.contains(stem);
        self.other_name(stem, if is_in_text { "" } else { stem })
    }

    /// The name `first`, unless it is empty or used, or else the stem with a number.
    fn other_name(&mut self, stem: &str, first: &str) -> String {
        let mut name = first.to_owned();
        let mut number = 2;
        while name.is_empty() || self.is_used(&name) || name != first && self.text.contains(&name) {
            name = format!("{stem}{number}");
            number += 1;
        }
        self.advised.push(name.clone());
        name
    }

    fn is_used(&self, name: &str) -> bool {
        self.names.contains(&name) || self.advised.iter().any(|advised| advised == name)
    }
}

/// Finds the bracket that closes the one at the beginning of `text`. The text between them may
/// contain a slash only if it begins with one.
fn closing_square(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' => depth += 1,
            b']' if depth == 1 => return Some(at),
            b']' => depth -= 1,
            b'/' if !text.starts_with("[/") => return None,
            _ => {}
        }
    }
    None
}
