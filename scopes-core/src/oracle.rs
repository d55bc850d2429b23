//! The rules for raw targets a second time, in the simplest form. Tests compare the matcher with
//! it.
//!
//! It uses none of the code under test, not even its parser. It tries every route in turn, and
//! every rule is one line.

use std::borrow::ToOwned;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Range;
use std::string::String;
use std::vec::Vec;

/// One route: its method, its path below the base in brace form, its `#[raw]` parameters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Route {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) raw: Vec<String>,
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The position of the route among those given, and the raw value of each parameter.
    Route(usize, Vec<(String, Vec<u8>)>),
    Malformed,
    TooLong,
    NotFound,
    /// The methods for `Allow`.
    NotAllowed(BTreeSet<String>),
}

/// A parameter's name, its raw value, and the range of its segments.
type Capture = (String, Vec<u8>, Range<usize>);

/// The answer for a request line.
pub(crate) fn answer(routes: &[Route], base: &str, limit: usize, method: &str, target: &[u8]) -> Answer {
    if (method, target) == ("OPTIONS", b"*") {
        return Answer::NotFound;
    }
    if target.len() > limit {
        return Answer::TooLong;
    }
    let Some(path) = path_of(target) else { return Answer::Malformed };
    let broken: Vec<_> = path[1..].split(|&byte| byte == b'/').map(broken_rules).collect();
    if broken.iter().any(|(always, _)| *always) {
        return Answer::Malformed;
    }
    let rest = path.strip_prefix(base.as_bytes()).filter(|rest| rest.is_empty() || rest.starts_with(b"/"));
    let below = rest.map(|rest| core::str::from_utf8(rest).expect("only ASCII is left"));
    let matching: Vec<(usize, &Route, Vec<Capture>)> = (routes.iter().enumerate())
        .filter_map(|(index, route)| Some((index, route, captures(&route.path, base, below?)?)))
        .collect();
    let best = (matching.iter())
        .filter(|(_, route, _)| route.method == method || (method == "HEAD" && route.method == "GET"))
        .min_by_key(|(_, route, _)| (rank(&route.path), route.method != method));
    let first = base.matches('/').count();
    let excused = |segment: usize| {
        best.is_some_and(|(_, route, captures)| {
            captures.iter().any(|(name, _, taken)| route.raw.contains(name) && taken.contains(&segment))
        })
    };
    let odd =
        |(index, (_, unless_raw)): (usize, &(bool, bool))| *unless_raw && (index < first || !excused(index - first));
    if broken.iter().enumerate().any(odd) {
        return Answer::Malformed;
    }
    if let Some((index, _, captures)) = best {
        return Answer::Route(*index, captures.iter().map(|(name, value, _)| (name.clone(), value.clone())).collect());
    }
    let mut allowed: BTreeSet<String> = matching.iter().map(|(_, route, _)| route.method.clone()).collect();
    if allowed.contains("GET") {
        allowed.insert("HEAD".to_owned());
    }
    if allowed.is_empty() { Answer::NotFound } else { Answer::NotAllowed(allowed) }
}

/// Whether the template matches this path, both without a base.
pub(crate) fn takes(template: &str, path: &str) -> bool {
    captures(template, "", path).is_some()
}

/// G1, G8: the path of the origin-form or the absolute-form.
fn path_of(target: &[u8]) -> Option<&[u8]> {
    let from_slash = if target.starts_with(b"/") {
        target
    } else {
        let colon = target.windows(3).position(|window| window == b"://")?;
        let scheme = &target[..colon];
        let sound = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
        if !scheme.first()?.is_ascii_alphabetic() || !scheme.iter().all(sound) {
            return None;
        }
        let authority = &target[colon + 3..];
        let end = authority.iter().position(|byte| b"/?#".contains(byte)).unwrap_or(authority.len());
        if end == 0 {
            return None;
        }
        &authority[end..]
    };
    let path = from_slash.split(|&byte| byte == b'?').next()?;
    if path.is_empty() { Some(b"/") } else { Some(path).filter(|path| path.starts_with(b"/")) }
}

