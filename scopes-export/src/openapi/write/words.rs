//! Texts for readers of the document.

use scopes_core::markdown::{code, first_paragraph, inline};
use scopes_core::{Access, Route, Tenancy};

use crate::json::any_of;

/// One line about the operation: the first sentence of its description, or else its name in words.
pub(super) fn summary(route: Route<'_>) -> String {
    let paragraph = first_paragraph(route.description());
    let paragraph = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    let sentence = match paragraph.find(". ") {
        Some(end) => paragraph.get(..end).unwrap_or(&paragraph),
        None => paragraph.strip_suffix('.').unwrap_or(&paragraph),
    };
    if !sentence.is_empty() {
        return sentence.to_owned();
    }
    let words = route.name().replace('_', " ");
    let mut characters = words.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// The description, unless the summary says all of it.
pub(super) fn description<'c>(route: Route<'c>, summary: &str) -> &'c str {
    let description = route.description();
    let bare = description.trim().strip_suffix('.').unwrap_or(description.trim());
    if bare == summary { "" } else { description }
}

/// What a caller needs, in words: "**Required scopes**: `a` and `b`, or `c`".
pub(crate) fn required(route: Route<'_>) -> String {
    let text = match route.access() {
        Access::Public(reason) => return format!("**Public**: {}", inline(reason)),
        Access::External(reason) => return format!("**Checked elsewhere**: {}", inline(reason)),
        Access::Authenticated(reason) => format!("**Any valid token**: {}", inline(reason)),
        Access::Scoped => {
            let alternatives = any_of(route.catalogue(), route);
            let plural = if matches!(alternatives.as_slice(), [only] if only.len() == 1) { "" } else { "s" };
            let joined = |names: &Vec<&str>| names.iter().map(|name| code(name)).collect::<Vec<_>>().join(" and ");
            let separator = if alternatives.iter().any(|names| names.len() > 1) { ", or " } else { " or " };
            let all = alternatives.iter().map(joined).collect::<Vec<_>>().join(separator);
            format!("**Required scope{plural}**: {all}")
        }
    };
    match route.tenancy() {
        Tenancy::Bound => match route.tenant_parameter() {
            Some(parameter) => format!("{text}; the token must be good for {}", code(parameter.name())),
            None => text,
        },
        Tenancy::Unbound(_) => format!("{text}; the token must be good for the object"),
        Tenancy::Global(_) | Tenancy::NotApplicable => text,
    }
}
