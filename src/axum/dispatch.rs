//! Tells apart what axum cannot: routes that differ in the literal text beside a parameter, and methods of no standard.

use std::future::{Future, ready};
use std::pin::Pin;

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use http::{HeaderValue, Method, StatusCode, header};

use crate::routes::{Entry, Piece, pieces};

/// Handlers of one path, the most specific first.
#[derive(Clone)]
pub(super) struct Dispatch<State> {
    candidates: Vec<Candidate<State>>,
}

#[derive(Clone)]
struct Candidate<State> {
    method: &'static str,
    template: String,
    handler: MethodRouter<State>,
}

impl<State> Dispatch<State> {
    pub(super) fn of(entry: Entry<MethodRouter<State>>) -> Self {
        let mut dispatch = Self { candidates: Vec::new() };
        dispatch.add(entry);
        dispatch
    }

    pub(super) fn add(&mut self, entry: Entry<MethodRouter<State>>) {
        let (method, template) = (entry.route().method(), entry.template().to_owned());
        self.candidates.push(Candidate { method, template, handler: entry.into_handler() });
    }

    /// The handler, or the methods that there are.
    fn find(self, method: &Method, path: &str) -> Result<MethodRouter<State>, Vec<&'static str>> {
        let mut fitting: Vec<_> = self.candidates.into_iter().filter(|known| fits(&known.template, path)).collect();
        let is_asked = |known: &Candidate<State>| known.method == method.as_str();
        let found = fitting.iter().position(is_asked).or_else(|| {
            let falls_back = *method == Method::HEAD;
            fitting.iter().position(|known| falls_back && known.method == "GET")
        });
        match found {
            Some(found) => Ok(fitting.swap_remove(found).handler),
            None => Err(fitting.iter().map(|known| known.method).collect()),
        }
    }
}

impl<State: Clone + Send + Sync + 'static> Handler<(), State> for Dispatch<State> {
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, state: State) -> Self::Future {
        match self.find(request.method(), request.uri().path()) {
            Ok(handler) => Box::pin(handler.call(request, state)),
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

/// Whether a path has a template's text beside its parameters; the rest of it axum has matched.
fn fits(template: &str, path: &str) -> bool {
    pieces(template).zip(path.split('/').skip(1)).all(|(piece, segment)| match piece {
        Piece::Literal(_) | Piece::Rest(_) => true,
        Piece::Parameter { before, after, .. } => {
            segment.len() > before.len() + after.len() && segment.starts_with(before) && segment.ends_with(after)
        }
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
