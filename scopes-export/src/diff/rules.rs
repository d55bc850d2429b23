//! What kinds of differences there are.

use std::fmt;

/// The kind of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// A route that no request found before.
    RouteAdded,
    /// A route that no request finds any more.
    RouteRemoved,
    /// The route's access is another one of `public`, `authenticated`, `external` and scoped.
    AccessChanged,
    /// The route names other scopes.
    RequirementChanged,
    /// The route names the same scopes, but another set of tokens holds them.
    IncludesChanged,
    /// Whose tenant the route serves.
    TenancyChanged,
    /// Which values a parameter takes.
    RawChanged,
    /// A more specific route takes requests from another one.
    RouteShadowed,
    /// A more specific route is gone, and another one takes its requests.
    ShadowRemoved,
    /// A route was replaced by one whose template takes other paths.
    TemplateChanged,
    /// A `HEAD` route answers instead of the `GET` route, or the reverse.
    HeadChanged,
    /// All paths have moved.
    BaseChanged,
    /// A scope that the old catalogue does not know.
    ScopeAdded,
    /// A scope that the new catalogue does not know.
    ScopeRemoved,
    /// A scope with another wire name, which still takes the old one.
    ScopeRenamed,
    /// A scope or a route has another name in Rust.
    NameChanged,
    /// A scope or route is deprecated, or is not any more.
    DeprecationChanged,
    /// Another text for humans.
    TextChanged,
}

impl Rule {
    /// All rules.
    pub const ALL: [Self; 18] = [
        Self::RouteAdded,
        Self::RouteRemoved,
        Self::AccessChanged,
        Self::RequirementChanged,
        Self::IncludesChanged,
        Self::TenancyChanged,
        Self::RawChanged,
        Self::RouteShadowed,
        Self::ShadowRemoved,
        Self::TemplateChanged,
        Self::HeadChanged,
        Self::BaseChanged,
        Self::ScopeAdded,
        Self::ScopeRemoved,
        Self::ScopeRenamed,
        Self::NameChanged,
        Self::DeprecationChanged,
        Self::TextChanged,
    ];

    /// The stable name of the rule.
    ///
    /// ```
    /// assert_eq!(scopes_export::diff::Rule::RouteShadowed.id(), "route-shadowed");
    /// ```
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::RouteAdded => "route-added",
            Self::RouteRemoved => "route-removed",
            Self::AccessChanged => "access-changed",
            Self::RequirementChanged => "requirement-changed",
            Self::IncludesChanged => "includes-changed",
            Self::TenancyChanged => "tenancy-changed",
            Self::RawChanged => "raw-changed",
            Self::RouteShadowed => "route-shadowed",
            Self::ShadowRemoved => "shadow-removed",
            Self::TemplateChanged => "template-changed",
            Self::HeadChanged => "head-changed",
            Self::BaseChanged => "base-changed",
            Self::ScopeAdded => "scope-added",
            Self::ScopeRemoved => "scope-removed",
            Self::ScopeRenamed => "scope-renamed",
            Self::NameChanged => "name-changed",
            Self::DeprecationChanged => "deprecation-changed",
            Self::TextChanged => "text-changed",
        }
    }

    /// What the rule is about, in one sentence.
    ///
    /// ```
    /// println!("{}", scopes_export::diff::Rule::HeadChanged.explanation());
    /// ```
    #[must_use]
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::RouteAdded => "A request that found no route finds one.",
            Self::RouteRemoved => "A request that found a route finds none.",
            Self::AccessChanged => {
                "The route is `public`, `authenticated`, `external` or scoped, and was another of these."
            }
            Self::RequirementChanged => "The route names other scopes than before.",
            Self::IncludesChanged => "The route names the same scopes, but what includes them has changed.",
            Self::TenancyChanged => "Whose tenant the route serves, and who compares it, has changed.",
            Self::RawChanged => "A parameter takes values that break the strict rules, or does not any more.",
            Self::RouteShadowed => "A more specific route takes requests from another route.",
            Self::ShadowRemoved => "A more specific route is gone, and another route takes its requests.",
            Self::TemplateChanged => "A route was replaced by one that takes other paths.",
            Self::HeadChanged => "`HEAD` has a route of its own, or falls back to `GET` again.",
            Self::BaseChanged => "The base of all paths has changed.",
            Self::ScopeAdded => "No token that was issued before can hold the new scope.",
            Self::ScopeRemoved => "Tokens may still hold the name of the scope.",
            Self::ScopeRenamed => "The scope has another wire name and still takes the old one.",
            Self::NameChanged => "The name in Rust has changed: code that uses it does not compile any more.",
            Self::DeprecationChanged => "A scope or a route is deprecated, or is not any more.",
            Self::TextChanged => "A text for humans has changed.",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}
