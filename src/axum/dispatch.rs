//! Distinguishes routes that axum cannot: those that differ in the literal text beside a parameter,
//! and those with non-standard methods.

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use http::{HeaderValue, Method, StatusCode, header};
use scopes_core::method;
use scopes_core::template::{Piece, pieces};

use crate::request::extended_connect::judged_method;
use crate::routes::Entry;

/// All handlers of one path, the most specific first.
#[derive(Clone)]
pub(super) struct Dispatch<State>(Arc<[Candidate<State>]>);

struct Candidate<State> {
    method: &'static str,
    template: String,
    handler: MethodRouter<State>,
}

impl<State> Dispatch<State> {
    pub(super) fn new(entries: Vec<Entry<MethodRouter<State>>>) -> Self {
        let candidate = |entry: Entry<MethodRouter<State>>| {
            let (method, template) = (entry.route().method(), entry.template().to_owned());
            Candidate { method, template, handler: entry.into_handler() }
        };
        Self(entries.into_iter().map(candidate).collect())
    }

    /// The handler, or the methods that the path has.
    fn find(&self, method: &Method, path: &str) -> Result<&MethodRouter<State>, Vec<&'static str>> {
        let fitting = || self.0.iter().filter(|known| fits(&known.template, path));
        // The more specific route of `GET` and `HEAD` answers `HEAD`. If both have the same
        // template, `HEAD` comes first.
        let answers = |known: &&Candidate<State>| method::answers(known.method, method.as_str());
        fitting().find(answers).map(|known| &known.handler).ok_or_else(|| {
            let mut methods: Vec<_> = fitting().flat_map(|known| method::answered(known.method)).collect();
            methods.sort_unstable();
            methods.dedup();
            methods
        })
    }
}

impl<State: Clone + Send + Sync + 'static> Handler<(), State> for Dispatch<State> {
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, state: State) -> Self::Future {
        let method = judged_method(request.method(), request.extensions());
        match self.find(method, request.uri().path()) {
            Ok(handler) => Box::pin(handler.clone().call(request, state)),
            Err(methods) if methods.is_empty() => Box::pin(ready(StatusCode::NOT_FOUND.into_response())),
            Err(methods) => {
                let mut response = StatusCode::METHOD_NOT_ALLOWED.into_response();
                if let Ok(allow) = HeaderValue::try_from(methods.join(",")) {
                    response.headers_mut().insert(header::ALLOW, allow);
                }
                Box::pin(ready(response))
            }
        }
    }
}

/// Whether a path has a template's text beside its parameters. axum has matched the rest already.
fn fits(template: &str, path: &str) -> bool {
    pieces(template).zip(path.split('/').skip(1)).all(|(piece, segment)| match piece {
        Piece::Literal(_) | Piece::Rest(_) => true,
        Piece::Parameter { .. } => piece.takes(segment.as_bytes()),
    })
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn text_beside_parameters() {
        for (template, path, expected) in [
            ("/users/{id}", "/users/7", true),
            ("/users/{id}:replay", "/users/7:replay", true),
            ("/users/{id}:replay", "/users/:replay", false),
            ("/users/{id}:replay", "/users/7:cancel", false),
            ("/v{n}/{*rest}", "/v1/a/b", true),
            ("/v{n}/{*rest}", "/w1/a/b", false),
        ] {
            assert_eq!(fits(template, path), expected, "{template} {path}");
        }
    }
}
