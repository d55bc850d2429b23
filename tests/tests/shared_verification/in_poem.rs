use poem::{Endpoint, EndpointExt, FromRequest, Request, Route, get, handler};
use scopes::poem::Authenticate;

use super::*;

fn app(probe: &Probe) -> impl Endpoint {
    #[handler]
    async fn greeting(request: &Request) -> String {
        let probe = request.data::<Probe>().unwrap();
        three_ask(probe, || async { Grant::from_request_without_body(request).await.is_ok() }).await
    }

    #[scopes::requires(api::orders.read)]
    #[handler]
    fn orders() -> &'static str {
        "orders"
    }

    let routes = Route::new().at("/greeting", get(greeting)).at("/orders", get(orders));
    routes.data(probe.clone()).with(Authenticate::new(probe.clone()))
}

fn request(path: &str, token: &str) -> Request {
    Request::builder().uri_str(path).header("authorization", format!("Bearer {token}")).finish()
}

#[tokio::test]
async fn extractors_that_ask_at_once_wait_for_one_run() {
    let probe = closed_probe();
    let app = app(&probe);
    for (index, (token, expected)) in THREE_ASK.into_iter().enumerate() {
        let response = app.get_response(request("/greeting", token)).await;
        assert_eq!(response.into_body().into_string().await.unwrap(), expected, "{token}");
        assert_eq!((probe.asked(), probe.ended()), (index + 1, index + 1), "{token}");
    }
}

#[tokio::test]
async fn a_client_that_goes_away_cancels_the_verifier() {
    let probe = closed_probe();
    let app = app(&probe);
    dropped_while_it_runs(&probe, app.get_response(request("/orders", "reader")));
    assert_eq!(probe.asked(), 1);
}
