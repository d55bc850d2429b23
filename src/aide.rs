//! Guarded axum handlers in documents made by [aide](https://docs.rs/aide): each [`Permit`] adds
//! its scopes and answers.
//!
//! aide asks every extractor for its part of the operation. A permit's part is the operation's
//! `security`, one entry for each alternative of the requirement, and the answers 401 and 403. The
//! entries name the security scheme [`SECURITY_SCHEME`], which the document has to declare once.
//! They also list the scopes: version 3.1 of the format accepts names for a scheme of any type. The
//! application turns on aide's own feature `axum`:
//!
//! ```
//! # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
//! use aide::axum::{ApiRouter, routing::get};
//! use aide::openapi::OpenApi;
//!
//! #[scopes::requires(api::users.read, GET "/users")]
//! async fn list_users() -> &'static str {
//!     "[]"
//! }
//!
//! # fn main() {
//! let mut document = OpenApi::default();
//! let router: axum::Router = ApiRouter::new()
//!     .api_route("/users", get(list_users))
//!     .finish_api_with(&mut document, |document| {
//!         document.security_scheme(scopes::aide::SECURITY_SCHEME, scopes::aide::security_scheme())
//!     });
//! # drop(router);
//! let document = serde_json::to_value(&document).unwrap();
//! assert_eq!(document["paths"]["/users"]["get"]["security"], serde_json::json!([{ "bearer": ["users.read"] }]));
//! # }
//! ```

use aide::generate::GenContext;
use aide::openapi::{Operation, Response, SecurityRequirement, SecurityScheme};
use aide::operation::{OperationHandler, OperationInput, OperationOutput};
use scopes_core::Scope;

use crate::axum::Guarded;
use crate::required::Required;
use crate::{Caller, Grant, Permit};

/// The name of the security scheme that the operations require.
pub const SECURITY_SCHEME: &str = "bearer";

/// The scheme with that name: a bearer token in the header `Authorization` (RFC 6750 section 2.1).
///
/// ```
/// let scheme = serde_json::to_value(scopes::aide::security_scheme())?;
/// assert_eq!(scheme["scheme"], "bearer");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn security_scheme() -> SecurityScheme {
    SecurityScheme::Http {
        scheme: "bearer".to_owned(),
        bearer_format: None,
        description: None,
        extensions: Default::default(),
    }
}

impl<R: Required> OperationInput for Permit<R> {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        let alternatives: Vec<_> = R::requirement()
            .alternatives()
            .map(|scopes| {
                let names = scopes.iter().filter_map(|&id| R::Scope::from_id(id));
                names.map(|scope| scope.as_str().to_owned()).collect()
            })
            .collect();
        demand(operation, &alternatives);
    }

    fn inferred_early_responses(_: &mut GenContext, _: &mut Operation) -> Vec<(Option<u16>, Response)> {
        vec![answer(401, "no valid token"), answer(403, "the token lacks a scope, or is not good for this tenant")]
    }
}

/// Requires a token, but names no scope, because a handler that takes the grant usually serves an
/// `authenticated` route.
impl<S: Scope> OperationInput for Grant<S> {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        demand(operation, &[Vec::new()]);
    }

    fn inferred_early_responses(_: &mut GenContext, _: &mut Operation) -> Vec<(Option<u16>, Response)> {
        vec![answer(401, "no valid token"), answer(403, "the token is not good for this route")]
    }
}

/// Requires no token, but documents that a bad one is refused.
impl<S: Scope> OperationInput for Caller<S> {
    fn inferred_early_responses(_: &mut GenContext, _: &mut Operation) -> Vec<(Option<u16>, Response)> {
        vec![answer(401, "the token is not valid")]
    }
}

/// Adds the requirement that [`guard`](crate::axum::guard) checks to the handler's own parameters.
impl<R, H, I, O> OperationHandler<(Permit<R>, I), O> for Guarded<R, H>
where
    R: Required,
    H: OperationHandler<I, O>,
    I: OperationInput,
    O: OperationOutput,
{
}

