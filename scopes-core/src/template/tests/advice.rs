//! The advice of each error, followed to the letter, leads to a path that compiles.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use proptest::prelude::*;

use super::super::{MAX_LENGTH, MAX_PARAMETERS, MAX_SEGMENTS, Template, TemplateError, TemplateErrorKind as Kind};

/// The text between the first pair of backticks after `before`.
fn quoted<'m>(message: &'m str, before: &str) -> Option<&'m str> {
    let (_, rest) = message.split_once(before)?;
    rest.split_once('`').map(|(text, _)| text)
}

/// Does what the message of an error says, by its words alone where it names what to write.
fn follow(path: &str, error: &TemplateError) -> String {
    let message = error.to_string();
    let (start, end) = (error.offset, error.offset + error.length);
    let (before, after) = (&path[..start], &path[end..]);
    let segment_start = before.rfind('/').map_or(0, |slash| slash + 1);
    let segment_end = path[start..].find(['/', '?', '#']).map_or(path.len(), |length| start + length);
    let with_segment = |instead: &str| format!("{}{instead}{}", &path[..segment_start], &path[segment_end..]);
    match error.kind() {
        Kind::Empty => return "/".to_owned(),
        Kind::TooLong { .. } => return path[..MAX_LENGTH].trim_end_matches('/').to_owned(),
        Kind::TooManySegments { .. } => return before.trim_end_matches('/').to_owned(),
        Kind::TooManyParameters { .. } => return format!("{before}x{after}"),
        Kind::RegularExpression => return quoted(&message, "such as `").expect("an example").to_owned(),
        Kind::DotSegment { .. } => return resolved(path),
        Kind::DuplicateName { .. } => {
            let free = (0..).map(|number| format!("other{number}")).find(|name| !path.contains(name.as_str()));
            let rest = if path[start..end].starts_with("{*") { "*" } else { "" };
            return format!("{before}{{{rest}{}}}{after}", free.expect("a name"));
        }
        Kind::NameCharacter { name, .. } => {
            let is_part = |character: char| character.is_ascii_alphanumeric() || "_-".contains(character);
            let name: String = name.chars().filter(|character| is_part(*character)).collect();
            return format!("{before}{{{}}}{after}", if name.is_empty() { "other" } else { &name });
        }
        Kind::RestNotLast { .. } => return path[..end].to_owned(),
        Kind::TwoParameters { instead, .. } if instead.is_empty() => return with_segment("{both}"),
        Kind::TwoParameters { instead, .. } => return with_segment(instead),
        _ => {}
    }
    if message.contains("end the path before it") {
        return before.to_owned();
    }
    if message.contains("write what follows it") {
        return after.to_owned();
    }
    if message.contains("remove it") {
        return format!("{before}{after}");
    }
    if message.contains("write another character") {
        return format!("{before}-{after}");
    }
    if message.contains("write a single `/`") {
        return format!("{before}/{after}");
    }
    let instead = ["write `", "with `", "it leaves out, or `"].iter().find_map(|words| quoted(&message, words));
    // A message escapes invisible characters, but what it suggests has none, so it can be copied.
    let instead = instead.unwrap_or_else(|| panic!("{path:?}: {message}"));
    if message.ends_with("for the whole segment") {
        return with_segment(instead);
    }
    match error.kind() {
        // These errors name more than they cover.
        Kind::NoLeadingSlash { .. } => format!("/{}", path.trim_start()),
        Kind::UnopenedBrace { text, .. } => format!("{}{instead}{after}", &path[..end - text.len()]),
        _ => format!("{before}{instead}{after}"),
    }
}

fn resolved(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/').skip(1) {
        match segment {
            "." => {}
            ".." => {
                segments.pop();
            }
            other => segments.push(other),
        }
    }
    format!("/{}", segments.join("/"))
}

