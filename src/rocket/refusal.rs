//! The route that answers requests which are refused before rocket routes them.
//!
//! A fairing cannot answer. It sends the request to this route instead, by changing its URI.

use rocket::http::{Method, Status, uri::Origin};
use rocket::route::{Handler, Outcome, Route};
use rocket::{Build, Data, Request, Rocket};

use super::authenticate::{Outcomes, Refused};

/// No client can use it: without a refusal the route forwards.
const PATH: &str = "/.scopes/refused";

#[derive(Clone, Copy)]
struct Refusal;

#[rocket::async_trait]
impl Handler for Refusal {
    async fn handle<'r>(&self, request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r> {
        // The catchers answer, and the fairing replaces their answer by the denial, as for a guard.
        let status = Outcomes::of(request, |outcomes| outcomes.get().map(|Refused(denied)| denied.status()));
        match status {
            Some(status) => Outcome::Error(Status::new(status.as_u16())),
            None => Outcome::Forward((data, Status::NotFound)),
        }
    }
}

/// Mounts the route, once for all fairings. `HEAD` is served by the one of `GET`.
pub(super) fn mounted(rocket: Rocket<Build>) -> Rocket<Build> {
    if rocket.routes().any(|route| route.uri.path() == PATH) {
        return rocket;
    }
    let methods = [Method::Get, Method::Put, Method::Post, Method::Delete, Method::Options, Method::Patch];
    let routes = methods.map(|method| {
        let mut route = Route::ranked(isize::MIN, method, PATH, Refusal);
        route.name = Some("refused by scopes".into());
        route
    });
    rocket.mount("/", routes)
}

/// Lets the route answer this request.
pub(super) fn send_to(request: &mut Request<'_>) {
    if let Ok(origin) = Origin::parse(PATH) {
        request.set_uri(origin);
    }
}
