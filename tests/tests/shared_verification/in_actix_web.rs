//! actix-web polls a permit only together with other extractors, so its middleware verifies before
//! the handler.

use actix_web::test::{TestRequest, init_service};
use actix_web::{App, dev::Service, get};
use scopes::Authenticate;

use super::*;

#[scopes::requires(api::orders.read)]
#[get("/orders")]
async fn orders() -> &'static str {
    "orders"
}

#[actix_web::test]
async fn a_client_that_goes_away_cancels_the_verifier() {
    let probe = closed_probe();
    let app = init_service(App::new().service(orders).wrap(Authenticate::new(probe.clone()))).await;
    let request = |token: &str| {
        let header = ("authorization", format!("Bearer {token}"));
        TestRequest::with_uri("/orders").insert_header(header).to_request()
    };
    dropped_while_it_runs(&probe, app.call(request("reader")));
    for (token, expected) in [("panic", 500), ("reader", 200), ("unknown", 401)] {
        probe.let_one_go();
        assert_eq!(app.call(request(token)).await.unwrap().status(), expected, "{token}");
    }
}
