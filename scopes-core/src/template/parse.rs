//! Parses a template and continues after every mistake.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::TemplateErrorKind as Kind;
use super::boundaries::{Closing, closing, origin};
use super::characters::{Sort, bad_in_name, is_braced_name, is_name, is_plain, is_word};
use super::foreign::{self, Advice, Foreign};
use super::{MAX_LENGTH, MAX_PARAMETERS, MAX_SEGMENTS, Remedy, Segment, Template, TemplateError};

pub(super) fn template(text: &str) -> Result<Template, Vec<TemplateError>> {
    let mut parser = Parser {
        text,
        at: 0,
        segments: Vec::new(),
        errors: Vec::new(),
        names: Vec::new(),
        advised: Vec::new(),
        parameters: 0,
    };
    let trailing_slash = parser.path();
    if parser.errors.is_empty() {
        return Ok(Template { segments: parser.segments, trailing_slash });
    }
    parser.errors.sort_by_key(|error| error.offset);
    parser.add_remedies();
    Err(parser.errors)
}

pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    /// The segments read so far; valid only if no error was found.
    segments: Vec<Segment>,
    pub(super) errors: Vec<TemplateError>,
    pub(super) names: Vec<&'t str>,
    /// Names that errors have suggested and that the path does not have.
    pub(super) advised: Vec<String>,
    parameters: usize,
}

impl<'t> Parser<'t> {
    /// Reads the whole path; returns whether there is a trailing slash.
    fn path(&mut self) -> bool {
        match self.text.len() {
            0 => self.error(0, 0, Kind::Empty),
            // More messages, about single characters, would not help.
            length if foreign::is_regular_expression(self.text) => self.error(0, length, Kind::RegularExpression),
            1..=MAX_LENGTH => return self.begin(),
            // In a text of this length other mistakes are not reported.
            length => self.error(0, length, Kind::TooLong { length }),
        }
        false
    }

