//! The words that Markdown and HTML share: badges, counts, deprecations, the order of endpoints.

use scopes_core::{Access, Deprecation, Route, ScopeInfo, UntypedCatalogue};

use crate::reference::{Level, ScopeFacts};

/// A fact about a scope in one or two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Badge {
    /// The class in HTML, and the word by which the script filters.
    pub(super) class: &'static str,
    pub(super) label: &'static str,
    /// The meaning, as a sentence.
    pub(super) meaning: &'static str,
    /// The name of the filter for scopes with this badge; empty if it has none.
    pub(super) filter: &'static str,
}

/// All badges, in the order in which they are shown.
pub(super) const BADGES: [Badge; 10] = [
    Badge {
        class: "read",
        label: "Read",
        meaning: "All endpoints of the scope have methods that change nothing, such as GET.",
        filter: "Read only",
    },
    Badge {
        class: "named-read",
        label: "Read by name",
        meaning: "The name says that the scope reads, but some of its endpoints have methods that may change something, such as POST.",
        filter: "Read by name",
    },
    Badge {
        class: "write",
        label: "Write",
        meaning: "Some endpoints of the scope have methods that may change something, such as POST.",
        filter: "Write",
    },
    Badge {
        class: "deletes",
        label: "Deletes",
        meaning: "The scope opens endpoints with the method DELETE, itself or by a scope that it includes.",
        filter: "Deletes",
    },
    Badge {
        class: "tokens",
        label: "Issues tokens",
        meaning: "The scope opens endpoints that seem, by their paths, to issue tokens or keys.",
        filter: "Issues tokens",
    },
    Badge {
        class: "bound",
        label: "Tenant-bound",
        meaning: "All endpoints of the scope are about the tenant that their path names. The token must cover that tenant.",
        filter: "",
    },
    Badge {
        class: "global",
        label: "Global",
        meaning: "Some endpoints of the scope are about no tenant. Each of them says why.",
        filter: "Global",
    },
    Badge {
        class: "unbound",
        label: "Unbound",
        meaning: "On some endpoints of the scope the path does not name the tenant. The server looks it up and compares. Each of them says why.",
        filter: "Unbound",
    },
    Badge {
        class: "idle",
        label: "No endpoints",
        meaning: "The scope opens no endpoint of this API by itself.",
        filter: "",
    },
    Badge {
        class: "deprecated",
        label: "Deprecated",
        meaning: "The scope will go away, and another one may replace it.",
        filter: "Deprecated",
    },
];

/// The badges of a scope.
pub(super) fn badges(facts: &ScopeFacts<'_>) -> impl Iterator<Item = Badge> + Clone {
    let level = facts.level();
    let has = [
        level == Level::Read,
        level == Level::ReadByName,
        level == Level::Write,
        facts.deletes(),
        facts.issues_tokens(),
        facts.is_tenant_bound(),
        facts.has_global_routes(),
        facts.has_unbound_routes(),
        level == Level::NoRoutes,
        facts.scope().deprecation().is_some(),
    ];
    BADGES.into_iter().zip(has).filter_map(|(badge, has)| has.then_some(badge))
}

/// The size of a catalogue: "18 scopes, 128 endpoints".
pub(super) fn counts(catalogue: &UntypedCatalogue) -> String {
    let scopes = counted(catalogue.scopes().len(), "scope", "scopes");
    format!("{scopes}, {}", counted(catalogue.routes().len(), "endpoint", "endpoints"))
}

pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// The heading of a group.
pub(super) const fn group_name(name: &str) -> &str {
    if name.is_empty() { "Other scopes" } else { name }
}

/// Who may call a route that no scope opens: a sentence, and the reason of the declaration.
pub(super) const fn open_to(access: Access<'_>) -> Option<(&'static str, &'static str, &str)> {
    match access {
        Access::Scoped => None,
        Access::Public(why) => Some(("public", "No credentials", why)),
        Access::Authenticated(why) => Some(("authenticated", "Any valid token, no scope", why)),
        Access::External(why) => Some(("external", "Checked outside of these scopes", why)),
    }
}

/// "Deprecated since .., works until .., use ..", without a full stop.
pub(super) fn schedule<'c>(deprecation: Deprecation<'c>, show: impl Fn(ScopeInfo<'c>) -> String) -> String {
    format!("Deprecated{}", deprecation.schedule_in_words(show))
}

/// All endpoints by path, and in the usual order of methods.
pub(super) fn endpoints(catalogue: &UntypedCatalogue) -> Vec<Route<'_>> {
    const ORDER: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    let mut routes: Vec<Route<'_>> = catalogue.routes().collect();
    let rank = |route: &Route<'_>| ORDER.iter().position(|method| *method == route.method()).unwrap_or(ORDER.len());
    routes.sort_by_key(|route| (route.path(), rank(route), route.method()));
    routes
}