/// Follows the advice of one error after another, until the path compiles. Returns how many.
fn compile(path: &str, which: impl Fn(&[TemplateError]) -> usize) -> (String, usize) {
    let mut path = path.to_owned();
    let mut steps = Vec::new();
    for count in 0..64 {
        let Err(errors) = Template::parse(&path) else { return (path, count) };
        let error = &errors[which(&errors)];
        let next = follow(&path, error);
        steps.push(format!("{path:?}: {error} -> {next:?}"));
        path = next;
    }
    panic!("{steps:#?}")
}

/// Paths with one mistake each: one piece of advice suffices.
const ONE_MISTAKE: &[&str] = &[
    "",
    "users",
    "users/:id",
    "https://h.example/users",
    "http://h",
    "http://h/",
    "http://h?x",
    "//",
    "/a//b",
    "/a///",
    "/a?",
    "/a?x=%20",
    "?",
    "?x",
    "#x",
    "/?x",
    "/a#top",
    "/a%20b",
    "/%61",
    "/%61b%63",
    "/%2e%2E",
    "/%2e",
    "/a/%2e%2e/b",
    "/100%",
    "/a%2Fb",
    "/a%2fb",
    "/a%5Cb",
    "/a%3Bb",
    "/a%25b",
    "/a%00b",
    "/%7Bid%7D",
    "/%3Aid",
    "/%2A",
    "/%E2%82%AC",
    "/%C3%A9",
    "/%zz",
    "/%",
    "/%2",
    "/%41/%20/b",
    "/{id}%20",
    "/{id}%41",
    "/%41{id}",
    "/{id}/x%20y",
    "/x%20{id}",
    "/x%20{id}/{name}",
    "/{name}/a%20b",
    "/name/a%20b",
    "/a%20b?x",
    "/a b",
    "/a  b",
    " /a",
    "/a ",
    "/a\n",
    "/a /b",
    "/a/ b",
    "/ /a",
    "/a/ ",
    "/ ",
    " ",
    "\n",
    "/a\tb",
    "/a\u{a0}b",
    "/{id} x",
    "/a\u{0}",
    "/a\u{0}b",
    "/\u{0}/a",
    "/\u{0}",
    "\u{7f}",
    "/a\u{7f}",
    "/caf\u{e9}\u{e9}",
    "/\u{e9}",
    "/a\u{202e}b",
    "/\u{1f600}",
    "/a|b",
    "/a<b",
    "/|",
    "/a\"b",
    "/a^b",
    "/a`b",
    "/[",
    "/a]",
    "/a;b",
    "/;",
    "/a;",
    "/a\\b",
    "\\users",
    "\\",
    "/\\",
    "/a\\",
    "/a/\\b",
    "/a\\/b",
    "\\/users",
    "/..\\a",
    "/a/..",
    "/./a",
    "/..",
    "/.",
    "/a/./b",
    "/{id",
    "/a{id/b",
    "/{id/{b}",
    "/{name}/{id",
    "/{name}/{name",
    "/{",
    "/{*rest",
    "/{a}{b",
    "/{a}{",
    "/{id:[0-9]+/{b}",
    "/id}",
    "/}",
    "/a}/b",
    "/{a}b}",
    "/{a}}",
    "/{id}/id}",
    "/{{id}}",
    "/{id}/{{id}}",
    "/{{ id }}",
    "/{name}/{{a b}}",
    "/{a}{{b}}",
    "/{a{b:c}}/d",
    "/:",
    "/:/a",
    "/:-id",
    "/:{id}",
    "/:us\u{e9}r",
    "/:name/:",
    "/:id.json",
    "/:id:cancel",
    "/:user-id",
    "/:id/:id.json",
    "/:id?",
    "/:id?/edit",
    "/:id(\\d+)",
    "/:path*",
    "/:a{b}",
    "/:a.{b}",
    "/{}",
    "/{name}/{}",
    "/{a}{}",
    "/{*}",
    "/rest/{*}",
    "/{rest}/{*}",
    "/{user id}",
    "/{a/b}",
    "/{\u{e9}}",
    "/{a}{b c}",
    "/{a..b}",
    "/{id:[0-9]+}",
    "/{tail:.*}",
    "/a/<id>",
    "/*",
    "/*.json",
    "/a{*rest}",
    "/{*rest}.json",
    "/a{*rest}.json",
    "/{*rest}/a",
    "/{*rest}/",
    "/{a}{b}",
    "/{a}-{a}",
    "/{a}{*b}",
    "/{a}/{b}/:a",
    "/:a/{*a}",
    "/image(width={w},height={h})",
    "/f({a})({b})",
    "/users(/:id)",
    "/users(.:format)",
    "/{$}",
    "/a/{$}",
    "/...",
    "/{name=shelves/*}",
    "/{?q}",
    "/a/{;m}/b",
    "^/users/[0-9]+$",
    "/users/\\d+",
];

