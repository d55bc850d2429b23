//! Reads the paths of other routers: `/users/:id`, `/users/<id>`, `/users/{id:[0-9]+}` and
//! `/users/{id}` are one path.
//!
//! The parser of templates recognises the notations of other routers and knows what to write
//! instead. A declaration must write it; here it is applied. If the other router's path means
//! something that the replacement does not, the path is unreadable.

use alloc::borrow::{Cow, ToOwned};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::template::{Foreign, Template, TemplateError, TemplateErrorKind as Kind};

/// How often a path is rewritten: each rewriting may reveal another notation.
const MOST_ROUNDS: usize = 8;

/// Reads a path in the notation of any router.
///
/// The path may lack its first slash and may have a query, which routers do not match.
///
/// # Errors
/// Why the path cannot be compared with the catalogue, in words.
pub(super) fn read(written: &str) -> Result<Template, String> {
    let mut path = Cow::Borrowed(without_query(written));
    if !path.starts_with('/') && !path.contains("://") {
        path = format!("/{path}").into();
    }
    for _ in 0..MOST_ROUNDS {
        let errors = match Template::parse(&path) {
            Ok(template) => return Ok(template),
            Err(errors) => errors,
        };
        let mut rewritten = path.clone().into_owned();
        let mut end = path.len();
        for error in errors.iter().rev() {
            let replacement = replacement(error, &path)?;
            let range = error.offset()..error.offset() + error.length();
            // One of two errors about the same text is enough for this round.
            if range.end <= end {
                end = range.start;
                rewritten.replace_range(range, &replacement);
            }
        }
        path = rewritten.into();
    }
    Err("it has too many parts in the notation of another router".to_owned())
}

/// What replaces the text of an error, if that means the same.
fn replacement(error: &TemplateError, path: &str) -> Result<String, String> {
    let text = error.text(path);
    let replacement = match error.kind() {
        Kind::NoRestName { .. } => Some("{*rest}".into()),
        // Names do not take part in matching.
        Kind::DuplicateName { .. } => {
            let star = if text.starts_with("{*") { "*" } else { "" };
            Some(format!("{{{star}again-{}}}", error.offset()))
        }
        Kind::Foreign { form, instead, .. } if means_the_same(*form, text, instead)? => Some(instead.clone()),
        _ => None,
    };
    replacement.ok_or_else(|| error.to_string())
}

/// Whether the other router matches the same paths with `text` as a catalogue with `instead`.
fn means_the_same(form: Foreign, text: &str, instead: &str) -> Result<bool, String> {
    let takes_rest = instead.starts_with("{*");
    Ok(match form {
        Foreign::PathEnd | Foreign::Rest | Foreign::Sign | Foreign::Dollar | Foreign::Wildcard => true,
        Foreign::Brackets if takes_several(text) && !takes_rest => {
            return Err(format!("`{text}` takes several segments, which only the last parameter of a path can"));
        }
        Foreign::Brackets => true,
        Foreign::Pattern => {
            if !takes_rest && !stays_in_segment(pattern(text)) {
                let rest = instead.replace('{', "{*");
                return Err(format!(
                    "the pattern of `{text}` may match a slash: list the path with `{instead}`, which takes one segment, or end it \
                     with `{rest}`"
                ));
            }
            true
        }
        _ => false,
    })
}

/// Cuts a query off: a `?` outside of brackets that does not mark an optional segment.
fn without_query(path: &str) -> &str {
    let mut depth = 0_usize;
    for (at, byte) in path.bytes().enumerate() {
        match byte {
            b'{' | b'<' | b'(' | b'[' => depth += 1,
            b'}' | b'>' | b')' | b']' => depth = depth.saturating_sub(1),
            b'?' if depth == 0 && !matches!(path.as_bytes().get(at + 1), None | Some(b'/')) => return &path[..at],
            _ => {}
        }
    }
    path
}

/// Whether a parameter in angle or square brackets matches several segments.
fn takes_several(text: &str) -> bool {
    ["..", "*", "path:", ":path"].iter().any(|sign| text.contains(sign))
}

/// The pattern or type of a parameter: `[0-9]+` of `{id:[0-9]+}`, `\d+` of `:id(\d+)`.
fn pattern(text: &str) -> &str {
    let inner = text.strip_prefix(':').unwrap_or(text);
    let inner = inner.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')).unwrap_or(inner);
    inner.find([':', '<', '|', '(', '=', '[']).map_or("", |at| &inner[at + 1..])
}

/// Whether no text that the pattern matches has a slash. If that is not certain, it is `false`.
fn stays_in_segment(pattern: &str) -> bool {
    // salvo's `num(1..=9)`.
    let arguments = pattern.split_once('(').map(|(_, arguments)| arguments.trim_end_matches([')', '>']));
    let is_range = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || b".=, ".contains(&byte));
    if arguments.is_some_and(|arguments| !arguments.is_empty() && is_range(arguments)) {
        return true;
    }
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        let stays = match character {
            '/' | '.' => false,
            // `\D`, `\S` and `\W` match a slash.
            '\\' => characters.next().is_some_and(|escaped| !escaped.is_ascii_uppercase() && escaped != '/'),
            '[' => {
                let Some((class, rest)) = characters.as_str().split_once(']') else { return false };
                characters = rest.chars();
                class_stays_in_segment(class)
            }
            _ => true,
        };
        if !stays {
            return false;
        }
    }
    true
}

