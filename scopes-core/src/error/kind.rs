//! The kinds of mistakes in a declaration.

use alloc::string::String;
use alloc::vec::Vec;

use super::overlap::Overlap;
use crate::date::{Date, DateError};
use crate::method::MethodError;
use crate::name::NameError;
use crate::template::TemplateError;

/// The value of `what` in [`CatalogueErrorKind::TooMany`] for which JSON has another word.
pub(crate) const SCOPES_IN_ALL: &str = "scopes in one `all(..)`";

/// The kind of a mistake in a declaration.
#[doc(hidden)]
#[allow(missing_docs, reason = "each field is named in its variant's message")]
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CatalogueErrorKind {
    /// A wire name outside RFC 6749's scope-token, or a dotted name outside the grammar.
    Name { name: String, error: NameError },
    /// A wire name without a letter or digit, from which no dotted name can be derived.
    NoDottedName { name: String },
    /// The declaration has the same scope twice.
    DuplicateScope { name: String },
    /// Two scopes whose dotted names are equal.
    DuplicateDottedName { name: String, other: String, dotted: String },
    /// A text that is one scope's wire name and another one's dotted name.
    CrossedNames { name: String, other: String, text: String },
    /// Two scopes whose names make the same Rust identifier, such as `a.b_c` and `a.b.c`.
    SameTypeName { name: String, other: String, type_name: String },
    /// A scope whose name makes the Rust identifier of an item that every catalogue has.
    TakenTypeName { name: String, type_name: &'static str },
    /// An old name that no scope can have had.
    OldName { name: String, error: NameError },
    /// An old name that is the name of a scope.
    OldNameInUse { name: String, is_own: bool },
    /// An old name of two scopes.
    OldNameOfTwo { name: String, scope: String, other: String },
    /// A title that is blank, or that has more than one line.
    Title,
    /// A text that is not a date.
    Date { text: String, error: DateError },
    /// A sunset before the day of the deprecation.
    SunsetTooEarly { since: Date, sunset: Date },
    /// A scope that is its own successor.
    OwnSuccessor { name: String },
    /// A deprecated scope that another deprecated scope names as its successor.
    DeprecatedSuccessor { name: String },
    /// A reference to a scope by an old name.
    RenamedScope { name: String, scope: String },
    /// A name that no scope has.
    UnknownScope { name: String, nearest: Option<String> },
    /// A method that the grammar does not allow.
    Method { method: String, error: MethodError },
    /// A method outside the standard ones, written as an identifier.
    UnquotedMethod { method: String, nearest: Option<String> },
    /// A path that the grammar does not allow.
    Path { path: String, error: TemplateError },
    /// The base path has parameters or a trailing slash.
    Base { base: String },
    /// The same route twice in one block, or in two blocks with the same demand.
    DuplicateRoute { method: String, path: String },
    /// A name that is listed twice although once is enough.
    Repeated { what: &'static str, name: String },
    /// Two routes of one method whose templates differ only in parameter names.
    SameShape { method: String, path: String, other: String, one_block: bool },
    /// Two routes that have the same name.
    DuplicateRouteName { name: String },
    /// One route that was given two names.
    RouteNamedTwice { method: String, path: String, name: String, other: String },
    /// A route name that is not an identifier.
    RouteName { name: String },
    /// A path with a trailing slash, but without `#[trailing_slash]`.
    TrailingSlash { path: String },
    /// `#[trailing_slash]` on a path without one.
    NoTrailingSlash { path: String },
    /// `#[raw(name)]` of a parameter that the path does not have.
    UnknownParameter { name: String, path: String, nearest: Option<String> },
    /// `#[raw(name)]` on the parameter that names the tenant.
    RawTenant { name: String },
    /// An `all(..)` that names no scope.
    EmptyAll,
    /// An `all(..)` that names a single scope.
    LonelyAll { name: String },
    /// `all(..)` that names one scope twice.
    RepeatedInAll { name: String },
    /// A reason that is an empty text, or white space only.
    EmptyReason { of: &'static str },
    /// A block that opens a route for which another block or scope demands credentials.
    AccessConflict { method: String, path: String, access: &'static str, other: &'static str },
    /// One alternative of a route is implied by another, so the stricter one would have no effect.
    Absorbed { method: String, path: String, wider: Vec<String>, narrower: Vec<String> },
    /// A name that is not a scope but the beginning of scope names. The error lists at most 64 of
    /// them.
    Group { name: String, members: Vec<String> },
    /// An `includes` pattern that matches no scope.
    PatternMatchesNothing { pattern: String, nearest: Option<String> },
    /// An `includes` pattern outside the grammar.
    Pattern { pattern: String },
    /// Scopes that include one another. The first one is repeated at the end. In a long cycle, an
    /// empty name replaces the scopes that are left out.
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
    /// One route that is `#[global]` in one place and `#[unbound]` in another.
    TenancyConflict { method: String, path: String },
    /// Two routes that match one path with different requirements, in a strict catalogue. The
    /// loser may have other overlaps that are accepted.
    Overlap { overlap: Overlap, others_accepted: bool },
    /// A route with more `#[overlaps]` attributes than overlaps that it loses.
    OverlapsUnneeded { method: String, path: String },
    /// `#[overlaps]` in a catalogue that is not strict.
    OverlapsWithoutStrict,
    /// In a strict catalogue, templates that cross so often that a search may visit all of them.
    /// Two of them are given, like in `Note::NotMerged`.
    NotMerged { path: String, other: String },
    /// More entries than the tables can hold.
    TooMany { what: &'static str, limit: usize },
    /// An inconsistent state of the compiler that was found late.
    Internal { what: String },
}
