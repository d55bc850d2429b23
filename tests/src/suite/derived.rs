//! Runs `scopes-conformance`, which users get too, on our own servers: attacks derived from every
//! route, judged by what the handlers themselves saw.

use scopes::{Catalogue, Grant, ScopeSet};
use scopes_conformance::{Conformance, Reached, Report, TokenPlace};

use super::{Group, Session, route, tenant_position};
use crate::catalogues::{kinds, open_shapes, shapes};
use crate::server::{Holder, Journal, Kit, Seen, Served, ServerUnderTest};
use crate::tokens::anonymous;

/// Every kind of route.
pub(super) async fn group<T: ServerUnderTest>() -> Group {
    let mut group = Group::new("derived attacks");
    let callers = [
        ("items.read items.probe", "E1"),
        ("items.write items.export reports.read", "E1"),
        ("items.read items.write items.export items.probe reports.read", "E2"),
    ];
    let (catalogue, bearer) = (&kinds::api::CATALOGUE, [TokenPlace::Bearer]);
    let report = attacked::<T, _>(catalogue, &callers, &bearer, reached::<kinds::api::Scope>, &[]).await;
    account(&mut group, &report);
    let key = TokenPlace::Header("X-Api-Key".to_owned());
    let places = [TokenPlace::Bearer, key, TokenPlace::Cookie("__Host-session".to_owned()), TokenPlace::Basic];
    let report = attacked::<T, _>(catalogue, &callers, &places, reached::<kinds::api::Scope>, &OF_PATHS).await;
    account(&mut group, &report);
    let forged = report.classes.iter().find(|class| class.name == "other sites").map_or(0, |class| class.requests);
    group.check(forged > 30, || format!("only {forged} requests of other sites"));
    let kit = Kit { anonymous: &["items.read"], ..Kit::new::<T>() };
    let report =
        attacked_with::<T, _>(kit, catalogue, &callers, &bearer, reached::<kinds::api::Scope>, &OF_PATHS).await;
    account(&mut group, &report);
    group
}

/// Routes whose paths other routes match too. There, a handler's parameters say what it does: the
/// handler of `/files/{*path}` that gets `secret/1` opens the secret.
pub(super) async fn overlaps<T: ServerUnderTest>() -> Group {
    let mut group = Group::new("overlaps");
    let all = "users.read users.write users.cancel users.export files.read secrets.read items.read items.all";
    let callers = [
        ("users.read users.write files.read items.read", "E1"),
        ("users.export users.cancel secrets.read", "E1"),
        ("items.read", "all"),
        (all, "E1"),
        (all, "E2"),
    ];
    let catalogue = &shapes::api::CATALOGUE;
    let bearer = [TokenPlace::Bearer];
    let report = attacked::<T, _>(catalogue, &callers, &bearer, meant::<shapes::api::Scope>, &PLAYED_ALREADY).await;
    account_overlaps(&mut group, &report);
    if !T::FACTS.judges_public {
        group.impossible("the check of requests for public handlers: without a gate nothing judges them");
        return group;
    }
    let catalogue = &open_shapes::api::CATALOGUE;
    let callers = [("originals.read", "E1"), ("reports.read", "E1"), ("originals.read reports.read", "E1")];
    let report =
        attacked::<T, _>(catalogue, &callers, &bearer, meant::<open_shapes::api::Scope>, &PLAYED_ALREADY).await;
    account_overlaps(&mut group, &report);
    group
}

/// For each pair of routes, one caller may reach only the wider one, so every pair could fail the
/// test.
fn account_overlaps(group: &mut Group, report: &Report) {
    account(group, report);
    let untried = report.untried.iter().filter(|untried| untried.class == "narrower routes");
    group.equal(untried.map(|untried| &*untried.route).collect(), Vec::<&str>::new(), "pairs that were not tried");
    let tried = |class| report.classes.iter().any(|found| found.name == class && found.requests > 0);
    for class in ["text beside", "narrower routes", "escaped literals"] {
        group.check(tried(class), || format!("nothing was sent of {class}"));
    }
}

/// Tricks that are the same on every path. They are already played on the catalogue with every kind
/// of route.
const PLAYED_ALREADY: [&str; 12] = [
    "slashes",
    "dots",
    "detours",
    "semicolons",
    "endings",
    "target forms",
    "headers",
    "credentials",
    "repeated tokens",
    "query tokens",
    "body tokens",
    "corpus",
];

