//! The kinds of requests, by the names that the report gives them.

/// The request as declared, without credentials.
pub(super) const NO_TOKEN: &str = "no token";
/// The request as declared, with a token that the server does not know.
pub(super) const UNKNOWN_TOKEN: &str = "unknown token";
/// The request as declared, with credentials whose form is wrong.
pub(super) const MALFORMED_TOKEN: &str = "malformed token";
/// The request as declared, with a token that lacks the scope.
pub(super) const MISSING_SCOPE: &str = "missing scope";
/// The request as declared, with a token that is good for other tenants only.
pub(super) const OTHER_TENANT: &str = "other tenant";
/// The request as declared, by unauthorized callers, right after the same request of an authorized
/// one. It finds answers that stay in caches and connections.
pub(super) const AFTERWARDS: &str = "afterwards";
/// The request as declared, by authorized callers, but caused by a page of another site: browsers
/// send cookies and remembered passwords by themselves.
pub(super) const OTHER_SITES: &str = "other sites";
/// The request as declared, by authorized callers.
pub(super) const RIGHT: &str = "right";
/// No request of its own: answers to authorized callers are checked for the headers of deprecated
/// routes.
pub(super) const DEPRECATION: &str = "deprecation";
/// The token's own tenant, with upper and lower case exchanged.
pub(super) const TENANT_CASE: &str = "tenant case";
/// A good token in a header that should not carry one, and other texts in the header that should.
pub(super) const CREDENTIALS: &str = "credentials";
/// Two tokens in one request, a good one among them.
pub(super) const REPEATED_TOKENS: &str = "repeated tokens";
/// A good token, with upper and lower case exchanged.
pub(super) const TOKEN_CASE: &str = "token case";
/// A good token in the query.
pub(super) const QUERY_TOKENS: &str = "query tokens";
/// A good token in a form or in JSON.
pub(super) const BODY_TOKENS: &str = "body tokens";
/// Two tenants in one request.
pub(super) const TWO_TENANTS: &str = "two tenants";
pub(super) const LETTERS: &str = "encoded letters";
pub(super) const SLASHES: &str = "slashes";
pub(super) const DOTS: &str = "dots";
/// Paths that begin with a path that the caller may reach, go up, and go down again to a path that
/// the caller may not reach.
pub(super) const DETOURS: &str = "detours";
pub(super) const SEMICOLONS: &str = "semicolons";
pub(super) const CASE: &str = "case";
pub(super) const ENDINGS: &str = "endings";
pub(super) const FORMS: &str = "target forms";
pub(super) const METHODS: &str = "methods";
pub(super) const HEADERS: &str = "headers";
/// HTTP/1.0, and other or missing `Host` headers.
pub(super) const VERSIONS: &str = "version and host";
/// Bodies whose content type makes some guards skip their checks.
pub(super) const CONTENT_TYPES: &str = "content types";
/// Values of a wider route that contain the literal text beside another route's parameter.
pub(super) const TEXT_BESIDE: &str = "text beside";
/// A path of a route that a wider route matches too, by callers who may reach only the wider one.
pub(super) const NARROWER: &str = "narrower routes";
/// The same path with an escaped letter in the text that distinguishes the two routes.
pub(super) const ESCAPED: &str = "escaped literals";
/// The lines of [`ATTACKS`](super::ATTACKS).
pub(super) const CORPUS: &str = "corpus";

/// The classes of requests, by the names that the report gives them and
/// [`without`](super::Conformance::without) takes.
///
/// ```
/// assert!(scopes_conformance::CLASSES.contains(&"credentials"));
/// ```
pub const CLASSES: &[&str] = &[
    NO_TOKEN,
    UNKNOWN_TOKEN,
    MALFORMED_TOKEN,
    MISSING_SCOPE,
    OTHER_TENANT,
    OTHER_SITES,
    TENANT_CASE,
    TWO_TENANTS,
    CREDENTIALS,
    REPEATED_TOKENS,
    TOKEN_CASE,
    QUERY_TOKENS,
    BODY_TOKENS,
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
    VERSIONS,
    CONTENT_TYPES,
    TEXT_BESIDE,
    NARROWER,
    ESCAPED,
    CORPUS,
    RIGHT,
    AFTERWARDS,
    DEPRECATION,
];

/// Whether the requests of this class carry a token in a wrong place or form.
pub(super) fn is_of_tokens(class: &str) -> bool {
    matches!(class, CREDENTIALS | REPEATED_TOKENS | TOKEN_CASE | QUERY_TOKENS | BODY_TOKENS)
}
