//! What is derived from methods, paths and names: whether a route changes, deletes or issues.

use scopes_core::template::{Piece, pieces};
use scopes_core::{Route, Tenancy};

/// Some routes have methods that change nothing.
pub(super) const READS: u8 = 1;
/// Some routes have other methods.
pub(super) const CHANGES: u8 = 1 << 1;
pub(super) const DELETES: u8 = 1 << 2;
pub(super) const ISSUES_TOKENS: u8 = 1 << 3;
/// The path names the tenant.
pub(super) const BOUND: u8 = 1 << 4;
pub(super) const GLOBAL: u8 = 1 << 5;
pub(super) const UNBOUND: u8 = 1 << 6;

/// Methods that change nothing (RFC 9110, section 9.2.1; RFC 5323; RFC 4918; `QUERY`).
const SAFE: [&str; 8] = ["GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "REPORT", "SEARCH", "QUERY"];

/// Words by which the name of a scope says that it reads.
const READING: [&str; 9] = ["read", "reads", "readonly", "reader", "view", "viewer", "list", "get", "watch"];

/// Words by which the name of a scope says that it changes something.
const WRITING: [&str; 9] = ["write", "writer", "modify", "edit", "create", "update", "delete", "manage", "admin"];

/// What a token is called in paths.
const TOKENS: [&str; 6] = ["token", "tokens", "credential", "credentials", "secret", "secrets"];

/// What a key that opens an API is called, before `key` or `keys`. Alone, `keys` counts as well.
const OF_KEYS: [&str; 6] = ["api", "access", "secret", "auth", "service", "application"];

/// The last segment of a path that gives an existing token a new secret.
const REISSUING: [&str; 10] =
    ["rotate", "refresh", "renew", "regenerate", "reissue", "issue", "reset", "roll", "exchange", "generate"];

/// Whether the method changes nothing.
pub(crate) fn is_safe(method: &str) -> bool {
    SAFE.contains(&method)
}

/// The bits of a route.
pub(super) fn traits(route: Route<'_>) -> u8 {
    let bit = |is_set: bool, bit: u8| if is_set { bit } else { 0 };
    let tenancy = match route.tenancy() {
        Tenancy::NotApplicable => 0,
        Tenancy::Bound => BOUND,
        Tenancy::Global(_) => GLOBAL,
        Tenancy::Unbound(_) => UNBOUND,
    };
    bit(is_safe(route.method()), READS)
        | bit(!is_safe(route.method()), CHANGES)
        | bit(route.method() == "DELETE", DELETES)
        | bit(issues_tokens(route), ISSUES_TOKENS)
        | tenancy
}

/// Whether a route seems to issue tokens: a `POST` to a path that ends in a word for tokens, such
/// as `/tokens`, `/api-keys` or `/accessToken`, or in `rotate` and the like after such a word.
/// Parameters at the end of the path do not count.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::Declaration};
/// use scopes_export::reference::issues_tokens;
///
/// let mut declaration = Declaration::new("api");
/// let tokens = declaration.scope("tokens.write");
/// tokens.route("POST", "/tokens").route("POST", "/apiKeys/{id}/rotate").route("DELETE", "/tokens/{id}");
/// tokens.route("POST", "/tokens/{id}/revoke").route("POST", "/encryptionPublicKeys");
/// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
/// assert!(catalogue.routes().map(issues_tokens).eq([true, true, false, false, false]));
/// # Ok::<(), scopes_core::CatalogueErrors>(())
/// ```
#[must_use]
pub fn issues_tokens(route: Route<'_>) -> bool {
    if route.method() != "POST" {
        return false;
    }
    let texts = pieces(route.path()).map(|piece| match piece {
        Piece::Literal(text) => text,
        // A verb after a parameter: `/tokens/{id}:rotate`.
        Piece::Parameter { suffix, .. } => suffix,
        Piece::Rest(_) => "",
    });
    let named: Vec<Vec<String>> = texts.map(words).filter(|words| !words.is_empty()).collect();
    match named.as_slice() {
        [.., before, last] if last.iter().any(|word| REISSUING.contains(&word.as_str())) => {
            names_tokens(last) || names_tokens(before)
        }
        [.., last] => names_tokens(last),
        [] => false,
    }
}

fn names_tokens(words: &[String]) -> bool {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["keys" | "apikey" | "apikeys"] => true,
        [.., of, "key" | "keys"] => OF_KEYS.contains(of),
        [.., last] => TOKENS.contains(last),
        [] => false,
    }
}

/// Whether the name of a scope says that it reads: the last word that says what the scope does.
pub(super) fn claims_to_read(name: &str) -> bool {
    let words = words(name);
    let last = words.iter().rfind(|word| READING.contains(&word.as_str()) || WRITING.contains(&word.as_str()));
    last.is_some_and(|word| READING.contains(&word.as_str()))
}

/// The words of a name in lower case: `delegatedAccess`, `access-token` and `read_only` have two.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    for character in name.chars() {
        if character.is_alphanumeric() {
            let is_inside = before
                .is_some_and(|before| before.is_alphanumeric() && !(before.is_lowercase() && character.is_uppercase()));
            match words.last_mut().filter(|_| is_inside) {
                Some(word) => word.extend(character.to_lowercase()),
                None => words.push(character.to_lowercase().collect()),
            }
        }
        before = Some(character);
    }
    words
}
