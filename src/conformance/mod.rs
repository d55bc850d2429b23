//! The attack corpus for servers of your own (feature `test-util`): give it an address, the catalogue and some tokens, and it
//! reports which handlers ran that should not have.
//!
//! For every route of the catalogue it sends the request as declared by nobody, with unknown and malformed tokens, with
//! every given token that lacks the scope or is another tenant's, and with those that may. Then it spells the path in some
//! two hundred ways that routers, proxies and checks are known to read differently: encoded letters and slashes, dot
//! segments, semicolons, control bytes, absolute forms, other methods and their overrides, rewriting headers, tokens in places where
//! none belongs, two tenants in one path. What must hold is one sentence: **a handler runs only if the token holds its scopes
//! and its tenant is the path's.** Which refusal it is does not matter.
//!
//! ```
//! use axum::{Router, http::HeaderName, routing::get};
//! use scopes::conformance::Conformance;
//! use scopes::{VerifyError, requires, tower::Authenticate, verifier_fn};
//!
//! scopes::scopes! {
//!     pub mod api;
//!     tenant account;
//!     users.read { GET "/accounts/:account/users"; }
//!     users.write { DELETE "/accounts/:account/users/:user"; }
//! }
//!
//! #[requires(api::users.read)]
//! async fn list() -> &'static str {
//!     "[]"
//! }
//!
//! #[requires(api::users.write)]
//! async fn delete() {}
//!
//! fn grant(token: &str) -> Option<api::Grant> {
//!     let (scopes, account) = token.split_once(" of ")?;
//!     api::Grant::new(scopes.parse().ok()?).for_tenant(account).ok()
//! }
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let router = Router::new()
//!     .route("/accounts/{account}/users", get(list))
//!     .route("/accounts/{account}/users/{user}", axum::routing::delete(delete));
//! let verifier = verifier_fn(|token: String| async move {
//!     Ok::<_, VerifyError>(grant(&token.replace('-', " ")))
//! });
//! let app = api::gate(router).layer(Authenticate::<api::Scope>::new(verifier));
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! let address = listener.local_addr()?;
//! tokio::spawn(async move { axum::serve(listener, app.into_make_service()).await });
//!
//! // It blocks: a thread of its own where the server shares the runtime.
//! let report = tokio::task::spawn_blocking(move || {
//!     let mut conformance = Conformance::new(address, &api::CATALOGUE);
//!     for token in ["users.read-of-A1", "users.write-of-A1", "users.write-of-A2"] {
//!         conformance = conformance.token(token, grant(&token.replace('-', " ")).unwrap());
//!     }
//!     conformance.run()
//! });
//! report.await?.assert_complete();
//! # Ok(()) }
//! ```
//!
//! # What it cannot see
//!
//! From outside an answer does not tell which handler gave it. Without more, a success counts as a handler that ran. To a path
//! as it is declared that is a breach if the caller lacks what its route needs. To a path spelled otherwise it is one only if by
//! *no* reading of the target the caller may reach anything: `/users/%65xport` by a caller who may read `/users/{id}` is not
//! held against a server that decodes, although it may have run `/users/export`. Let handlers name themselves
//! ([`handler_header`](Conformance::handler_header), best from a layer around each in your tests), or ask your test's own records
//! ([`reached`](Conformance::reached)), and the judgement is exact.
//!
//! Nor does an error tell whether a handler gave it: one that runs for everybody and finds no user `1`, or nothing it needs in
//! the body `{}`, looks like a refusal. Callers who may get the same answer, and so the route is in the report as not reached:
//! [`assert_complete`](Report::assert_complete) fails then. Say what is there, by [`value`](Conformance::value) and
//! [`body_of`](Conformance::body_of), or let handlers name themselves.
//!
//! It says nothing about what handlers do: on `#[unbound]` routes they compare the owner themselves, after they have run.
//!
//! Only ever point it at a server made for the test. Requests by callers who may do run their handlers, `DELETE` among them.
//! It speaks HTTP/1.1 without TLS.

mod client;
mod corpus;
mod derive;
mod judge;
mod plan;
mod readings;
mod report;
mod spelled;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use scopes_core::{Access, Scope};

