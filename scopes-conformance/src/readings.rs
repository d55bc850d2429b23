//! How servers, proxies and frameworks may read a raw target. If handlers do not name themselves,
//! it is unknown which one ran. So a success counts against a server only if *no* reading of the
//! target is a route that the caller may reach.

use std::collections::BTreeSet;

use scopes_core::template::{Segment, Template};

use crate::escapes;

/// One change that a server may make to a path.
type Step = fn(&[u8]) -> Vec<u8>;

/// Every path as which a server may read this target, the target itself included.
pub(super) fn readings(target: &[u8]) -> BTreeSet<Vec<u8>> {
    let steps: [Step; 9] = [
        without_authority,
        |path| without_after(path, b"?"),
        decoded,
        decoded,
        |path| path.iter().map(|&byte| if byte == b'\\' { b'/' } else { byte }).collect(),
        // A decoded or raw `?`, `#` or NUL ends the path.
        |path| without_after(path, b"?#\0"),
        |path| of_segments(path, |segment| without_after(segment, b";")),
        |path| of_segments(path, |segment| segment.trim_ascii().to_vec()),
        folded,
    ];
    let mut all = BTreeSet::from([without_after(target, b"?#"), target.to_vec()]);
    for step in steps {
        let changed: Vec<_> = all.iter().map(|path| step(path)).collect();
        all.extend(changed);
    }
    all.retain(|path| path.starts_with(b"/"));
    all
}

/// `http://host/path` and `//host/path`.
fn without_authority(target: &[u8]) -> Vec<u8> {
    let after_scheme = target.windows(3).position(|window| window == b"://").map(|at| &target[at + 3..]);
    let Some(rest) = after_scheme.or_else(|| target.strip_prefix(b"//")) else { return target.to_vec() };
    match rest.iter().position(|&byte| byte == b'/') {
        Some(at) => rest[at..].to_vec(),
        None => b"/".to_vec(),
    }
}

fn without_after(path: &[u8], marks: &[u8]) -> Vec<u8> {
    path.split(|byte| marks.contains(byte)).next().unwrap_or_default().to_vec()
}

fn of_segments(path: &[u8], change: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    path.split(|&byte| byte == b'/').map(change).collect::<Vec<_>>().join(&b'/')
}

/// Decodes every valid escape, also overlong encodings of `/` and `.`, and keeps the rest.
fn decoded(path: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(path.len());
    for byte in escapes::resolved(path) {
        match (out.last_mut(), byte) {
            (Some(last), 0xAF) if *last == 0xC0 => *last = b'/',
            (Some(last), 0xAE) if *last == 0xC0 => *last = b'.',
            _ => out.push(byte),
        }
    }
    out
}

/// Resolves empty segments and dot segments.
fn folded(path: &[u8]) -> Vec<u8> {
    let mut kept: Vec<&[u8]> = Vec::new();
    for segment in path.split(|&byte| byte == b'/') {
        match segment {
            b"" | b"." => {}
            b".." => {
                kept.pop();
            }
            _ => kept.push(segment),
        }
    }
    let mut folded = b"/".to_vec();
    folded.extend(kept.join(&b'/'));
    folded
}

/// A template that matches as generously as any router: literals in any case, and empty parameters.
#[derive(Debug)]
pub(super) struct Generous {
    template: Template,
    tenant: Option<String>,
}

impl Generous {
    /// `None` if it is not a template.
    pub(super) fn new(template: &str, tenant: Option<&str>) -> Option<Self> {
        Some(Self { template: Template::parse(template).ok()?, tenant: tenant.map(str::to_owned) })
    }

    /// Returns `Some` if the template may match the path, with the value of the tenant parameter,
    /// if it has one.
    pub(super) fn matches(&self, path: &[u8]) -> Option<Option<Vec<u8>>> {
        let mut tenant = None;
        let mut segments = path.split(|&byte| byte == b'/').skip(1).peekable();
        for template in self.template.segments() {
            let segment = segments.next()?;
            match template {
                Segment::Literal(literal) => {
                    if !literal.as_bytes().eq_ignore_ascii_case(segment) {
                        return None;
                    }
                }
                Segment::Parameter { prefix, name, suffix } => {
                    let value = segment.strip_prefix(prefix.as_bytes())?.strip_suffix(suffix.as_bytes())?;
                    if self.tenant.as_ref() == Some(name) {
                        tenant = Some(value.to_vec());
                    }
                }
                Segment::Rest { .. } => return Some(tenant),
            }
        }
        // A server may drop a slash at the end.
        segments.all(<[u8]>::is_empty).then_some(tenant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readings_include_those_of_all_programs() {
        for (target, reading) in [
            ("/a/b", "/a/b"),
            ("/a/b?x=/c", "/a/b"),
            ("/%61/b", "/a/b"),
            ("/%2561/b", "/a/b"),
            ("//a//b/", "/a/b"),
            ("//host/a/b", "/a/b"),
            ("http://host/a/b", "/a/b"),
            ("http://host", "/"),
            ("a/b", "/a/b"),
            ("/a/x/../b", "/a/b"),
            ("/a/x%2F..%2Fb", "/a/b"),
            ("/a/x\\..\\b", "/a/b"),
            ("/a/%C0%AE%C0%AE/b", "/b"),
            ("/a;v=1/b;w", "/a/b"),
            ("/x/..;/a/b", "/a/b"),
            ("/a/b%00.json", "/a/b"),
            ("/a/b%23x", "/a/b"),
            ("/a/b%20", "/a/b"),
            ("/a/b\t", "/a/b"),
        ] {
            let all = readings(target.as_bytes());
            assert!(all.contains(reading.as_bytes()), "{target} as {reading}");
            assert!(all.len() < 64, "{target}: {} readings", all.len());
        }
    }

    #[test]
    fn generous_matches() {
        let template = Generous::new("/e/{tenant}/items/{item}:replay", Some("tenant")).unwrap();
        for (path, tenant) in [
            ("/e/E1/items/7:replay", Some("E1")),
            ("/E/E1/ITEMS/7:replay/", Some("E1")),
            ("/e//items/7:replay", Some("")),
            ("/e/E1/items/7", None),
            ("/e/E1/items/7:replay/8", None),
        ] {
            let found = template.matches(path.as_bytes()).flatten();
            assert_eq!(found.as_deref(), tenant.map(str::as_bytes), "{path}");
        }
        let rest = Generous::new("/files/{*rest}", None).unwrap();
        assert_eq!(rest.matches(b"/files/a/b"), Some(None));
        assert_eq!(rest.matches(b"/files"), None);
    }
}
