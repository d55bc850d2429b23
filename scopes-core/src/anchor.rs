//! The anchors of scopes and routes on pages. Everything that writes or links a page about a
//! catalogue takes them from here, so that a link in an answer finds its place on every page.

use alloc::string::String;
use core::fmt;

/// The anchor of a scope or of a route on a page: `scope-users.read`, `GET-/users/%7Bid%7D`.
///
/// [`Display`](fmt::Display) writes it as the end of a link, with the `#`; [`id`](Self::id) is the
/// value of the HTML attribute `id`. All characters other than ASCII letters, digits and
/// `- . _ ~ / :` are percent-encoded, so an anchor can stand unquoted in HTML, Markdown and
/// headers. Different scopes and routes of one catalogue have different anchors.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::Declaration};
///
/// let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").route("GET", "/users/{id}");
/// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
/// let scope = catalogue.scopes().next().unwrap().anchor();
/// assert_eq!(format!("https://example.com/permissions{scope}"), "https://example.com/permissions#scope-users.read");
/// let route = catalogue.routes().next().unwrap().anchor();
/// assert_eq!((route.id(), &*route.to_string()), ("GET-/users/%7Bid%7D", "#GET-/users/%7Bid%7D"));
/// # Ok::<(), scopes_core::CatalogueErrors>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Anchor(String);

impl Anchor {
    /// The anchor of the scope with this wire name.
    ///
    /// ```
    /// use scopes_core::Anchor;
    /// assert_eq!(Anchor::of_scope("legacy:status(v2)").id(), "scope-legacy:status%28v2%29");
    /// ```
    #[must_use]
    pub fn of_scope(wire_name: &str) -> Self {
        Self(encoded("scope", wire_name))
    }

    /// The anchor of the route with this method and this template, base included.
    ///
    /// ```
    /// use scopes_core::Anchor;
    /// assert_eq!(Anchor::of_route("GET", "/files/{*path}").id(), "GET-/files/%7B%2Apath%7D");
    /// ```
    #[must_use]
    pub fn of_route(method: &str, template: &str) -> Self {
        Self(encoded(method, template))
    }

    /// The anchor as the `id` of an element in a page, without the `#` of a link.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0
    }
}

/// Writes the anchor as the end of a link: `#` and the [`id`](Anchor::id).
impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

fn encoded(kind: &str, name: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut id = String::with_capacity(kind.len() + 1 + name.len());
    for (index, part) in [kind, name].into_iter().enumerate() {
        if index > 0 {
            id.push('-');
        }
        for byte in part.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~/:".contains(&byte) {
                id.push(char::from(byte));
            } else {
                id.extend(['%', char::from(HEX[usize::from(byte >> 4)]), char::from(HEX[usize::from(byte & 15)])]);
            }
        }
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString as _;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    fn decoded(id: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut rest = id.as_bytes();
        while let [first, more @ ..] = rest {
            match more.split_at_checked(2).filter(|_| *first == b'%') {
                Some((digits, after)) => {
                    let digits = core::str::from_utf8(digits).unwrap_or_default();
                    bytes.push(u8::from_str_radix(digits, 16).unwrap_or_default());
                    rest = after;
                }
                None => {
                    bytes.push(*first);
                    rest = more;
                }
            }
        }
        bytes
    }

    proptest! {
        /// No character of a name can end a link, an attribute or a header value, and no two names
        /// have one anchor.
        #[test]
        fn an_anchor_is_a_fragment(name in "[!-~]{0,20}|\\PC{0,10}") {
            let anchor = Anchor::of_scope(&name);
            prop_assert!(anchor.id().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/:%".contains(&byte)));
            let decoded = decoded(anchor.id());
            prop_assert_eq!(decoded.strip_prefix(b"scope-"), Some(name.as_bytes()));
            let link = anchor.to_string();
            prop_assert_eq!(link.strip_prefix('#'), Some(anchor.id()));
        }

        #[test]
        fn routes_and_scopes_do_not_share_an_anchor(
            method in "[A-Z!#$%&'*+.^_`|~-]{1,6}", path in "(/[a-z{}*.-]{0,4}){1,3}", scope in "[!-~]{1,12}"
        ) {
            prop_assert_ne!(Anchor::of_route(&method, &path), Anchor::of_scope(&scope));
        }
    }
}
