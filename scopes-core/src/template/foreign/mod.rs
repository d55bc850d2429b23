//! The notations of other routers, and what to write instead.
//!
//! Without this check, `{path...}`, `{id<int>}`, `[id]` and similar forms would be read as names of
//! parameters or as literal text. They would then mean something else here than in the other
//! router: Go's `/{$}` is the root, but a parameter called `$` would match every path of one
//! segment. So each form is an error, and the path compiles if the user writes exactly what the
//! error suggests.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::characters::{is_name, is_word};
use crate::notation::{Notation, TrailingSlash};
use crate::quoted::Quoted;

/// A notation of another router, by its meaning there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Foreign {
    /// The end of the path, written `{$}` in Go.
    PathEnd,
    /// Several segments at the end of the path: `{path...}`, `{+path}`, `{**path}`, `{path:.*}`,
    /// `*path`, `**`.
    Rest,
    /// Several segments where `{*rest}` is not possible: in the middle of a path, or beside text.
    RestWithin,
    /// A parameter with a pattern or a type: `{id:[0-9]+}`, `{id<int>}`, `{id|int}`, `:id(\d+)`.
    Pattern,
    /// A parameter that matches several given segments: `{name=shelves/*}`.
    Segments,
    /// A parameter with one value, a fixed one or a default: `{name=shelves}`.
    Value,
    /// An optional part: `{id?}`, `[/{id}]`, `(.:format)`.
    Optional,
    /// A parameter in other brackets: `<id>`, `[id]`, `(:id)`.
    Brackets,
    /// A parameter after a dollar sign: `$id`, `${id}`.
    Dollar,
    /// `*` as a part of a segment: `*.json`.
    Wildcard,
    /// Text that belongs outside of the braces: `{.ext}`, `{/id}`.
    Outside,
    /// A sign before the name: `{!id}`, `{:id}`.
    Sign,
    /// Several names in one expression of a URI template: `{a,b}`.
    List,
    /// A matrix parameter of a URI template: `{;m}`.
    Matrix,
    /// A query of a URI template: `{?q}` or `{&q}`.
    Query,
    /// A fragment of a URI template: `{#f}`.
    Fragment,
    /// Dots for segments that a documentation omits: `/users/...`.
    Ellipsis,
    /// A parameter of another notation as the second one of its segment: `{id}{.ext}`.
    Second,
}

impl Foreign {
    /// Writes the sentence about `text`, which suggests writing `instead` in its place.
    pub(super) fn write(
        self,
        f: &mut fmt::Formatter<'_>,
        text: &str,
        instead: &str,
        notation: Notation,
    ) -> fmt::Result {
        let (quoted, raw, instead) = (Quoted(text), instead, Quoted(instead));
        match self {
            Self::PathEnd => write!(
                f,
                "`{quoted}` marks the end of a path, which needs no mark here, remove it: `/` is the root alone, and a path that ends in `/` is a route with {}",
                TrailingSlash(notation)
            ),
            Self::Rest => write!(f, "`{quoted}`: the rest of a path is a parameter in braces, write `{instead}`"),
            Self::RestWithin => write!(
                f,
                "`{quoted}`: only the whole last segment can take the rest of a path, write `{instead}`, which takes one segment"
            ),
            Self::Pattern => write!(f, "`{quoted}`: parameters have no pattern, write `{instead}`"),
            Self::Segments => write!(f, "`{quoted}`: a parameter takes one segment, write `{instead}`"),
            Self::Value => write!(
                f,
                "`{quoted}`: a parameter has no value of its own, write `{instead}`, or the value without braces if it is the only one"
            ),
            Self::Optional => write!(
                f,
                "`{quoted}`: no part of a path may be missing, write `{instead}`, and a second route for the path without it"
            ),
            Self::Brackets => write!(f, "`{quoted}`: parameters are written in braces, write `{instead}`"),
            Self::Dollar => write!(f, "`{quoted}`: parameters are written in braces without `$`, write `{instead}`"),
            Self::Wildcard => write!(f, "`{quoted}`: what may vary is a parameter in braces, write `{instead}`"),
            Self::Outside => {
                write!(f, "`{quoted}`: text before a parameter stands before its braces, write `{instead}`")
            }
            Self::Sign => write!(f, "`{quoted}`: braces hold the name alone, write `{instead}`"),
            Self::List => write!(f, "`{quoted}`: braces hold one name, write `{instead}` and let the handler split it"),
            Self::Matrix => write!(f, "`{quoted}` is a matrix parameter, which is refused in requests, remove it"),
            Self::Query => write!(f, "`{quoted}` is a query, which takes no part in matching, remove it"),
            Self::Fragment => write!(f, "`{quoted}` is a fragment, which is never sent, remove it"),
            Self::Ellipsis => {
                let takes = if raw.starts_with("{*") { "the rest of the path" } else { "one segment" };
                write!(
                    f,
                    "`{quoted}` is an ellipsis of documentation: write all that it leaves out, or `{instead}`, which takes {takes}"
                )
            }
            Self::Second => {
                write!(
                    f,
                    "`{quoted}` is a second parameter in its segment, remove it: the first one then takes this text too"
                )
            }
        }
    }
}

