//! Groups and sorts routes for frameworks, and makes parameter names that frameworks accept.

#[cfg(feature = "_rust_names")]
use std::borrow::Cow;
#[cfg(feature = "_grouped_routes")]
use std::collections::HashMap;

use scopes_core::template::Specificity;

use super::Entry;

/// A parameter's name, for routers that accept only Rust identifiers. Any other name is replaced by
/// one that contains the parameter's position.
#[cfg(feature = "_rust_names")]
pub(crate) fn rust_name(name: &str, index: usize) -> Cow<'_, str> {
    let is_letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    let is_rusts =
        name.bytes().all(|byte| is_letter(byte) || byte.is_ascii_digit()) && name.bytes().next().is_some_and(is_letter);
    if is_rusts { Cow::Borrowed(name) } else { Cow::Owned(format!("__parameter{index}")) }
}

/// Sorts routes for frameworks that choose the first route that matches: the most specific route
/// first, like in the catalogue.
pub(crate) fn by_specificity<T>(mut entries: Vec<Entry<T>>) -> Vec<Entry<T>> {
    // `HEAD` comes before `GET` of the same template, because `GET` would answer it.
    entries.sort_by_cached_key(|entry| (Specificity::of(entry.template()), entry.route().method() != "HEAD"));
    entries
}

/// Routes that a framework registers together, under the path of the first route.
#[cfg(feature = "_grouped_routes")]
pub(crate) struct SamePath<T> {
    /// The template of the first route.
    pub(crate) template: String,
    /// The routes, in the order of [`by_specificity`].
    pub(crate) entries: Vec<Entry<T>>,
}

/// Groups the routes whose templates are the same path for a framework. `path` returns that path.
/// Both the groups and their routes are in the order of [`by_specificity`].
#[cfg(feature = "_grouped_routes")]
pub(crate) fn by_path<T>(entries: Vec<Entry<T>>, path: impl Fn(&str) -> String) -> Vec<SamePath<T>> {
    let mut groups: Vec<SamePath<T>> = Vec::new();
    let mut positions = HashMap::new();
    for entry in by_specificity(entries) {
        let position = *positions.entry(path(entry.template())).or_insert(groups.len());
        match groups.get_mut(position) {
            Some(group) => group.entries.push(entry),
            None => groups.push(SamePath { template: entry.template().to_owned(), entries: vec![entry] }),
        }
    }
    groups
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