/// Adds a demand to the existing ones. All must be met, so each old entry is joined with each new
/// alternative.
///
/// A demand without alternatives cannot be met, but no document can say that. Then the operation
/// requires a token, because without an entry it would be open to every client.
fn demand(operation: &mut Operation, alternatives: &[Vec<String>]) {
    let alternatives = if alternatives.is_empty() { &[Vec::new()] } else { alternatives };
    let mut old = std::mem::take(&mut operation.security);
    if old.is_empty() {
        old.push(SecurityRequirement::default());
    }
    for entry in &old {
        for alternative in alternatives {
            let mut entry = entry.clone();
            let scopes = entry.entry(SECURITY_SCHEME.to_owned()).or_default();
            scopes.extend_from_slice(alternative);
            scopes.sort_unstable();
            scopes.dedup();
            if !operation.security.contains(&entry) {
                operation.security.push(entry);
            }
        }
    }
}

fn answer(status: u16, description: &str) -> (Option<u16>, Response) {
    (Some(status), Response { description: description.to_owned(), ..Response::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::axum::guard;
    use crate::fixture::permits::UsersRead;

    #[test]
    fn guarded_handlers_are_documented() {
        use aide::axum::{ApiRouter, routing::get};
        use axum::http::{HeaderMap, Uri};

        async fn handler(_: Uri, _: HeaderMap) -> &'static str {
            "users"
        }
        let mut document = aide::openapi::OpenApi::default();
        let _: axum::Router = ApiRouter::new()
            .api_route("/closure", get(guard::<UsersRead, _>(async || "users")))
            .api_route("/function", get(guard::<UsersRead, _>(handler)))
            .finish_api(&mut document);
        let document = serde_json::to_value(&document).unwrap();
        for path in ["/closure", "/function"] {
            let operation = &document["paths"][path]["get"];
            assert_eq!(operation["security"], serde_json::json!([{ "bearer": ["users.read"] }]), "{path}");
            let answers: Vec<_> = operation["responses"].as_object().unwrap().keys().collect();
            assert_eq!(answers, ["200", "401", "403"], "{path}");
        }
    }

    /// Alternatives, each with the scopes that it needs.
    type Demand = &'static [&'static [&'static str]];

    #[test]
    fn demands_are_joined() {
        let cases: [(&[Demand], Demand); 8] = [
            (&[&[]], &[&[]]),
            (&[&[&["a"]], &[]], &[&["a"]]),
            (&[&[&["a"]]], &[&["a"]]),
            (&[&[&["b"], &["a"]]], &[&["b"], &["a"]]),
            (&[&[&["b"]], &[&["a"], &["c"]]], &[&["a", "b"], &["b", "c"]]),
            (&[&[&[]], &[&["a"]]], &[&["a"]]),
            (&[&[&["a"]], &[&[]]], &[&["a"]]),
            (&[&[&["a"]], &[&["a"]]], &[&["a"]]),
        ];
        let owned = |scopes: &[&str]| -> Vec<String> { scopes.iter().map(|&scope| scope.to_owned()).collect() };
        for (demands, expected) in cases {
            let cookie = SecurityRequirement::from([("cookie".to_owned(), Vec::new())]);
            for first in [None, Some(cookie)] {
                let mut operation = Operation::default();
                operation.security.extend(first.clone());
                for demanded in demands {
                    demand(&mut operation, &demanded.iter().map(|scopes| owned(scopes)).collect::<Vec<_>>());
                }
                let expected: Vec<_> = expected
                    .iter()
                    .map(|scopes| {
                        let mut entry = first.clone().unwrap_or_default();
                        entry.insert(SECURITY_SCHEME.to_owned(), owned(scopes));
                        entry
                    })
                    .collect();
                assert_eq!(operation.security, expected, "{demands:?}");
            }
        }
    }
}
