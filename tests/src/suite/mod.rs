//! The cases of the conformance suite: the same for every server under test.

mod access;
mod anonymous;
mod attacks;
mod clients;
mod derived;
pub mod grpc;
mod layers;
mod methods;
mod mounts;
mod remedies;
mod retiring;
mod routes;
mod sources;
mod tenants;
mod wire;

use std::fmt::{Debug, Display};

use scopes::{Access, Route, ScopeSet};
use scopes_core::Term;

use crate::client::{Answer, Client, Request, raw};
use crate::server::{Holder, Journal, Kit, Running, Seen, Served, ServerUnderTest, Tokens};
use crate::tokens::ANY_TENANT;

/// The outcome of one group of cases on one server.
#[derive(Clone, Debug)]
pub struct Group {
    /// What the cases are about.
    pub name: &'static str,
    /// The number of cases.
    pub cases: usize,
    /// Descriptions of the cases that failed.
    pub failures: Vec<String>,
    /// Descriptions of the cases that the framework cannot set up, according to its `Facts`.
    pub impossible: Vec<&'static str>,
    /// Remarks about correct but unusual results.
    pub remarks: Vec<String>,
    /// Why a group has no cases on this server, if none apply.
    pub not_applicable: Option<&'static str>,
}

impl Group {
    fn new(name: &'static str) -> Self {
        Self { name, cases: 0, failures: Vec::new(), impossible: Vec::new(), remarks: Vec::new(), not_applicable: None }
    }

    /// A group that does not apply to this kind of server.
    fn not_applicable(name: &'static str, why: &'static str) -> Self {
        Self { not_applicable: Some(why), ..Self::new(name) }
    }

    /// Checks one case.
    fn check(&mut self, holds: bool, what: impl FnOnce() -> String) {
        self.cases += 1;
        if !holds {
            self.failures.push(what());
        }
    }

    /// Notes cases that cannot be set up.
    fn impossible(&mut self, what: &'static str) {
        if !self.impossible.contains(&what) {
            self.impossible.push(what);
        }
    }

    /// Checks one case by comparison.
    fn equal<T: PartialEq + Debug>(&mut self, found: T, expected: T, what: impl Display) {
        let holds = found == expected;
        self.check(holds, move || format!("{what}: found {found:?}, expected {expected:?}"));
    }
}

/// Runs all groups of cases on one server, in a fixed order.
pub async fn run<T: ServerUnderTest>() -> Vec<Group> {
    vec![
        routes::group::<T>().await,
        access::group::<T>().await,
        methods::group::<T>().await,
        mounts::group::<T>().await,
        layers::group::<T>().await,
        tenants::group::<T>().await,
        wire::group::<T>().await,
        sources::group::<T>().await,
        anonymous::group::<T>().await,
        retiring::group::<T>().await,
        remedies::group::<T>().await,
        clients::group::<T>().await,
        attacks::corpus::<T>().await,
        attacks::escalations::<T>().await,
        derived::group::<T>().await,
        derived::overlaps::<T>().await,
    ]
}

/// A running server, its client, and the records of its handlers.
struct Session {
    running: Running,
    client: Client,
    tokens: Tokens,
    journal: Journal,
}

/// An answer, and the handlers that ran for it.
struct Asked {
    answer: Answer,
    seen: Vec<Seen>,
}

impl Session {
    async fn start<T: ServerUnderTest, S: Served>(kit: Kit<S>) -> Self {
        let (tokens, journal) = (kit.tokens.clone(), kit.journal.clone());
        let running = T::start(kit).await;
        Self { client: Client::new(running.address()), running, tokens, journal }
    }

    /// Sends a request on the kept connection.
    async fn ask(&mut self, request: &Request) -> Asked {
        let answer = self.client.send(request).await;
        Asked { answer, seen: self.journal.take() }
    }

    /// Sends bytes on a new connection.
    async fn raw(&mut self, bytes: &[u8]) -> (Option<Answer>, Vec<Seen>) {
        (raw(self.running.address(), bytes).await, self.journal.take())
    }