/// What to write in place of a foreign form.
pub(super) enum Advice<'t> {
    /// One parameter of this name, with text before and after it. If the name is empty, the advice
    /// chooses one.
    One(&'t str, &'t str, &'t str),
    /// `{*name}`, or one parameter where `{*rest}` is not possible.
    Rest(&'t str),
    /// Nothing: the user should remove the form.
    Nothing,
    /// This text.
    Text(String),
    /// The same, but the names of its parameters are those of the path already.
    Counted(String),
}

/// A foreign form and its advice.
pub(super) type Found<'t> = (Foreign, Advice<'t>);

/// Recognises the content of braces, if it is not a name.
pub(super) fn in_braces(inner: &str) -> Option<Found<'_>> {
    if let Some(found) = angle(inner.strip_prefix('<').and_then(|inner| inner.strip_suffix('>')).unwrap_or_default()) {
        return Some((Foreign::Sign, found.1));
    }
    if let Some((_, form)) = OPERATORS.iter().find(|(operator, _)| inner.starts_with(*operator)) {
        return Some((*form, Advice::Nothing));
    }
    if !inner.is_empty() && inner.bytes().all(|byte| b"*.+".contains(&byte)) {
        return Some((Foreign::Rest, Advice::Rest("")));
    }
    let (named, pattern) = match inner.find([':', '=', '<', '|', '(', '[']) {
        Some(at) if at > 0 => (&inner[..at], Some(inner[at..].split_at(1))),
        _ => (inner, None),
    };
    let name = clean(named);
    let several = named.trim_start_matches('.').len() + 2 <= named.len()
        || named.starts_with(['*', '+'])
        || named.ends_with("..")
        || named.ends_with(['*', '+']);
    match pattern {
        Some(("=", value)) if value.contains(['/', '*']) && name == named => return Some(segments(name, value)),
        Some(("=", value)) if is_word(value) && name == named => {
            return Some((Foreign::Value, Advice::One("", name, "")));
        }
        Some((_, pattern)) if several || takes_several(pattern) => return Some((Foreign::Pattern, Advice::Rest(name))),
        Some(_) => return Some((Foreign::Pattern, Advice::One("", name, ""))),
        None => {}
    }
    if !is_name(name) {
        let first = inner.split(',').next().unwrap_or_default();
        return (first.len() < inner.len() && is_name(clean(first)))
            .then(|| (Foreign::List, Advice::One("", clean(first), "")));
    }
    let one = |form, before| Some((form, Advice::One(before, name, "")));
    match named.as_bytes().first() {
        _ if several => Some((Foreign::Rest, Advice::Rest(name))),
        _ if named.ends_with('?') => one(Foreign::Optional, ""),
        Some(b'.') if named.len() == name.len() + 1 => one(Foreign::Outside, "."),
        Some(b'/') if named.len() == name.len() + 1 => one(Foreign::Outside, "/"),
        _ if name.len() < named.len() && !named.contains(' ') => one(Foreign::Sign, ""),
        _ => None,
    }
}

/// Signs after which a URI template has something that is not part of the path.
const OPERATORS: [(char, Foreign); 4] =
    [('?', Foreign::Query), ('&', Foreign::Query), (';', Foreign::Matrix), ('#', Foreign::Fragment)];

/// The name without the signs of other routers around it.
fn clean(name: &str) -> &str {
    let name = name.trim().trim_start_matches(['*', '+', '?', '!', '$', '@', ':', '.', '/', '^', '~', '=']);
    name.trim_end_matches(['*', '+', '?', '!', '.', '$'])
}

/// Whether a pattern or type matches slashes.
fn takes_several(pattern: &str) -> bool {
    let pattern = pattern.trim().trim_start_matches(['(', '^']).trim_end_matches([')', '$', '>', ']']);
    matches!(pattern, ".*" | ".+" | "*" | "**" | "path" | ".*?" | ".+?")
}

/// Writes `shelves/{name_1}/books/{name_2}` for `{name=shelves/*/books/*}`.
fn segments<'t>(name: &'t str, value: &'t str) -> Found<'t> {
    match value {
        "*" => return (Foreign::Pattern, Advice::One("", name, "")),
        "**" => return (Foreign::Pattern, Advice::Rest(name)),
        _ => {}
    }
    let parts: Vec<&str> = value.split('/').collect();
    let stars = parts.iter().filter(|part| matches!(**part, "*" | "**")).count();
    let sound = |(index, part): (usize, &&str)| {
        *part == "*" || *part == "**" && index + 1 == parts.len() || is_word(part) || is_name(part)
    };
    if !is_name(name) || stars == 0 || !parts.iter().enumerate().all(sound) {
        return (Foreign::Pattern, Advice::One("", name, ""));
    }
    let (mut text, mut star) = (String::new(), 0);
    for (index, part) in parts.iter().enumerate() {
        text.push_str(if index > 0 { "/" } else { "" });
        match *part {
            "*" | "**" => {
                star += 1;
                let number = if stars > 1 { format!("_{star}") } else { String::new() };
                // `{*rest}` is allowed only at the end, and this function does not know whether
                // this is the end: one segment is always valid.
                text.push_str(&format!("{{{name}{number}}}"));
            }
            literal => text.push_str(literal),
        }
    }
    (Foreign::Segments, Advice::Text(text))
}

