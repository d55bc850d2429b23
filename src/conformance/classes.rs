//! The kinds of requests, by the names that the report gives them.

/// As declared, by nobody.
pub(super) const NO_TOKEN: &str = "no token";
/// As declared, with a token that nobody has.
pub(super) const UNKNOWN_TOKEN: &str = "unknown token";
/// As declared, with credentials that are none by their form.
pub(super) const MALFORMED_TOKEN: &str = "malformed token";
/// As declared, with a token that lacks the scope.
pub(super) const MISSING_SCOPE: &str = "missing scope";
/// As declared, with a token that is good for other tenants only.
pub(super) const OTHER_TENANT: &str = "other tenant";
/// As declared, by nobody, right after somebody who may: what an answer leaves behind in caches and connections.
pub(super) const AFTERWARDS: &str = "afterwards";
/// As declared, by those who may.
pub(super) const RIGHT: &str = "right";
/// A good token where no token belongs, and what is none where it does.
pub(super) const CREDENTIALS: &str = "credentials";
/// Two tenants in one request.
pub(super) const TWO_TENANTS: &str = "two tenants";
pub(super) const LETTERS: &str = "encoded letters";
pub(super) const SLASHES: &str = "slashes";
pub(super) const DOTS: &str = "dots";
/// From a path that the caller may reach up and down again to one that they may not.
pub(super) const DETOURS: &str = "detours";
pub(super) const SEMICOLONS: &str = "semicolons";
pub(super) const CASE: &str = "case";
pub(super) const ENDINGS: &str = "endings";
pub(super) const FORMS: &str = "target forms";
pub(super) const METHODS: &str = "methods";
pub(super) const HEADERS: &str = "headers";
/// The lines of [`ATTACKS`](super::ATTACKS).
pub(super) const CORPUS: &str = "corpus";

/// The classes of requests, by the names that the report gives them and [`without`](super::Conformance::without) takes.
///
/// ```
/// assert!(scopes::conformance::CLASSES.contains(&"credentials"));
/// ```
pub const CLASSES: &[&str] = &[
    NO_TOKEN,
    UNKNOWN_TOKEN,
    MALFORMED_TOKEN,
    MISSING_SCOPE,
    OTHER_TENANT,
    TWO_TENANTS,
    CREDENTIALS,
    LETTERS,
    SLASHES,
    DOTS,
    DETOURS,
    SEMICOLONS,
    CASE,
    ENDINGS,
    FORMS,
    METHODS,
    HEADERS,
    CORPUS,
    RIGHT,
    AFTERWARDS,
];
