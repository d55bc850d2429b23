//! hyper, warp and tonic use this layer, which verifies before the handler.

use http::{Request, Response};
use scopes::Denied;
use scopes::tower::Authenticate;
use tower::util::service_fn;
use tower::{Layer, ServiceExt};

use super::*;

#[scopes::requires(api::orders.read)]
async fn orders(#[grant] request: Request<String>) -> Result<Response<String>, Denied> {
    Ok(Response::new("orders".to_owned()))
}

fn request(token: &str) -> Request<String> {
    let request = Request::builder().uri("/orders").header("authorization", format!("Bearer {token}"));
    request.body(String::new()).unwrap()
}

#[tokio::test]
async fn a_client_that_goes_away_cancels_the_verifier() {
    let probe = closed_probe();
    let service = Authenticate::new(probe.clone()).layer(service_fn(orders));
    dropped_while_it_runs(&probe, service.clone().oneshot(request("reader")));
    // The next request still works.
    probe.let_one_go();
    assert!(service.oneshot(request("reader")).await.is_ok());
    assert_eq!((probe.asked(), probe.ended()), (2, 2));
}

#[tokio::test]
async fn a_panic_fails_one_request() {
    let probe = closed_probe();
    let service = Authenticate::new(probe.clone()).layer(service_fn(orders));
    for (token, expected) in [("panic", Err(500)), ("reader", Ok(200)), ("unknown", Err(401))] {
        probe.let_one_go();
        let status = match service.clone().oneshot(request(token)).await {
            Ok(response) => Ok(response.status().as_u16()),
            Err(denied) => Err(denied.status().as_u16()),
        };
        assert_eq!(status, expected, "{token}");
    }
}
