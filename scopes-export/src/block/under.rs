//! Which routes stand in an `under` block together.

use std::ops::Range;

/// A shorter prefix is written again and again.
const SHORTEST: usize = 6;

/// Divides sorted paths into runs: those that have a prefix in common, and those between them.
pub(super) fn groups<'p>(paths: &[&'p str]) -> Vec<(Option<&'p str>, Range<usize>)> {
    let mut groups = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(path) = paths.get(at) {
        let rest = paths.get(at..).unwrap_or_default();
        match best(path, rest) {
            None => at += 1,
            Some((prefix, count)) => {
                if start < at {
                    groups.push((None, start..at));
                }
                groups.push((Some(prefix), at..at + count));
                at += count;
                start = at;
            }
        }
    }
    if start < at {
        groups.push((None, start..at));
    }
    groups
}

/// The prefix of the first path that saves most, and how many paths have it.
fn best<'p>(path: &'p str, paths: &[&str]) -> Option<(&'p str, usize)> {
    let ends = path.match_indices('/').map(|(end, _)| end).filter(|end| *end >= SHORTEST);
    let prefixes = ends.filter_map(|end| path.get(..end));
    let counted = prefixes.map(|prefix| (prefix, paths.iter().take_while(|path| is_below(prefix, path)).count()));
    counted.filter(|(_, count)| *count > 1).max_by_key(|(prefix, count)| (count - 1) * prefix.len())
}

fn is_below(prefix: &str, path: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('/') && rest.len() > 1)
}

#[cfg(test)]
mod tests {
    use super::groups;

    #[test]
    fn runs_of_paths() {
        let paths = ["/a/b", "/a/c", "/users", "/users/", "/users/{id}", "/users/{id}/a", "/users/{id}/b", "/x"];
        assert_eq!(groups(&paths), [(None, 0..4), (Some("/users"), 4..7), (None, 7..8)]);
        let paths = ["/users/{id}/a", "/users/{id}/b", "/users/{id}/b"];
        assert_eq!(groups(&paths), [(Some("/users/{id}"), 0..3)]);
        assert!(groups(&[]).is_empty());
    }
}