/// Checks every rule separately over a whole segment. Returns two flags: whether the segment breaks
/// a rule that applies to all segments, and whether it breaks a rule that a `#[raw]` parameter
/// lifts.
pub(crate) fn broken_rules(segment: &[u8]) -> (bool, bool) {
    let pchar = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@%".contains(byte);
    let (mut decoded, mut bad_escape, mut forbidden) = (Vec::new(), false, false);
    let mut rest = segment;
    while let [byte, tail @ ..] = rest {
        rest = tail;
        let digits = rest.get(..2).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let octet = digits.map(|digits| digits.iter().fold(0, |octet, &digit| octet * 16 + hexadecimal(digit)));
        match octet {
            Some(octet) if *byte == b'%' => {
                decoded.push(octet);
                forbidden |= octet.is_ascii_control() || b"/\\%;".contains(&octet);
                rest = &rest[2..];
            }
            _ => {
                bad_escape |= *byte == b'%';
                decoded.push(*byte);
            }
        }
    }
    let left_by_browsers = |byte: &u8| b"|[]^".contains(byte);
    let g2 = !segment.iter().all(|byte| pchar(byte) || left_by_browsers(byte));
    let g4 = decoded == b"." || decoded == b"..";
    let text = core::str::from_utf8(&decoded);
    let g3 =
        bad_escape || forbidden || text.map_or(true, |text| text.trim() != text || text.chars().any(char::is_control));
    (g2 || g4, g3 || segment.contains(&b';') || segment.iter().any(left_by_browsers))
}

fn hexadecimal(digit: u8) -> u8 {
    b"0123456789abcdef".iter().position(|known| *known == digit.to_ascii_lowercase()).map_or(0, |value| value as u8)
}

/// A segment of a template: text before the parameter, its name, text after it. A literal has no
/// name.
fn parts(segment: &str) -> (&str, Option<&str>, &str) {
    match segment.split_once('{') {
        None => (segment, None, ""),
        Some((prefix, rest)) => {
            let (name, suffix) = rest.split_once('}').expect("a brace is closed");
            (prefix, Some(name), suffix)
        }
    }
}

fn segments(path: &str) -> Vec<&str> {
    path[1..].split('/').collect()
}

/// The values of a template's parameters in a path, if it matches. A trailing slash is an empty
/// last segment of both.
fn captures(template: &str, base: &str, path: &str) -> Option<Vec<Capture>> {
    if template == "/" || path.len() <= 1 {
        // The root below a base is the base itself.
        let root = if base.is_empty() { "/" } else { "" };
        return (template == "/" && path == root).then(Vec::new);
    }
    let (template, path) = (segments(template), segments(path));
    if path[..path.len() - 1].contains(&"") {
        return None;
    }
    let mut taken = Vec::new();
    for (index, segment) in template.iter().enumerate() {
        let value = *path.get(index)?;
        let (prefix, Some(name), suffix) = parts(segment) else {
            if value != *segment {
                return None;
            }
            continue;
        };
        if let Some(name) = name.strip_prefix('*') {
            let all = path[index..].join("/");
            let slash = path.last() == Some(&"");
            return (!slash).then(|| {
                taken.push((name.to_owned(), all.into_bytes(), index..path.len()));
                taken
            });
        }
        let inner = value.strip_prefix(prefix)?.strip_suffix(suffix)?;
        if inner.is_empty() {
            return None;
        }
        taken.push((name.to_owned(), inner.as_bytes().to_vec(), index..index + 1));
    }
    (template.len() == path.len()).then_some(taken)
}

/// The rank by G10, for each segment: its kind, the length of its literal text, and the length of
/// the text before the parameter. The least rank wins.
fn rank(template: &str) -> Vec<(u8, Reverse<usize>, Reverse<usize>)> {
    let of_segment = |segment: &str| match parts(segment) {
        (_, None, _) => (0, Reverse(0), Reverse(0)),
        (_, Some(name), _) if name.starts_with('*') => (2, Reverse(0), Reverse(0)),
        (prefix, Some(_), suffix) => (1, Reverse(prefix.len() + suffix.len()), Reverse(prefix.len())),
    };
    segments(template).into_iter().map(of_segment).collect()
}