/// Classes of requests that do not depend on a token's place.
const OF_PATHS: [&str; 17] = [
    "encoded letters",
    "slashes",
    "dots",
    "detours",
    "semicolons",
    "case",
    "endings",
    "target forms",
    "methods",
    "headers",
    "two tenants",
    "tenant case",
    "version and host",
    "content types",
    "query tokens",
    "body tokens",
    "corpus",
];

/// Attacks by callers who each have a token in each of these places.
async fn attacked<T: ServerUnderTest, S: Served>(
    catalogue: &Catalogue<S>,
    callers: &[(&str, &str)],
    places: &[TokenPlace],
    reached: fn(&Seen) -> Reached,
    left_out: &[&'static str],
) -> Report {
    let kit = Kit { every_source: places.len() > 1, ..Kit::new::<T>() };
    attacked_with::<T, S>(kit, catalogue, callers, places, reached, left_out).await
}

async fn attacked_with<T: ServerUnderTest, S: Served>(
    kit: Kit<S>,
    catalogue: &Catalogue<S>,
    callers: &[(&str, &str)],
    places: &[TokenPlace],
    reached: fn(&Seen) -> Reached,
    left_out: &[&'static str],
) -> Report {
    let anonymous = anonymous(kit.anonymous);
    let session = Session::start::<T, S>(kit).await;
    let mut conformance = Conformance::new(session.running.address(), catalogue).body("text/plain", "body");
    if let Some(anonymous) = anonymous {
        conformance = conformance.anonymous(anonymous);
    }
    if catalogue.routes().any(|route| route.parameters().any(|parameter| parameter.name() == "item")) {
        conformance = conformance.value("item", "E1.7");
    }
    for (scopes, tenant) in callers {
        let names: Vec<&str> = scopes.split_whitespace().collect();
        for place in places {
            let token = session.tokens.issue(Holder::new("attacker", &names, &[tenant]));
            let grant = Grant::<S>::new(ScopeSet::lossy(&names).known).for_tenant(tenant).expect("a tenant");
            let token = if *place == TokenPlace::Basic { format!("person:{token}") } else { token };
            conformance = conformance.token_in(place.clone(), token, grant);
        }
    }
    conformance = left_out.iter().copied().fold(conformance, Conformance::without);
    let journal = session.journal.clone();
    let conformance = conformance.reached(move |_| ran(&journal, reached));
    tokio::task::spawn_blocking(move || conformance.run()).await.expect("no panic")
}

fn ran(journal: &Journal, reached: fn(&Seen) -> Reached) -> Reached {
    match &*journal.take() {
        [] => Reached::Nothing,
        [seen] => reached(seen),
        several => Reached::Handler { route: format!("{} handlers", several.len()), tenant: None },
    }
}

/// Which handler ran, and for which tenant, according to the handler's own parameters.
fn reached<S: Served>(seen: &Seen) -> Reached {
    let position = route::<S>(seen).and_then(tenant_position);
    let tenant = position.map(|index| seen.parameters.get(index).map_or("", |(_, value)| value).to_owned());
    Reached::Handler { route: seen.route.to_owned(), tenant }
}

/// The route of the path that the handler's parameters make.
fn meant<S: Served>(seen: &Seen) -> Reached {
    let Some(own) = route::<S>(seen) else { return Reached::Something };
    let mut values = seen.parameters.iter().map(|(_, value)| value.as_str());
    let segments = own.path().split('/').map(|segment| match (segment.find('{'), segment.find('}')) {
        (Some(start), Some(end)) => {
            // A raw `?` would begin a query.
            let value = values.next().unwrap_or_default().replace('?', "%3F");
            format!("{}{value}{}", &segment[..start], &segment[end + 1..])
        }
        _ => segment.to_owned(),
    });
    let path = segments.collect::<Vec<_>>().join("/");
    match S::catalogue().at(own.method(), path.as_bytes()) {
        Ok(found) if found.route() != own => {
            let tenant = found.tenant().map(std::borrow::Cow::into_owned);
            Reached::Handler { route: found.route().name().to_owned(), tenant }
        }
        _ => reached::<S>(seen),
    }
}

fn account(group: &mut Group, report: &Report) {
    group.cases += report.requests;
    group.failures.extend(report.breaches.iter().map(ToString::to_string));
    group
        .failures
        .extend(report.unreached.iter().map(|route| format!("{} was not reached: {}", route.route, route.reason)));
    group.check(report.is_clean(), || report.to_string());
}
