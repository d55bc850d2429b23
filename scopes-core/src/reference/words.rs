//! The words of the reference: sentences about routes, and the page that they are written to.

use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::anchor::Anchor;
use crate::catalogue::ScopeInfo;
use crate::deprecation::Deprecation;
use crate::markdown::{code, first_paragraph, inline};
use crate::route::{Access, Route, Tenancy};

/// A page of paragraphs and lines.
#[derive(Default)]
pub(super) struct Page {
    pub(super) text: String,
}

impl Page {
    pub(super) fn paragraph(&mut self, text: &str) {
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
        self.text.push_str(text);
    }

    pub(super) fn line(&mut self, text: &str) {
        self.text.push('\n');
        self.text.push_str(text);
    }
}

/// One line of a list of routes.
#[derive(Debug)]
pub(super) struct RouteLine {
    target: String,
    endpoint: String,
    text: Option<String>,
    remarks: Vec<String>,
}

impl RouteLine {
    pub(super) fn new(route: Route<'_>) -> Self {
        let text = first_paragraph(route.description());
        Self {
            target: target(&route.anchor()),
            endpoint: endpoint(route),
            text: (!text.trim().is_empty()).then(|| sentence(text)),
            remarks: remarks_on(route).collect(),
        }
    }

    /// The line, with the demand of the route if one is given. If `is_target`, links lead to it.
    pub(super) fn with(&self, is_target: bool, demand: Option<&str>) -> String {
        let mut line = format!("- {}{}", if is_target { &self.target } else { "" }, self.endpoint);
        let mut before = ": ";
        let (text, remarks) = (self.text.as_deref(), self.remarks.iter().map(String::as_str));
        for sentence in text.into_iter().chain(demand).chain(remarks) {
            line.push_str(before);
            line.push_str(sentence);
            before = " ";
        }
        line
    }
}

/// The demand of a route without a scope: a word, its meaning, the declared reason.
pub(super) fn described(access: Access<'_>) -> Option<(&'static str, &'static str, &str)> {
    match access {
        Access::Scoped => None,
        Access::Public(why) => Some(("Public", "without credentials", why)),
        Access::Authenticated(why) => Some(("Authenticated", "any valid grant, no scope", why)),
        Access::External(why) => Some(("External", "checked outside of this catalogue", why)),
    }
}

/// The unusual properties of a route, each as a sentence.
pub(super) fn remarks_on(route: Route<'_>) -> impl Iterator<Item = String> {
    let tenancy = route.unusual_tenancy().and_then(|tenancy| match tenancy {
        Tenancy::Global(why) => Some(format!("**Global**, about no tenant: {}", sentence(why))),
        Tenancy::Unbound(why) => Some(format!("**Unbound**, the handler compares the tenant: {}", sentence(why))),
        Tenancy::Bound | Tenancy::NotApplicable => None,
    });
    let of_name = |scope: ScopeInfo<'_>| code(scope.name());
    tenancy.into_iter().chain(route.deprecation().map(|deprecation| deprecated(deprecation, of_name)))
}

/// A sentence such as "**Deprecated** since 2026-11-01, works until 2027-05-01, use `users.read`:
/// why." `named` writes the scope to use instead.
pub(super) fn deprecated<'c>(deprecation: Deprecation<'c>, named: impl Fn(ScopeInfo<'c>) -> String) -> String {
    let (schedule, why) = (deprecation.schedule_in_words(named), deprecation.reason());
    match (why.trim().is_empty(), schedule.is_empty()) {
        (true, true) => "**Deprecated.**".to_owned(),
        (true, false) => format!("**Deprecated**{schedule}."),
        (false, true) => format!("**Deprecated:** {}", sentence(why)),
        (false, false) => format!("**Deprecated**{schedule}: {}", sentence(why)),
    }
}

/// The text of Rust's own attribute: "since 2026-11-01, use `users.read`: why".
pub(super) fn note(deprecation: Deprecation<'_>) -> String {
    let schedule = deprecation.schedule_in_words(|scope| code(scope.name()));
    let parts = schedule.trim_start_matches([',', ' ']);
    let why = inline(deprecation.reason());
    let colon = if parts.is_empty() || why.is_empty() { "" } else { ": " };
    format!("{parts}{colon}{why}")
}

/// The place on a page that a link to this anchor leads to.
pub(super) fn target(anchor: &Anchor) -> String {
    format!("<a id=\"{}\"></a>", anchor.id())
}

/// Converts a text to one line that ends with a full stop.
pub(super) fn sentence(text: &str) -> String {
    let stop = if text.trim_end().ends_with(['.', '!', '?', ':']) { "" } else { "." };
    format!("{}{stop}", inline(text))
}

pub(super) fn endpoint(route: Route<'_>) -> String {
    code(&format!("{} {}", route.method(), route.template()))
}

pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
