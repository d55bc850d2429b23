//! The advice for a string in the place of a scope's name.

use proc_macro2::Ident;
use scopes_core::name::dotted;

use crate::requires::tokens::unraw;

/// The catalogue in an example, if the attribute names none.
const SOME_CATALOGUE: &str = "api";

/// The advice for a string after this path and these segments: the catalogue's path, and the dotted
/// name that `scopes!` derives from a wire name.
pub(super) fn unquoted(root: &str, before: &[Ident], text: &str) -> String {
    let (path, name) = path_and_name(text);
    let mut segments: Vec<String> = before.iter().map(unraw).collect();
    segments.extend(name);
    let name = segments.join(".");
    let path = match root {
        "" if before.is_empty() => path,
        root => root.to_owned(),
    };
    match (&*path, &*name) {
        (_, "") => "a scope is written as its dotted name, without quotes".to_owned(),
        // The user wrote the first segments without a path: the group may be imported.
        ("", name) => format!("a scope is written as its dotted name, without quotes: `{name}`"),
        (path, name) => {
            let such_as = if root.is_empty() { ", such as" } else { ":" };
            format!("a scope is written without quotes, after the path of its catalogue{such_as} `{path}::{name}`")
        }
    }
}

/// Splits a text such as `crate::api::users.read` or `api.users.read`.
fn path_and_name(text: &str) -> (String, Option<String>) {
    let parts: Vec<&str> = text.split("::").collect();
    let is_word = |part: &&str| syn::parse_str::<Ident>(part).is_ok() || matches!(*part, "crate" | "self" | "super");
    let keywords = parts.iter().take_while(|part| matches!(**part, "crate" | "self" | "super")).count();
    // All of `crate::api::users::read` looks like a path, but only the part up to the catalogue is
    // one.
    let length = match &*parts {
        [.., last] if last.contains('.') => parts.len() - 1,
        [SOME_CATALOGUE, _] => 1,
        [_, _] if keywords == 0 => 0,
        _ => (keywords + 1).min(parts.len() - 1),
    };
    let (path, name) = parts.split_at(length);
    if !path.is_empty() && path.iter().all(is_word) {
        return (path.join("::"), dotted(&name.join(".")));
    }
    let name = text.strip_prefix(SOME_CATALOGUE).and_then(|rest| rest.strip_prefix('.')).unwrap_or(text);
    (SOME_CATALOGUE.to_owned(), dotted(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_the_text_alone() {
        for (text, expected) in [
            ("users.read", "api::users.read"),
            ("users:read", "api::users.read"),
            ("users::read", "api::users.read"),
            ("api.users.read", "api::users.read"),
            ("api::users.read", "api::users.read"),
            ("api::users::read", "api::users.read"),
            ("api::admin", "api::admin"),
            ("permissions::users.read", "permissions::users.read"),
            ("crate::api::users.read", "crate::api::users.read"),
            ("crate::api::users::read", "crate::api::users.read"),
            ("super::api::admin", "super::api::admin"),
            ("a b::users.read", "api::a.b.users.read"),
            ("https://example.com/drive", "api::https.example.com.drive"),
        ] {
            let message =
                format!("a scope is written without quotes, after the path of its catalogue, such as `{expected}`");
            assert_eq!(unquoted("", &[], text), message);
        }
        for text in ["*", "", "::"] {
            assert_eq!(unquoted("", &[], text), "a scope is written as its dotted name, without quotes", "{text}");
        }
    }
}