/// Recognises the inside of `<id>`, `<path..>`, `<int:id>`, `<id:int>`, `<**rest>`.
pub(super) fn angle(inner: &str) -> Option<Found<'_>> {
    const TYPES: [&str; 10] = ["int", "str", "string", "float", "path", "uuid", "slug", "any", "re", "regex"];
    let (name, kind) = match inner.split_once([':', '|', '=']) {
        Some((kind, name)) if TYPES.contains(&kind) || kind.contains('(') => (name, kind),
        Some((name, kind)) => (name, kind),
        None => (inner, ""),
    };
    let several = kind == "path"
        || takes_several(kind)
        || name.starts_with('*')
        || name.starts_with("..")
        || name.ends_with("..");
    let name = clean(name);
    let advice = if several { Advice::Rest(name) } else { Advice::One("", name, "") };
    is_word(name).then_some((Foreign::Brackets, advice))
}

/// Recognises the inside of `[id]`, `[...rest]`, `[[id]]`, `[id=int]`, `[/{id}]`.
pub(super) fn square(inner: &str) -> Option<Found<'_>> {
    if let Some(path) = inner.strip_prefix('/') {
        let braced = |part: &str| part.strip_prefix('{').and_then(|part| part.strip_suffix('}')).is_some_and(is_name);
        let sound = |part: &str| is_word(part.strip_prefix(':').unwrap_or(part)) || braced(part);
        return path.split('/').all(sound).then(|| (Foreign::Optional, Advice::Text(inner.to_owned())));
    }
    let optional = inner.starts_with('[') && inner.ends_with(']');
    let inner = if optional { &inner[1..inner.len() - 1] } else { inner };
    let several = inner.starts_with("...") || inner.starts_with('*');
    let name = match inner.split_once([':', '=']) {
        // The type comes first in `[i:id]` and last in `[id=int]`.
        Some((kind, name)) if inner.contains(':') && kind.len() < 3 => name,
        Some((name, _)) => name,
        None => inner,
    };
    let name = clean(name);
    let form = if optional { Foreign::Optional } else { Foreign::Brackets };
    is_name(name).then_some((form, if several { Advice::Rest(name) } else { Advice::One("", name, "") }))
}

/// Recognises a foreign form in a segment without braces.
pub(super) fn in_literal(segment: &str) -> Option<Found<'_>> {
    if segment.len() > 2 && segment.bytes().all(|byte| byte == b'.') {
        return Some((Foreign::Ellipsis, Advice::Rest("")));
    }
    if let Some(name) = segment.strip_prefix('$').filter(|name| is_identifier(name)) {
        return Some((Foreign::Dollar, Advice::One("", name, "")));
    }
    let (open, group) = GROUPS.iter().find_map(|group| Some((segment.find(group)?, *group)))?;
    let (before, rest) = (&segment[..open], &segment[open + group.len()..]);
    let (inside, after) = rest.split_once(')').unwrap_or((rest, ""));
    let after = if GROUPS.iter().any(|group| after.contains(group)) { "" } else { after };
    Some(match group {
        "(.:" => (Foreign::Optional, Advice::Text(format!("{before}.{{{}}}{after}", or_name(inside)))),
        "(:" => (Foreign::Brackets, Advice::One(before, inside, after)),
        _ if before.is_empty() && after.is_empty() => (Foreign::Pattern, Advice::Rest("")),
        _ => (Foreign::Pattern, Advice::One(before, "", after)),
    })
}

/// Beginnings of groups in other notations, which never occur in literal text.
const GROUPS: [&str; 4] = ["(.:", "(:", "(.*", "(.+"];

/// Whether text beside a parameter contains a group of another notation.
pub(super) fn has_group(text: &str) -> bool {
    GROUPS.iter().any(|group| text.contains(group))
}

/// Whether only a parameter has such a name. `$count` and other names after a `$` are literal text,
/// because some APIs have such segments.
fn is_identifier(name: &str) -> bool {
    is_word(name) && (name == "id" || name.ends_with("Id") || name.ends_with("_id"))
}

fn or_name(name: &str) -> &str {
    if is_name(name) { name } else { "name" }
}

/// Whether a path is a regular expression: it begins with `^`, or a segment begins with a character
/// class or a group of a regular expression.
pub(super) fn is_regular_expression(path: &str) -> bool {
    let begins = |segment: &str| {
        ["\\d", "\\w", "\\S", "(\\", "(?:", "(?P", "(?<", "([", "[^", "[0-9", "[a-z", "[A-Z"]
            .iter()
            .any(|sign| segment.starts_with(sign))
    };
    path.starts_with('^') || path.split('/').any(begins)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]
mod tests;
