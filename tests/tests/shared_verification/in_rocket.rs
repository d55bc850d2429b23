//! rocket runs each request in its own task, which continues after the client has disconnected. So
//! a test cannot see a cancelled verifier.

use rocket::http::Header;
use rocket::local::asynchronous::Client;
use rocket::request::{FromRequest, Outcome};
use rocket::{Config, Request, State, get, routes};
use scopes::Authenticate;

use super::*;

struct Greeting(String);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Greeting {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        let probe = request.guard::<&State<Probe>>().await.unwrap();
        Outcome::Success(Self(three_ask(probe, || async { request.guard::<Grant>().await.is_success() }).await))
    }
}

#[get("/greeting")]
fn greeting(greeting: Greeting) -> String {
    greeting.0
}

#[rocket::async_test]
async fn guards_that_ask_at_once_wait_for_one_run() {
    let probe = closed_probe();
    let server = rocket::custom(Config { log_level: rocket::config::LogLevel::Off, ..Config::debug_default() })
        .mount("/", routes![greeting])
        .manage(probe.clone())
        .attach(Authenticate::new(probe.clone()));
    let client = Client::untracked(server).await.unwrap();
    for (index, (token, expected)) in THREE_ASK.into_iter().enumerate() {
        let token_header = Header::new("authorization", format!("Bearer {token}"));
        let response = client.get("/greeting").header(token_header).dispatch().await;
        assert_eq!(probe.asked(), index + 1, "{token}");
        // If a guard refuses the request, it stores its denial for the response.
        let text = response.into_string().await.unwrap();
        assert!(text == expected || (token != "reader" && text.contains("error")), "{token}: {text}");
    }
}