use self::client::{Client, Outcome};
use self::plan::Planned;
use crate::{Catalogue, Grant};

pub use self::client::Answer;
pub use self::corpus::ATTACKS;
pub use self::judge::Reached;
pub use self::report::{Breach, Class, Report, Unreached};

/// After so many requests without an answer in time the server is given up.
const MAX_UNANSWERED: usize = 5;

/// Attacks on one server: see the [module](self).
#[must_use = "nothing is sent before `run`"]
pub struct Conformance<S: Scope> {
    address: SocketAddr,
    catalogue: Catalogue<S>,
    base: String,
    tokens: Vec<Token<S>>,
    values: BTreeMap<String, String>,
    body: (String, String),
    bodies: BTreeMap<&'static str, (String, String)>,
    probe: judge::Probe,
    skipped: Vec<&'static str>,
    limit: Duration,
}

struct Token<S: Scope> {
    raw: String,
    grant: Grant<S>,
}

impl<S: Scope> Conformance<S> {
    /// Attacks on the server at this address, which serves this catalogue.
    pub fn new(address: SocketAddr, catalogue: &Catalogue<S>) -> Self {
        Self {
            address,
            catalogue: *catalogue,
            base: catalogue.untyped().base().to_owned(),
            tokens: Vec::new(),
            values: BTreeMap::new(),
            body: ("application/json".to_owned(), "{}".to_owned()),
            bodies: BTreeMap::new(),
            probe: judge::Probe::Success,
            skipped: Vec::new(),
            limit: Duration::from_secs(5),
        }
    }

    /// A token that the server knows, and what it stands for.
    ///
    /// Give several: every right to some routes and none to others, and the same rights for two tenants. A route that no token
    /// may reach is listed as not reached; what no token lacks is not tried.
    pub fn token(mut self, raw: impl Into<String>, grant: Grant<S>) -> Self {
        self.tokens.push(Token { raw: raw.into(), grant });
        self
    }

    /// The value of a path's parameter of this name, in place of `1`: something that is there, percent-encoded where a path has
    /// to be. The tenant's comes from the tokens.
    pub fn value(mut self, parameter: impl Into<String>, value: impl Into<String>) -> Self {
        self.values.insert(parameter.into(), value.into());
        self
    }

    /// The body of `POST`, `PUT` and `PATCH`, in place of `{}` as JSON, where [`body_of`](Self::body_of) does not say more.
    pub fn body(mut self, content_type: impl Into<String>, body: impl Into<String>) -> Self {
        self.body = (content_type.into(), body.into());
        self
    }

    /// The body of one route, by the route's name: what its handler takes, so that a caller who may reaches it.
    ///
    /// # Panics
    /// If the catalogue has no route of this name.
    #[track_caller]
    pub fn body_of(mut self, route: &str, content_type: impl Into<String>, body: impl Into<String>) -> Self {
        let found = self.catalogue.routes().find(|known| known.name() == route);
        let Some(found) = found else {
            panic!("no route of catalogue `{}` is named `{route}`", self.catalogue.untyped().name())
        };
        self.bodies.insert(found.name(), (content_type.into(), body.into()));
        self
    }

    /// Where the API is mounted, if not at the catalogue's base.
    pub fn mounted_at(mut self, base: impl Into<String>) -> Self {
        self.base = base.into();
        self
    }

    /// Handlers name themselves in this header of their answers: by the route's name, or by method and template
    /// (`GET /accounts/{account}/users`). An answer without it is nobody's.
    pub fn handler_header(mut self, name: impl Into<String>) -> Self {
        let tenant = match self.probe {
            judge::Probe::Headers { tenant, .. } => tenant,
            _ => None,
        };
        self.probe = judge::Probe::Headers { handler: name.into(), tenant };
        self
    }

    /// With [`handler_header`](Self::handler_header): this header of the same answers says which tenant the handler worked for.
    /// Without it, the tenants are those that the target may be read to name.
    pub fn tenant_header(mut self, name: impl Into<String>) -> Self {
        let name = name.into();
        self.probe = match self.probe {
            judge::Probe::Headers { handler, .. } => judge::Probe::Headers { handler, tenant: Some(name) },
            _ => judge::Probe::Headers { handler: "x-handler".to_owned(), tenant: Some(name) },
        };
        self
    }

