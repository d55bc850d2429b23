//! Targets that match two routes of one catalogue. Whichever handler runs, the caller satisfies
//! both routes.

mod nested;
mod tenants;
mod text;

use axum::routing::{any, head};
use scopes::requires;
use tower::{Layer, ServiceBuilder};

use super::*;

fn ran(name: &'static str) -> axum::routing::MethodRouter {
    any(move || async move { name })
}

/// A router in a layer of its own: the outer router's template does not show which inner template
/// matches.
fn inner(
    router: Router,
) -> impl Service<
    axum::extract::Request,
    Response = axum::response::Response,
    Error = std::convert::Infallible,
    Future: Send,
> + Clone
+ Send
+ Sync
+ 'static {
    ServiceBuilder::new().map_request(|request: axum::extract::Request| request).service(router)
}

/// Target, token, status and, if the status is 200, the body.
type Case = (&'static str, &'static str, u16, &'static str);

async fn ask<A>(app: &A, method: &str, cases: &[Case])
where
    A: Service<Request<Body>, Response = Response<Body>, Error = std::convert::Infallible> + Clone,
{
    for &(target, token, expected, body) in cases {
        let answer = send(app, request(method, target, token)).await;
        assert_eq!(answer.status(), expected, "{method} {target} {token}");
        if expected == 200 {
            let found = axum::body::to_bytes(answer.into_body(), 1024).await.unwrap();
            assert_eq!(found, body, "{method} {target} {token}");
        }
    }
}