#[test]
fn one_mistake() {
    for path in ONE_MISTAKE {
        let count = Template::parse(path).expect_err(path).len();
        let (compiled, steps) = compile(path, |_| 0);
        assert!(steps <= count, "{path:?}: {compiled} after {steps} steps, and not {count}");
    }
}

/// What to write instead of characters that no path can have.
#[test]
#[rustfmt::skip] // one line a path
fn characters() {
    for (path, advice, compiled) in [
        ("/a%20b", "`%20`: a template is never decoded, write `{name}` for the whole segment", "/{name}"),
        ("/caf%C3%A9/%41", "`%C3%A9`: a template is never decoded, write `{name}` for the whole segment", "/{name}/A"),
        ("/%61%62", "`%61%62`: a template is never decoded, write `ab`", "/ab"),
        ("/a b", "white space ` ` is never sent in a path, write `{name}` for the whole segment", "/{name}"),
        ("/a b/{name}", "white space ` ` is never sent in a path, write `{name2}` for the whole segment", "/{name2}/{name}"),
        ("/a%20{id}", "`%20`: a template is never decoded, write `{id}` for the whole segment", "/{id}"),
        ("/a b/c d", "white space ` ` is never sent in a path, write `{name}` for the whole segment", "/{name}/{name2}"),
        ("/a b c", "white space ` ` is never sent in a path, write `{name}` for the whole segment", "/{name}"),
        (" /a", "white space ` ` is never sent in a path, remove it", "/a"),
        ("/a /b", "white space ` ` is never sent in a path, remove it", "/a/b"),
        ("/%2e%2e/a", "`%2e%2e`: a template is never decoded, write `{name}` for the whole segment", "/{name}/a"),
        ("/a/\\b", "`\\` separates nothing in a path, remove it", "/a/b"),
        ("/a\\b", "`\\` separates nothing in a path, write `/`", "/a/b"),
        ("/a|<b", "`|` is never sent unescaped in a path, write `{name}` for the whole segment", "/{name}"),
        ("?x", "`?x` is a query, which takes no part in matching: write `/`", "/"),
        ("http://h", "`http://h` is not part of a path, write `/`", "/"),
    ] {
        let errors = Template::parse(path).expect_err(path);
        assert_eq!(errors[0].to_string(), advice, "{path}");
        assert_eq!(compile(path, |_| 0).0, compiled, "{path}");
    }
}

#[test]
fn beyond_a_limit() {
    let parameters: String = (0..MAX_PARAMETERS + 2).map(|index| format!("/{{p{index}}}")).collect();
    for path in [parameters, "/a".repeat(MAX_SEGMENTS + 2), format!("/{}", "a".repeat(MAX_LENGTH))] {
        compile(&path, |_| 0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whichever error is mended first, the next ones lead to a path that compiles.
    #[test]
    fn any_path(path in "/?([ab.:*{}/?|%é; \\\\<>\\[\\]-]|%[0-9a-f]{2}|[{][*]?[a-c]{0,2}[}]|:a|\\$a|\\(){0,9}", first in any::<bool>()) {
        compile(&path, |errors| if first { 0 } else { errors.len() - 1 });
    }
}