    /// Decides by a function of yours whether an answer means that a handler ran, and which. It is called once for each request,
    /// also if there is no answer ([`Answer::status`] is 0), one after another: a test may look into its own records.
    pub fn reached<R: Into<Reached>>(mut self, probe: impl Fn(&Answer) -> R + Send + Sync + 'static) -> Self {
        self.probe = judge::Probe::Function(Box::new(move |answer| probe(answer).into()));
        self
    }

    /// Leaves out the requests of a class, by its name in the report: `credentials` for a server that takes tokens from the query
    /// on purpose.
    pub fn without(mut self, class: &'static str) -> Self {
        self.skipped.push(class);
        self
    }

    /// How long one answer may take, in place of five seconds.
    pub const fn time_limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Sends everything, one request after another, and reports. First all those that must be refused, then those of callers who
    /// may, what changes least first.
    ///
    /// It blocks its thread: in a test of tokio's with one thread, on which the server runs too, nothing would ever be answered.
    /// There it belongs into `spawn_blocking`. A single answer takes no longer than the [`time_limit`](Self::time_limit), and after
    /// five requests without one the server is given up.
    #[must_use]
    pub fn run(&self) -> Report {
        let mut run =
            Run { conformance: self, client: Client::new(self.address, self.limit), report: Report::default() };
        let mut routes: Vec<_> = self.catalogue.routes().collect();
        routes.sort_by_key(|route| {
            ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"].iter().position(|method| *method == route.method())
        });
        let mut rightful = Vec::new();
        for (index, route) in routes.iter().enumerate() {
            // What is only long is long on every route.
            let mut by_route = Vec::new();
            for planned in self.planned(*route, index == 0) {
                if self.skipped.contains(&planned.trick.class) {
                    continue;
                }
                if planned.right {
                    by_route.push(planned);
                } else if run.send(&planned).is_none() {
                    return run.report;
                }
            }
            rightful.push((*route, by_route));
        }
        for (route, requests) in rightful {
            let needs_token = matches!(route.access(), Access::Scoped | Access::Authenticated(_));
            run.report.need_token += usize::from(needs_token);
            let mut reason = if needs_token { "no token may" } else { "nothing was sent" }.to_owned();
            let mut reached = false;
            for planned in &requests {
                let Some((ran, status)) = run.send(planned) else { return run.report };
                reached |= judge::is_of(&ran, route);
                reason = match ran {
                    Reached::Handler { route, .. } => format!("`{}` ran, answered {status}", self.text(&route)),
                    Reached::Nothing | Reached::Something => format!("answered {status}"),
                };
            }
            if reached {
                run.report.reached += 1;
                run.report.reached_by_token += usize::from(needs_token);
            } else {
                run.report.unreached.push(Unreached { route: route.to_string(), reason });
            }
        }
        run.report
    }
}

/// Requests on their way.
struct Run<'c, S: Scope> {
    conformance: &'c Conformance<S>,
    client: Client,
    report: Report,
}

impl<S: Scope> Run<'_, S> {
    /// What ran, and the status; `None` if it is of no use to go on.
    fn send(&mut self, planned: &Planned) -> Option<(Reached, u16)> {
        let bytes = self.conformance.bytes(planned);
        let answer = match self.client.send(&bytes, &planned.trick.method) {
            Ok(Outcome::Answered(answer)) => answer,
            Ok(Outcome::Closed) => Answer::default(),
            Ok(Outcome::Silent) => {
                self.report.unanswered.push(self.conformance.shown(planned));
                Answer::default()
            }
            Err(error) => {
                self.report.stopped = Some(format!("there is no connection to {}: {error}", self.conformance.address));
                return None;
            }
        };
        let ran = self.conformance.probe.ask(&answer, &planned.trick.method);
        let breach = self.conformance.judge(planned, &ran).map(|reason| Breach {
            class: planned.trick.class,
            request: self.conformance.shown(planned),
            caller: self.conformance.caller(planned),
            status: answer.status,
            reason,
        });
        self.report.count(planned.trick.class, ran != Reached::Nothing, breach);
        if self.report.unanswered.len() == MAX_UNANSWERED {
            let limit = self.conformance.limit;
            self.report.stopped = Some(format!("{MAX_UNANSWERED} requests had no answer within {limit:?}"));
            return None;
        }
        Some((ran, answer.status))
    }
}

