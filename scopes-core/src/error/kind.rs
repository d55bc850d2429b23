//! The kinds of mistakes in a declaration, and what their messages say.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::overlap::Overlap;
use crate::method::MethodError;
use crate::name::NameError;
use crate::quoted::Quoted;
use crate::template::TemplateError;

/// What is wrong with a declaration.
#[doc(hidden)]
#[allow(missing_docs, reason = "each field is named in its variant's message")]
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CatalogueErrorKind {
    /// A wire name outside RFC 6749's scope-token, or a dotted name outside the grammar.
    Name { name: String, error: NameError },
    /// A wire name with no letter or digit to make a dotted name of.
    NoDottedName { name: String },
    /// One scope declared twice.
    DuplicateScope { name: String },
    /// Two scopes whose dotted names are equal.
    DuplicateDottedName { name: String, other: String, dotted: String },
    /// A text that is one scope's wire name and another one's dotted name.
    CrossedNames { name: String, other: String, text: String },
    /// Two scopes whose names make the same Rust identifier, such as `a.b_c` and `a.b.c`.
    SameTypeName { name: String, other: String, type_name: String },
    /// A scope whose name makes the Rust identifier of something that every catalogue has.
    TakenTypeName { name: String, type_name: &'static str },
    /// A name that no scope has.
    UnknownScope { name: String, nearest: Option<String> },
    /// A method outside the grammar.
    Method { method: String, error: MethodError },
    /// A method outside the standard ones, written as an identifier.
    UnquotedMethod { method: String, nearest: Option<String> },
    /// A path outside the grammar.
    Path { path: String, error: TemplateError },
    /// The base path has parameters or a trailing slash.
    Base { base: String },
    /// One route twice in one block, or in two blocks that demand the same.
    DuplicateRoute { method: String, path: String },
    /// Something listed twice where once is enough.
    Repeated { what: &'static str, name: String },
    /// Two routes of one method whose templates differ in parameter names only.
    SameShape { method: String, path: String, other: String, one_block: bool },
    /// Two routes with one name.
    DuplicateRouteName { name: String },
    /// One route that was given two names.
    RouteNamedTwice { method: String, path: String, name: String, other: String },
    /// A route name that is not an identifier.
    RouteName { name: String },
    /// A trailing slash without `#[trailing_slash]`.
    TrailingSlash { path: String },
    /// `#[trailing_slash]` on a path without one.
    NoTrailingSlash { path: String },
    /// `#[raw(name)]` of a parameter that the path does not have.
    UnknownParameter { name: String, path: String, nearest: Option<String> },
    /// `#[raw(name)]` of the tenant's parameter.
    RawTenant { name: String },
    /// `all(..)` without a member.
    EmptyAll,
    /// `all(..)` with one member.
    LonelyAll { name: String },
    /// `all(..)` that names one scope twice.
    RepeatedInAll { name: String },
    /// A reason that says nothing.
    EmptyReason { of: &'static str },
    /// A block or scope of routes that is open, although the route demands something elsewhere.
    AccessConflict { method: String, path: String, access: &'static str, other: &'static str },
    /// One alternative of a route is implied by another: the stricter one would silently never
    /// count.
    Absorbed { method: String, path: String, wider: String, narrower: String },
    /// A name that no scope has but with which some begin, of which at most 64 are given.
    Group { name: String, members: Vec<String> },
    /// `includes` of something that matches no scope.
    PatternMatchesNothing { pattern: String, nearest: Option<String> },
    /// An `includes` pattern outside the grammar.
    Pattern { pattern: String },
    /// Scopes that include one another; the first again at the end. In a long cycle an empty name
    /// stands for those left out.
    IncludesCycle { names: Vec<String> },
    /// The tenant's parameter appears in no route.
    TenantNotUsed { tenant: String, nearest: Option<String> },
    /// A scoped or authenticated route without the tenant's parameter and without a reason.
    TenantMissing { method: String, path: String, tenant: String, nearest: Option<String> },
    /// `#[global]` or `#[unbound]` on a scope or block whose routes all have the tenant's
    /// parameter.
    TenancyUnneeded { tenant: String, attribute: &'static str },
    /// `#[global]` or `#[unbound]` on a route that has the tenant's parameter.
    TenancyOnBoundRoute { path: String, tenant: String, attribute: &'static str },
    /// `#[global]` or `#[unbound]` in a catalogue without a tenant, or on routes that ask for no
    /// scope.
    TenancyWithoutTenant { attribute: &'static str },
    /// `#[global]` here and `#[unbound]` there, on one route.
    TenancyConflict { method: String, path: String },
    /// Two routes that match one path with different requirements, in a strict catalogue.
    Overlap(Overlap),
    /// Templates that cross so often that a search may visit them all, in a strict catalogue: two
    /// of them, as in `Note::NotMerged`.
    NotMerged { path: String, other: String },
    /// More than the tables can hold.
    TooMany { what: &'static str, limit: usize },
    /// A route whose method is `HEAD` or `GET` in a way that cannot be decided, or any other
    /// unsound state found late.
    Internal { what: String },
}

impl fmt::Display for CatalogueErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name { name, error } => match name.as_str() {
                "" => error.fmt(f),
                name => write!(f, "`{}` is no scope name: {error}", Quoted(name)),
            },
            Self::NoDottedName { name } => {
                write!(f, "`{name}` has no letter or digit to make a dotted name of, write `{name:?} as some.name`")
            }
            Self::DuplicateScope { name } => write!(f, "scope `{name}` is declared twice"),
            Self::DuplicateDottedName { name, other, dotted } => write!(
                f,
                "scopes `{other}` and `{name}` both have the dotted name `{dotted}`, write `{name:?} as another.name`"
            ),
            Self::CrossedNames { name, other, text } => {
                write!(f, "`{text}` means both scope `{other}` and scope `{name}`, write `{name:?} as another.name`")
            }
            Self::SameTypeName { name, other, type_name } => write!(
                f,
                "scopes `{other}` and `{name}` both make the Rust name `{type_name}`, write `{name:?} as another.name`"
            ),
            Self::TakenTypeName { name, type_name } => write!(
                f,
                "scope `{name}` makes the Rust name `{type_name}`, which every catalogue has, write `{name:?} as another.name`"
            ),
            Self::UnknownScope { name, nearest } => write!(f, "unknown scope `{}`{}", Quoted(name), Nearest(nearest)),
            Self::Method { method, error } => match method.as_str() {
                "" => error.fmt(f),
                method => write!(f, "`{}` is no method: {error}", Quoted(method)),
            },
            Self::UnquotedMethod { method, nearest: Some(nearest) } => {
                write!(f, "unknown method `{method}`, did you mean `{nearest}`?")
            }
            Self::UnquotedMethod { method, nearest: None } => {
                write!(
                    f,
                    "unknown method `{method}`, a method outside RFC 9110 and RFC 5789 is written as a string: `{method:?}`"
                )
            }
            Self::Path { path, error } => write!(f, "path `{}`: {error}", Quoted(path)),
            Self::Base { base } => {
                write!(
                    f,
                    "base `{}` must be literal segments without a trailing slash, such as `/api/v0`; put parameters in `under`",
                    Quoted(base)
                )
            }
            Self::DuplicateRoute { method, path } => {
                write!(f, "route `{method} {path}` is written twice, remove one of the two")
            }
            Self::Repeated { what, name } => write!(f, "{what} `{}` is named twice here, once is enough", Quoted(name)),
            Self::SameShape { method, path, other, one_block: true } => {
                write!(
                    f,
                    "`{method} {path}` and `{method} {other}` are the same route with other parameter names, remove one of the two"
                )
            }
            Self::SameShape { method, path, other, one_block: false } => {
                write!(
                    f,
                    "`{method} {path}` and `{method} {other}` are the same route with other parameter names, write one of them in both places"
                )
            }
            Self::DuplicateRouteName { name } => {
                write!(f, "two routes are named `{}`, give one of them another name with `as`", Quoted(name))
            }
            Self::RouteNamedTwice { method, path, name, other } => {
                write!(
                    f,
                    "route `{method} {path}` is named `{}` and `{}`, keep one of them",
                    Quoted(other),
                    Quoted(name)
                )
            }
            Self::RouteName { name } => {
                write!(f, "`{}` cannot name a route, write an identifier in snake case", Quoted(name))
            }
            Self::TrailingSlash { path } => {
                write!(f, "path `{path}` ends in `/`, remove it, or write `#[trailing_slash]` if it is meant")
            }
            Self::NoTrailingSlash { path } => write!(f, "`#[trailing_slash]` on `{path}`, which does not end in `/`"),
            Self::UnknownParameter { name, path, nearest } => {
                write!(f, "`{path}` has no parameter `{}`{}", Quoted(name), Nearest(nearest))
            }
            Self::RawTenant { name } => write!(f, "`{name}` names the tenant and cannot be raw"),
            Self::EmptyAll => f.write_str("`all()` names no scope, write `all(a.b, c.d)`"),
            Self::LonelyAll { name } => write!(f, "`all({0})` names one scope, write `{0} {{ .. }}`", Quoted(name)),
            Self::RepeatedInAll { name } => write!(f, "`{name}` is named twice in this `all(..)`"),
            Self::EmptyReason { of } => write!(f, "`{of}` needs a reason, write why in the string"),
            Self::AccessConflict { method, path, access, other } => write!(
                f,
                "route `{method} {path}` is {access} here and {other} elsewhere, which would silently remove protection"
            ),
            Self::Absorbed { method, path, wider, narrower } => write!(
                f,
                "route `{method} {path}`: `{wider}` alone suffices, so `{narrower}` would never count, remove one of them"
            ),
            Self::Group { name, members } => {
                write!(f, "`{name}` is a group of scopes, name one of them: ")?;
                for (index, member) in members.iter().take(8).enumerate() {
                    write!(f, "{}`{member}`", if index > 0 { ", " } else { "" })?;
                }
                if members.len() > 8 { f.write_str(", ..") } else { Ok(()) }
            }
            Self::PatternMatchesNothing { pattern, nearest: None } => write!(
                f,
                "`includes {pattern}` matches no scope; it never matches the including scope nor scopes with `includes`, \
                 which are named one by one"
            ),
            Self::PatternMatchesNothing { pattern, nearest } => {
                write!(f, "`includes {pattern}` matches no scope{}", Nearest(nearest))
            }
            Self::Pattern { pattern } => {
                write!(
                    f,
                    "`{}` is no pattern, write a scope's name or `*.` and its last segments, such as `*.read`",
                    Quoted(pattern)
                )
            }
            Self::IncludesCycle { names } => {
                f.write_str("scopes include one another: ")?;
                for (index, name) in names.iter().enumerate() {
                    if index > 0 {
                        f.write_str(" -> ")?;
                    }
                    if name.is_empty() { f.write_str("..") } else { write!(f, "`{name}`") }?;
                }
                Ok(())
            }
            Self::TenantNotUsed { tenant, nearest } => {
                write!(f, "no route has the tenant's parameter `{}`{}", Quoted(tenant), Nearest(nearest))
            }
            Self::TenantMissing { method, path, tenant, nearest: Some(nearest) } => {
                write!(f, "route `{method} {path}` has no `{tenant}`, did you mean that instead of `{nearest}`?")
            }
            Self::TenantMissing { method, path, tenant, nearest: None } => write!(
                f,
                "route `{method} {path}` has no `{tenant}`, write `#[unbound(\"why\")]` if the handler compares the owner, \
                 or `#[global(\"why\")]` if the data is no tenant's"
            ),
            Self::TenancyUnneeded { tenant, attribute } => {
                write!(
                    f,
                    "`#[{attribute}]` where every route has the tenant's parameter `{tenant}`, remove the attribute"
                )
            }
            Self::TenancyOnBoundRoute { path, tenant, attribute } => {
                write!(
                    f,
                    "`#[{attribute}]` on `{path}`, which has the tenant's parameter `{tenant}`, remove the attribute"
                )
            }
            Self::TenancyWithoutTenant { attribute } => {
                write!(
                    f,
                    "`#[{attribute}]` has no meaning here, it belongs on a scoped or authenticated route of a catalogue with a `tenant`"
                )
            }
            Self::TenancyConflict { method, path } => {
                write!(f, "route `{method} {path}` is `#[global]` in one place and `#[unbound]` in another, choose one")
            }
            Self::Overlap(overlap) => write!(
                f,
                "`{m} {}` and `{m} {}` both match `{}` and have different requirements; the first wins, which `#![strict]` refuses",
                overlap.winner,
                overlap.loser,
                overlap.witness,
                m = overlap.method
            ),
            Self::NotMerged { path, other } => write!(
                f,
                "`{path}`, `{other}` and others have literals where the others have parameters in so many ways that a path \
                 may be compared with all of them, which `#![strict]` refuses"
            ),
            Self::TooMany { what, limit } => write!(f, "more than {limit} {what}"),
            Self::Internal { what } => write!(f, "internal error of the catalogue compiler, please report it: {what}"),
        }
    }
}

/// The end of a message that suggests a name.
struct Nearest<'a>(&'a Option<String>);

impl fmt::Display for Nearest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(name) => write!(f, ", did you mean `{name}`?"),
            None => Ok(()),
        }
    }
}
