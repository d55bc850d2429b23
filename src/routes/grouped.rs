//! Routes in the order in which frameworks have to try them, parameters by names that these take.

#[cfg(feature = "_rust_names")]
use std::borrow::Cow;

use scopes_core::template::Specificity;

use super::Entry;

/// A parameter's name where only names as in Rust will do; else one by its position.
#[cfg(feature = "_rust_names")]
pub(crate) fn rust_name(name: &str, index: usize) -> Cow<'_, str> {
    let is_letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    let is_rusts =
        name.bytes().all(|byte| is_letter(byte) || byte.is_ascii_digit()) && name.bytes().next().is_some_and(is_letter);
    if is_rusts { Cow::Borrowed(name) } else { Cow::Owned(format!("__parameter{index}")) }
}

/// The most specific first, as the catalogue decides: for frameworks that take the first route that matches.
pub(crate) fn by_specificity<T>(mut entries: Vec<Entry<T>>) -> Vec<Entry<T>> {
    // On one template `HEAD` beats `GET`, which else answers it.
    entries.sort_by_cached_key(|entry| (Specificity::of(entry.template()), entry.route().method() != "HEAD"));
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_first() {
        let ordered = ["/a/b", "/a/v{x}z", "/a/v{x}", "/a/{x}v", "/a/{x}", "/a/{*x}", "/{x}/b"];
        let mut sorted = ordered;
        sorted.reverse();
        sorted.sort_by_key(|template| Specificity::of(template));
        assert_eq!(sorted, ordered);
    }
}