impl<S: Scope> Conformance<S> {
    /// The request as it goes over the wire.
    fn bytes(&self, planned: &Planned) -> Vec<u8> {
        let trick = &planned.trick;
        let mut head = format!("{} ", trick.method).into_bytes();
        head.extend(&trick.target);
        head.extend(format!(" HTTP/1.1\r\nHost: {}\r\n", self.address).into_bytes());
        for line in &trick.headers {
            head.extend(line.as_bytes());
            head.extend(b"\r\n");
        }
        if let Some(token) = planned.caller.and_then(|number| self.tokens.get(number)) {
            head.extend(format!("Authorization: Bearer {}\r\n", token.raw).into_bytes());
        }
        let (content_type, body) = match trick.form {
            Some(form) => ("application/x-www-form-urlencoded", form),
            None if matches!(&*trick.method, "POST" | "PUT" | "PATCH") => {
                let (content_type, body) = self.bodies.get(planned.route.name()).unwrap_or(&self.body);
                (&**content_type, &**body)
            }
            None => ("", ""),
        };
        if content_type.is_empty() {
            head.extend(b"\r\n");
        } else {
            head.extend(
                format!("Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes(),
            );
        }
        head
    }

    /// The request for people: no token, no byte that a terminal takes for more than text.
    fn shown(&self, planned: &Planned) -> String {
        let trick = &planned.trick;
        // Redacted before it is escaped: a token may hold what is.
        let target = match std::str::from_utf8(&trick.target) {
            Ok(target) => self.redacted(target).as_bytes().escape_ascii().to_string(),
            Err(_) => self.redacted(&trick.target.escape_ascii().to_string()),
        };
        let mut shown = format!("{} {}", trick.method, short(target));
        for line in trick.headers.iter().map(String::as_str).chain(trick.form) {
            shown += ", ";
            shown += &self.text(line);
        }
        shown
    }

    /// What came from elsewhere, for people.
    fn text(&self, text: &str) -> String {
        short(self.redacted(text).escape_debug().to_string())
    }

    /// Without tokens, nor all of a token but its end.
    fn redacted(&self, text: &str) -> String {
        let mut tokens: Vec<&str> = Vec::new();
        for token in &self.tokens {
            tokens.push(&token.raw);
            tokens.extend(token.raw.char_indices().next_back().map(|(end, _)| &token.raw[..end]));
        }
        tokens.retain(|token| !token.is_empty());
        // The longest first: one may be the beginning of another.
        tokens.sort_by_key(|token| std::cmp::Reverse(token.len()));
        tokens.into_iter().fold(text.to_owned(), |text, token| text.replace(token, "<token>"))
    }

    /// Who sends it, for people.
    fn caller(&self, planned: &Planned) -> String {
        let Some(token) = planned.caller.and_then(|number| self.tokens.get(number)) else { return "nobody".to_owned() };
        let scopes = token.grant.scopes().to_string();
        let tenants: Vec<&str> = token.grant.tenants().iter().collect();
        let scopes = if scopes.is_empty() { "no scope".to_owned() } else { format!("`{scopes}`") };
        match (token.grant.tenants(), tenants.join("`, `")) {
            (scopes_core::Tenants::Any, _) => format!("a token of {scopes} for any tenant"),
            (_, tenants) if tenants.is_empty() => format!("a token of {scopes}"),
            (_, tenants) => format!("a token of {scopes} for `{tenants}`"),
        }
    }
}

/// Enough to know it by.
fn short(text: String) -> String {
    match text.char_indices().nth(120) {
        Some((end, _)) => format!("{}.. ({} characters)", &text[..end], text.chars().count()),
        None => text,
    }
}

/// Shows no token.
impl<S: Scope> fmt::Debug for Conformance<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conformance")
            .field("address", &self.address)
            .field("catalogue", &self.catalogue)
            .field("base", &self.base)
            .field("tokens", &self.tokens.len())
            .field("values", &self.values)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
