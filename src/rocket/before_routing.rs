//! The route that answers requests which are refused before rocket routes them.
//!
//! A fairing cannot answer a request. Instead, it sends the request to this route by changing its
//! URI.

use http::Extensions;
use rocket::http::ext::IntoOwned as _;
use rocket::http::uri::Origin;
use rocket::http::{Method, Status};
use rocket::route::{Handler, Outcome, Route};
use rocket::{Build, Data, Request, Rocket};

use super::outcomes::{Outcomes, Refused};
use crate::UntypedCatalogue;
use crate::denial::Denied;

/// The path of this route. A client cannot use it: if no fairing has refused the request, the route
/// forwards it.
const PATH: &str = "/.scopes/refused";

#[derive(Clone, Copy)]
struct Refusal;

#[rocket::async_trait]
impl Handler for Refusal {
    async fn handle<'r>(&self, request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r> {
        // The catchers answer, and the fairing replaces their response by the denial, like for a
        // guard.
        let status = Outcomes::of(request, |outcomes| outcomes.get().map(|Refused(denied)| denied.status()));
        match status {
            Some(status) => Outcome::Error(Status::new(status.as_u16())),
            None => Outcome::Forward((data, Status::NotFound)),
        }
    }
}

/// Mounts the route, once for all fairings. It has every method, so that no other route gets the
/// request.
pub(super) fn mounted(rocket: Rocket<Build>) -> Rocket<Build> {
    if rocket.routes().any(|route| route.uri.path() == PATH) {
        return rocket;
    }
    let methods = [
        Method::Get,
        Method::Head,
        Method::Put,
        Method::Post,
        Method::Delete,
        Method::Options,
        Method::Trace,
        Method::Connect,
        Method::Patch,
    ];
    let routes = methods.map(|method| {
        let mut route = Route::ranked(isize::MIN, method, PATH, Refusal);
        route.name = Some("refused by scopes".into());
        route
    });
    rocket.mount("/", routes)
}

/// The verdicts of the fairings on a request so far.
#[derive(Clone, Default)]
struct Verdicts {
    /// The URI that the client sent.
    sent: Option<Origin<'static>>,
    /// The denials, at most one for each catalogue. If a catalogue has several fairings, the last
    /// one counts.
    denials: Vec<(&'static UntypedCatalogue, Denied)>,
}

/// The target that the client sent, also if another fairing has already refused the request.
pub(super) fn sent_target(request: &Request<'_>) -> Option<String> {
    Outcomes::of(request, |outcomes| {
        outcomes.get::<Verdicts>().and_then(|verdicts| verdicts.sent.as_ref().map(ToString::to_string))
    })
}

/// Whether a fairing has already refused the request.
pub(super) fn has_refused(outcomes: &Extensions) -> bool {
    outcomes.get::<Verdicts>().is_some()
}

/// Keeps the verdict of a catalogue's fairing. If some catalogue denies the request, sends it to
/// the route that answers.
pub(super) fn judged(request: &mut Request<'_>, catalogue: &'static UntypedCatalogue, verdict: Result<(), Denied>) {
    let mut verdicts = Outcomes::of(request, Extensions::remove::<Verdicts>).unwrap_or_default();
    if verdict.is_ok() && verdicts.denials.is_empty() {
        return;
    }
    verdicts.denials.retain(|(known, _)| !std::ptr::eq(*known, catalogue));
    verdicts.denials.extend(verdict.err().map(|denied| (catalogue, denied)));
    let sent = verdicts.sent.take().unwrap_or_else(|| request.uri().clone().into_owned());
    let first = verdicts.denials.first().map(|(_, denied)| denied.clone());
    match (&first, Origin::parse(PATH)) {
        (Some(_), Ok(origin)) => request.set_uri(origin),
        _ => request.set_uri(sent.clone()),
    }
    verdicts.sent = Some(sent);
    Outcomes::of(request, |outcomes| {
        outcomes.insert(verdicts);
        match first {
            Some(denied) => drop(outcomes.insert(Refused(denied))),
            None => drop(outcomes.remove::<Refused>()),
        }
    });
}
