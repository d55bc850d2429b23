//! The lines of the attack corpus, for any catalogue.

use super::classes;
use super::tricks::Trick;

/// The attack corpus: one request per line, with the correct verdict for the small catalogue that
/// it is written for. The tests of `scopes` replay it literally.
/// [`Conformance`](super::Conformance) replaces its paths with paths of your catalogue.
///
/// Fields are separated by tabs: number, group, method, target (`\xNN` is a raw byte, `<n*text>`
/// the text n times), a header line, the token as JSON, and `ALLOW`, a status, `403s` (scope) or
/// `403e` (other tenant).
pub const ATTACKS: &str = include_str!("attacks.tsv");

/// Paths of the corpus's own catalogue. Each is replaced with a whole path of the route under test.
const PATHS: [&str; 4] =
    ["/environments/E1/users/U1", "/environments/E1/tokens", "/environments/E2/users/U1", "/environments/E1/users"];

/// Longer targets are sent for one route only.
const SHORT: usize = 4096;

/// Every line that contains one of [`PATHS`], with `path` in its place. The long ones and those
/// without a path are included only if `with_long` is set.
pub(super) fn tricks(method: &str, path: &str, with_long: bool) -> Vec<Trick> {
    ATTACKS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let &[_, group, sent, target, header, ..] = &*fields else { return None };
            // Group L is about its own tokens, and other methods are tried elsewhere.
            if group.starts_with('L') || !matches!(sent, "GET" | "POST" | "PUT" | "DELETE") {
                return None;
            }
            let fitting = PATHS.iter().find_map(|known| target.split_once(known));
            let target = match fitting {
                Some((before, after)) => [&*unescaped(before), path.as_bytes(), &*unescaped(after)].concat(),
                None if with_long && target.contains('*') => unescaped(target),
                None => return None,
            };
            if target.len() > SHORT && !with_long {
                return None;
            }
            let trick = Trick::new(classes::CORPUS, method, target);
            let header = PATHS
                .iter()
                .find(|known| header.contains(**known))
                .map_or_else(|| header.to_owned(), |known| header.replacen(known, path, 1));
            Some(if header.is_empty() { trick } else { trick.header(header) })
        })
        .collect()
}

fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let escaped = rest.strip_prefix("\\x").and_then(|after| after.split_at_checked(2));
        if let Some((byte, after)) = escaped.and_then(|(hex, after)| Some((u8::from_str_radix(hex, 16).ok()?, after))) {
            bytes.push(byte);
            rest = after;
        } else if let Some((count, piece, after)) = repetition(rest) {
            bytes.extend(piece.repeat(count).into_bytes());
            rest = after;
        } else {
            let (character, after) = rest.split_at(first.len_utf8());
            bytes.extend(character.as_bytes());
            rest = after;
        }
    }
    bytes
}

fn repetition(text: &str) -> Option<(usize, &str, &str)> {
    let (inside, after) = text.strip_prefix('<')?.split_once('>')?;
    let (count, piece) = inside.split_once('*')?;
    Some((count.parse().ok()?, piece, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_take_any_path() {
        let tricks = tricks("PUT", "/p", false);
        let targets: Vec<&[u8]> = tricks.iter().map(|trick| &*trick.target).collect();
        for expected in [&b"/p/"[..], b"///p", b"/p/..;/tokens", b"/p/\xC0\xAF", b"/p;jsessionid=1", b"http://h/p"] {
            assert!(targets.contains(&expected), "{:?}", String::from_utf8_lossy(expected));
        }
        assert!(tricks.iter().all(|trick| trick.method == "PUT"));
        assert!(tricks.iter().any(|trick| trick.headers == ["X-Original-URL: /p"]));
        assert!(tricks.len() > 50, "{}", tricks.len());
        let long = super::tricks("PUT", "/p", true);
        assert_eq!(long.iter().map(|trick| trick.target.len()).max(), Some("/p/".len() + 102_400));
    }
}
