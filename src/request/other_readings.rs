//! Other readings of a target than the strict one. Some software decodes before it compares, and
//! drops empty segments or the slash at the end.

use std::borrow::Cow;

use http::Method;
use scopes_core::demands::Reading;
use scopes_core::{path_rules, target};

use super::lenient;
use super::locate::Place;

/// The routes of a method that such software may find for a path.
pub(crate) fn readings(place: Place<'_>, method: &Method, raw_target: &str) -> Vec<Reading<'static>> {
    let below = paths_below(place.base, raw_target);
    below.iter().filter_map(|below| place.catalogue.best_fit(method.as_str(), below)).collect()
}

/// Whether such software may pass a value that the strict rules refuse to a `#[raw]` parameter of
/// some route.
#[cfg(feature = "_before_routing")]
pub(crate) fn may_be_raw(place: Place<'_>, method: &Method, raw_target: &str) -> bool {
    let below = paths_below(place.base, raw_target);
    below.iter().any(|below| place.catalogue.fits_raw_parameter(method.as_str(), below))
}

/// The rest of a target's path below a base in three forms: as it was sent, without empty segments,
/// and without the slash at the end.
fn paths_below(base: &str, raw_target: &str) -> Vec<Vec<u8>> {
    let Ok(path) = target::path_of(raw_target.as_bytes()) else { return Vec::new() };
    let mut paths: Vec<Vec<u8>> = below(path, base, false).into_iter().collect();
    if let Some(folded) = below(path, base, true) {
        if path.ends_with(b"/") {
            paths.push([&*folded, b"/"].concat());
        }
        paths.push(folded);
    }
    paths.dedup();
    paths
}

/// Compares the base with the decoded first segments.
fn below(path: &[u8], base: &str, drops_empty: bool) -> Option<Vec<u8>> {
    let mut segments = path.split(|&byte| byte == b'/').skip(1).filter(|segment| !drops_empty || !segment.is_empty());
    for expected in base.split('/').skip(1) {
        let segment = path_rules::decode_bytes(segments.next()?)?;
        if *segment != *expected.as_bytes() {
            return None;
        }
    }
    let mut below = Vec::with_capacity(path.len());
    for segment in segments {
        below.push(b'/');
        below.extend_from_slice(segment);
    }
    Some(below)
}

/// Whether a path lies below the base, also after it was decoded and normalised. Paths that only
/// *might* lie there are checked by the strict rules, which refuse them.
pub(crate) fn may_reach(base: &str, path: &str) -> bool {
    if base.is_empty() || target::below(path.as_bytes(), base).is_some() {
        return true;
    }
    let is_plain =
        !path.bytes().any(|byte| matches!(byte, b'%' | b'\\' | b';')) && !path.contains("//") && !path.contains("/.");
    if is_plain {
        return false;
    }
    let mut path = Cow::Borrowed(path.as_bytes());
    // Escaped escapes: some software decodes twice.
    for _ in 0..3 {
        path = Cow::Owned(lenient::resolved(&path));
    }
    let mut folded: Vec<&[u8]> = Vec::new();
    for segment in path.split(|byte| matches!(byte, b'/' | b'\\')) {
        match segment.split(|&byte| byte == b';').next().unwrap_or_default() {
            b"" | b"." => {}
            b".." => {
                folded.pop();
            }
            segment => folded.push(segment),
        }
    }
    let mut folded = folded.into_iter();
    base.split('/').filter(|segment| !segment.is_empty()).all(|segment| folded.next() == Some(segment.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::paths_below;

    #[test]
    fn paths_below_a_base() {
        for (target, base, expected) in [
            ("/api/users", "/api", &["/users"][..]),
            ("/%61pi/users?a=//b/", "/api", &["/users"]),
            ("/api", "/api", &[""]),
            ("/apis/users", "/api", &[]),
            ("//api//users/", "/api", &["/users/", "/users"]),
            ("/users//7", "", &["/users//7", "/users/7"]),
            ("/users/7/", "", &["/users/7/", "/users/7"]),
            ("/a", "/a/b", &[]),
            ("*", "", &[]),
        ] {
            let found = paths_below(base, target);
            let expected: Vec<&[u8]> = expected.iter().map(|path| path.as_bytes()).collect();
            assert_eq!(found, expected, "{target} below {base}");
        }
    }
}