    fn begin(&mut self) -> bool {
        let text = self.text;
        if let Some(end) = origin(text) {
            self.error(0, end, Kind::Url { origin: text[..end].to_owned(), has_path: end < text.len() });
            self.at = end;
        }
        if text[self.at..].starts_with('/') {
            self.slashes();
            return self.all_segments();
        }
        if self.at == text.len() {
            return false;
        }
        // No error here if another one asks the user to remove the text before the slash, or to
        // write a slash.
        let begins_after = text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control());
        let to_be_trimmed =
            begins_after.len() < text.len() && (begins_after.is_empty() || begins_after.starts_with('/'));
        let covered = to_be_trimmed || text.starts_with(['\\', '?', '#']);
        if !covered {
            let end = self.segment_end(0);
            self.error(0, end, Kind::NoLeadingSlash { path: text.to_owned() });
        }
        self.all_segments()
    }

    /// Steps over a run of slashes.
    fn slashes(&mut self) {
        let start = self.at;
        self.at += self.text[start..].bytes().take_while(|&byte| byte == b'/').count();
        if self.at - start > 1 {
            self.wrong(start, self.at, |text| Kind::EmptySegment { text });
        }
    }

    fn all_segments(&mut self) -> bool {
        let mut count = 0;
        while self.at < self.text.len() {
            let start = self.at;
            let segment = self.segment();
            count += 1;
            if count == MAX_SEGMENTS + 1 {
                self.wrong(start, self.text.len(), |text| Kind::TooManySegments { text });
            }
            let last = self.at == self.text.len();
            if let Some(Segment::Rest { name }) = &segment
                && !last
            {
                self.error(start, self.at, Kind::RestNotLast { name: name.clone() });
            }
            self.segments.extend(segment);
            if last {
                return false;
            }
            self.slashes();
        }
        count > 0
    }

    /// Reads one segment, up to the next slash.
    fn segment(&mut self) -> Option<Segment> {
        match self.text.as_bytes()[self.at] {
            b':' => self.colon(),
            b'*' => self.asterisk(),
            _ => self.mixed(),
        }
    }

    /// Reads `:name`.
    fn colon(&mut self) -> Option<Segment> {
        let start = self.at;
        let end = self.query_cut();
        let text = &self.text[start..end];
        let length = text[1..].bytes().take_while(|&byte| byte == b'_' || byte.is_ascii_alphanumeric()).count();
        let (name, after) = text[1..].split_at(length);
        let text = text.to_owned();
        match after.as_bytes().first() {
            _ if name.is_empty() => self.colon_name(start, end),
            None => {
                self.parameter(name, start, end);
                return Some(Segment::Parameter {
                    prefix: String::new(),
                    name: name.to_owned(),
                    suffix: String::new(),
                });
            }
            Some(b'(' | b'<' | b'|' | b'{') if !after.strip_prefix('{').is_some_and(is_braced_name) => {
                let several = after.starts_with("(.*") || after.starts_with("(.+");
                let advice = if several { Advice::Rest(name) } else { Advice::One("", name, "") };
                self.foreign(start, start, end, (Foreign::Pattern, advice), false);
            }
            Some(_) if matches!(after, "*" | "+" | ".." | "...") => {
                self.foreign(start, start, end, (Foreign::Rest, Advice::Rest(name)), false);
            }
            Some(_) if after.contains('{') => {
                let brace = self.text[..end].rfind('{').unwrap_or(end);
                self.wrong(brace, end, |text| Kind::TwoParameters { text, instead: String::new() });
            }
            Some(&byte) if is_plain(byte) => {
                let free = self.free_name(name, "name");
                self.error(start, end, Kind::ColonText { text, name: name.to_owned(), free });
                let next = core::mem::replace(&mut self.at, end - after.len());
                while self.at < end {
                    self.literal(start);
                }
                self.at = next;
            }
            Some(_) => self.colon_name(start, end),
        }
        None
    }

    fn colon_name(&mut self, start: usize, end: usize) {
        let name = self.free_name("", "name");
        self.wrong(start, end, |text| Kind::ColonName { text, name });
    }

    /// Reads `*name`, a notation of other routers.
    fn asterisk(&mut self) -> Option<Segment> {
        let start = self.at;
        let end = self.query_cut();
        let text = &self.text[start..end];
        let after = text.trim_start_matches('*');
        let name = text.trim_matches(['*', '{', '}']);
        let found = if name.is_empty() || is_word(name) {
            (Foreign::Rest, Advice::Rest(name))
        } else if after.bytes().all(is_plain) && !after.contains('*') && !foreign::has_group(after) {
            (Foreign::Wildcard, Advice::One("", "", after))
        } else {
            (Foreign::Rest, Advice::Rest(""))
        };
        self.foreign(start, start, end, found, false);
        None
    }

    /// Reads literal text with at most one parameter in braces.
    fn mixed(&mut self) -> Option<Segment> {
        let start = self.at;
        let (mut prefix, mut suffix) = (String::new(), String::new());
        let mut found: Option<Braces<'t>> = None;
        let mut second = false;
        let mut end = None;
        while let Some(&byte) = self.text.as_bytes().get(self.at) {
            match byte {
                b'/' => break,
                b'?' | b'#' => {
                    end = Some(self.at);
                    self.query_cut();
                }
                b'{' => {
                    let open = self.at;
                    let braces = self.braces(start, found.is_some());
                    if found.is_none() {
                        if let Some(Braces { name, .. }) = braces {
                            self.parameter(name, open, self.at);
                        }
                        found = braces.or(Some(Braces { name: "", rest: false }));
                    } else if !second && braces.is_some() {
                        second = true;
                        let instead = self.one_argument(start, open);
                        self.wrong(open, self.at, |text| Kind::TwoParameters { text, instead });
                    }
                }
                b'<' | b'[' if self.brackets(start, found.is_some()) => {
                    found = found.or(Some(Braces { name: "", rest: false }));
                }
                _ => {
                    let literal = if found.is_some() { &mut suffix } else { &mut prefix };
                    if is_plain(byte) {
                        literal.push(char::from(byte));
                    }
                    self.literal(start);
                }
            }
        }
        let text = &self.text[start..end.unwrap_or(self.at)];
        if matches!(text, "." | "..") {
            self.wrong(start, start + text.len(), |text| Kind::DotSegment { text });
        }
        // If the segment has a query, that error is enough.
        if end.is_none() {
            self.foreign_text(start, self.at, found, &prefix, &suffix);
        }
        Some(match found {
            None => Segment::Literal(prefix),
            Some(Braces { name, rest: true }) => {
                if !second && (!prefix.is_empty() || !suffix.is_empty()) {
                    self.error(
                        start,
                        start + text.len(),
                        Kind::RestText { text: text.to_owned(), name: name.to_owned() },
                    );
                }
                Segment::Rest { name: name.to_owned() }
            }
            Some(Braces { name, rest: false }) => Segment::Parameter { prefix, name: name.to_owned(), suffix },
        })
    }

    /// Reads `{name}`, `{*name}`, or something similar; `None` after an error. `second` is set if
    /// the segment, which begins at `segment`, has a parameter already.
    fn braces(&mut self, segment: usize, second: bool) -> Option<Braces<'t>> {
        let open = self.at;
        let Closing { close, nested } = closing(&self.text.as_bytes()[open..]);
        let Some(close) = close.map(|close| open + close) else {
            self.at = self.segment_end(open);
            let instead = if second { String::new() } else { self.braced(&self.text[open + 1..self.at]) };
            self.wrong(open, self.at, |text| Kind::UnclosedBrace { text, instead });
            return None;
        };
        self.at = close + 1;
        let inner = &self.text[open + 1..close];
        let (rest, name) = inner.strip_prefix('*').map_or((false, inner), |name| (true, name));
        let is_pattern = || inner.split_once(':').is_some_and(|(name, _)| !name.contains('{'));
        if is_name(name) {
            return Some(Braces { name, rest });
        }
        let is_whole = open == segment && !second;
        let is_last = self.at == self.text.len();
        let kind = if inner.is_empty() {
            Kind::NoName { name: self.free_name("", "name") }
        } else if inner == "*" && is_whole && is_last {
            Kind::NoRestName { name: self.free_name("", "rest") }
        } else if inner == "$" && is_whole && is_last {
            self.error(
                open,
                self.at,
                Kind::Foreign { text: "{$}".into(), form: Foreign::PathEnd, instead: String::new() },
            );
            return None;
        } else if nested && !is_pattern() {
            let text = &self.text[open..=close];
            Kind::NestedBraces { text: text.to_owned(), instead: self.braced(text.trim_matches(['{', '}', ' '])) }
        } else if let Some(found) = foreign::in_braces(inner) {
            self.foreign(segment, open, self.at, found, second);
            return None;
        } else {
            let character = bad_in_name(name).unwrap_or('.');
            Kind::NameCharacter { name: name.to_owned(), character }
        };
        // Advice about the second parameter's name alone would lead to this error.
        let text = || self.text[open..=close].to_owned();
        let kind = if second { Kind::TwoParameters { text: text(), instead: String::new() } } else { kind };
        self.error(open, self.at, kind);
        None
    }

    /// Steps over one plain character of the segment that begins at `segment`, or reports a run of
    /// wrong characters of one kind.
    fn literal(&mut self, segment: usize) {
        let start = self.at;
        let rest = &self.text[start..];
        let Some(first) = rest.chars().next() else {
            return;
        };
        let sort = Sort::of(first);
        self.at += match sort {
            Sort::Plain | Sort::Brace => 1,
            Sort::Escape => {
                let mut length = 0;
                while rest[length..].starts_with('%') {
                    length += 1 + rest[length + 1..].bytes().take(2).take_while(u8::is_ascii_hexdigit).count();
                }
                length
            }
            _ => rest.find(|character| Sort::of(character) != sort).unwrap_or(rest.len()),
        };
        let kind = match sort {
            Sort::Plain => return,
            Sort::Brace => {
                let instead = self.braced(&self.text[segment..start]);
                Kind::UnopenedBrace { text: self.text[segment..self.at].to_owned(), instead }
            }
            _ => Kind::NotAllowed { text: self.text[start..self.at].to_owned(), remedy: Remedy::Nothing },
        };
        self.error(start, self.at, kind);
    }

    /// Counts a parameter and stores its name.
    fn parameter(&mut self, name: &'t str, start: usize, end: usize) {
        self.parameters += 1;
        if self.parameters == MAX_PARAMETERS + 1 {
            self.wrong(start, end, |text| Kind::TooManyParameters { text });
        }
        if self.names.contains(&name) {
            self.error(start, end, Kind::DuplicateName { name: name.to_owned() });
        } else {
            self.names.push(name);
        }
    }

    /// Goes to the end of the segment and reports a query or fragment in it; returns where the path
    /// itself ends.
    ///
    /// A query or fragment takes the rest of the text, even after a slash. The exception is a `?`
    /// right before a slash: it marks an optional segment and ends there.
    fn query_cut(&mut self) -> usize {
        let start = self.at;
        self.at = self.segment_end(start);
        let Some(cut) = self.text[start..self.at].find(['?', '#']).map(|cut| start + cut) else {
            return self.at;
        };
        if &self.text[cut..self.at] != "?" {
            self.at = self.text.len();
        }
        self.wrong(cut, self.at, |text| Kind::NotAllowed { text, remedy: Remedy::Nothing });
        cut
    }

    fn segment_end(&self, from: usize) -> usize {
        self.text[from..].find('/').map_or(self.text.len(), |length| from + length)
    }

    /// Reports an error that contains the text from `start` to `end`.
    pub(super) fn wrong(&mut self, start: usize, end: usize, kind: impl FnOnce(String) -> Kind) {
        self.error(start, end, kind(self.text[start..end].to_owned()));
    }

    fn error(&mut self, start: usize, end: usize, kind: Kind) {
        self.errors.push(TemplateError { kind, offset: start, length: end - start });
    }
}

/// A valid parameter in braces.
#[derive(Clone, Copy)]
pub(super) struct Braces<'t> {
    pub(super) name: &'t str,
    pub(super) rest: bool,
}