    fn token(&self, scopes: &[&str], tenants: &[&str]) -> String {
        self.tokens.issue(Holder::new("person", scopes, tenants))
    }

    /// Returns the status, and the name of the route whose handler ran.
    async fn outcome(&mut self, method: &str, target: &str, token: Option<&str>) -> (u16, Option<&'static str>) {
        let mut request = Request::new(method, target);
        if let Some(token) = token {
            request = request.token(token);
        }
        if matches!(method, "POST" | "PUT") {
            request = request.body("body");
        }
        let Asked { answer, seen } = self.ask(&request).await;
        (answer.status, seen.first().map(|seen| seen.route))
    }
}

/// Whether this handler may run for this caller: the caller holds its scopes, and the grant covers
/// the tenant that the handler saw.
fn is_sound<S: Served>(seen: &Seen, holder: Option<&Holder>) -> bool {
    let Some(route) = route::<S>(seen) else { return false };
    match (route.access(), holder) {
        (Access::Public(_) | Access::External(_), _) => true,
        (Access::Authenticated(_), holder) => holder.is_some(),
        (Access::Scoped, None) => false,
        (Access::Scoped, Some(holder)) => {
            let held = ScopeSet::<S>::lossy(&holder.scopes).known.closure();
            let tenant = tenant_position(route).map(|index| seen.parameters.get(index).map(|(_, value)| value));
            let tenant_is_theirs = match tenant {
                None => true,
                Some(None) => false,
                Some(Some(value)) => {
                    let holds = holder.tenants.iter().any(|tenant| tenant == value || tenant == ANY_TENANT);
                    holds && seen.tenant.as_ref() == Some(value)
                }
            };
            route.requirement().satisfied_by(held.as_words())
                && tenant_is_theirs
                && seen.permits_route == Some(seen.route)
                && seen.subject.as_ref() == Some(&holder.subject)
        }
    }
}

fn route<S: Served>(seen: &Seen) -> Option<Route<'static>> {
    S::catalogue().routes().find(|route| route.name() == seen.route)
}

fn tenant_position(route: Route<'_>) -> Option<usize> {
    let tenant = route.tenant_parameter()?;
    route.parameters().position(|parameter| parameter.name() == tenant.name())
}

/// Makes a path of the route below `base`, with the tenant's value and, for other parameters, the
/// result of `value`.
fn path(route: Route<'_>, base: &str, tenant: &str, value: impl Fn(&str) -> String) -> String {
    let tenant_name = route.tenant_parameter().map(scopes::Parameter::name);
    let mut path = String::from(base);
    for segment in route.path().split('/').skip(1) {
        path.push('/');
        match (segment.find('{'), segment.find('}')) {
            (Some(start), Some(end)) => {
                let name = segment[start + 1..end].trim_start_matches('*');
                path.push_str(&segment[..start]);
                path.push_str(&if Some(name) == tenant_name { tenant.to_owned() } else { value(name) });
                path.push_str(&segment[end + 1..]);
            }
            _ => path.push_str(segment),
        }
    }
    path
}

/// Scopes that do not satisfy the route, even together.
fn wrong_scopes<S: scopes::Scope>(route: Route<'_>) -> Vec<&'static str> {
    let grants_nothing_of_it = |scope: &S| {
        let closure = ScopeSet::from(*scope).closure();
        !route.requirement().iter().flat_map(Term::ids).filter_map(S::from_id).any(|id| closure.contains(id))
    };
    ScopeSet::<S>::all().iter().filter(grants_nothing_of_it).map(S::as_str).collect()
}

/// The scopes of the route's first alternative.
fn right_scopes<S: scopes::Scope>(route: Route<'_>) -> Vec<&'static str> {
    let term = route.requirement().iter().next();
    term.into_iter().flat_map(Term::ids).filter_map(S::from_id).map(S::as_str).collect()
}