/// Whether a class of characters, without its brackets, does not match a slash.
fn class_stays_in_segment(class: &str) -> bool {
    let (is_negated, class) = class.strip_prefix('^').map_or((false, class), |class| (true, class));
    let characters: Vec<char> = class.chars().collect();
    let in_range = |range: &[char]| range[1] == '-' && range[0] <= '/' && '/' <= range[2];
    if is_negated {
        return characters.contains(&'/');
    }
    let is_wide = |pair: &[char]| pair[0] == '\\' && pair[1].is_ascii_uppercase();
    !(characters.contains(&'/') || characters.windows(3).any(in_range) || characters.windows(2).any(is_wide))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_are_one() {
        for (written, expected) in [
            // axum 0.8, aide, utoipa, OpenAPI
            ("/users/{id}", "/users/{id}"),
            ("/files/{*rest}", "/files/{*rest}"),
            // axum 0.7, poem
            ("/users/:id", "/users/{id}"),
            ("/files/*rest", "/files/{*rest}"),
            (r"/users/:id<\d+>", "/users/{id}"),
            ("/files/*", "/files/{*rest}"),
            // actix-web
            ("users/{id}", "/users/{id}"),
            ("", "/"),
            ("/users/{id:[0-9]+}", "/users/{id}"),
            (r"/users/{id:\d{4}}", "/users/{id}"),
            (r"/users/{id:[^/]+}.csv", "/users/{id}.csv"),
            ("/files/{tail:.*}", "/files/{*tail}"),
            ("/files/{tail}*", "/files/{*tail}"),
            // rocket
            ("/users/<id>", "/users/{id}"),
            ("/users/<id>?<page>&full", "/users/{id}"),
            ("/files/<path..>", "/files/{*path}"),
            ("/users/<_>/keys/<_>", "/users/{_}/keys/{_2}"),
            // salvo
            ("users/{id|[0-9]+}", "/users/{id}"),
            ("users/{id:num(2..=10)}", "/users/{id}"),
            ("files/{**rest}", "/files/{*rest}"),
            ("files/{*+rest}", "/files/{*rest}"),
            // others
            ("/users/<int:id>", "/users/{id}"),
            ("/users/{id:int}", "/users/{id}"),
            ("/{$}", "/"),
            ("/users/", "/users/"),
            ("/files/{*}", "/files/{*rest}"),
            ("/users/{id}/keys/{id}", "/users/{id}/keys/{again-17}"),
            ("/users/{a}/:b/<c>/{d:[a-z]+}/*e", "/users/{a}/{b}/{c}/{d}/{*e}"),
        ] {
            assert_eq!(read(written).unwrap().to_string(), expected, "{written}");
        }
    }

    #[test]
    fn what_means_something_else_is_not_read() {
        for (written, reason) in [
            ("/a/{b}-{c}", "`{c}` is the second parameter of its segment"),
            ("/a/{b?}", "no part of a path may be missing"),
            ("/a/:b?", "`?` begins a query"),
            (
                "/a/{b:.*}/c",
                "`{b:.*}` may match a slash: list the path with `{b}`, which takes one segment, or end it with `{*b}`",
            ),
            ("/a/{b:x/y}", "may match a slash"),
            ("/a/{b:x.y}", "may match a slash"),
            (r"/a/{b:\S+}", "may match a slash"),
            ("/a/{b:[^.]+}", "may match a slash"),
            ("/a/{b:[!-~]+}", "may match a slash"),
            (r"/a/{b:[\W]+}", "may match a slash"),
            ("/a/<b..>/c", "`<b..>` takes several segments"),
            ("/a/{b...}/c", "only the whole last segment"),
            ("/a/...", "ellipsis"),
            ("/a//b", "`//` encloses an empty segment"),
            ("https://example.com/a", "example.com"),
            ("/caf\u{e9}", "never sent unescaped"),
            ("/a/{b", "without its `}`"),
            ("/{{b}}", "braces cannot be nested"),
            ("^/a$", "never sent unescaped"),
            ("/a/:b.json", "`:b.json`"),
        ] {
            let found = read(written).unwrap_err();
            assert!(found.contains(reason), "{written}: {found}");
        }
    }

    proptest! {
        /// Whatever is read is a valid template, and reading it again changes nothing.
        #[test]
        fn reading_ends(written in "[/a-c{}<>:*?.$\\[\\]()|=^\\\\0-9+-]{0,40}|\\PC{0,20}") {
            if let Ok(template) = read(&written) {
                let shown = template.to_string();
                prop_assert_eq!(read(&shown).map(|again| again.to_string()), Ok(shown));
            }
        }
    }
}
