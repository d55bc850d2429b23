//! Many clients at once, other spellings of a method's path, and the attacks of
//! `scopes-conformance`.

use scopes::{Grant, ScopeSet};
use scopes_conformance::{Conformance, Reached};
use tokio::task::JoinSet;
use tonic::Code;

use super::{Group, LIST, Session, call, channel, send};
use crate::server::{Holder, Journal};
use crate::servers::tonic::Setup;
use crate::servers::tonic::api::{CATALOGUE, Scope};

pub(super) async fn many_clients(setup: Setup) -> Group {
    let mut group = Group::new("200 clients");
    let session = Session::start(setup).await;
    let mut clients = JoinSet::new();
    for number in 0..200 {
        let (subject, environment) = (format!("client-{number}"), format!("E{number}"));
        let holder = |scope: &str, tenant: &str| Holder::new(&subject, &[scope], &[tenant]);
        let (token, code) = match number % 4 {
            0 => (session.setup.tokens.issue(holder("items.read", &environment)), Code::Ok),
            1 => (format!("tok_{}", 1_000_000 + number), Code::Unauthenticated),
            2 => (session.setup.tokens.issue(holder("items.write", &environment)), Code::PermissionDenied),
            _ => (session.setup.tokens.issue(holder("items.read", "E0")), Code::PermissionDenied),
        };
        // Ten clients share a connection, as in practice.
        let channel = if number % 10 == 0 { channel(&session.running).await } else { session.channel.clone() };
        clients.spawn(async move {
            let mut faults = Vec::new();
            for round in 0..5 {
                let answer = call(channel.clone(), LIST, &[format!("Bearer {token}")], &environment).await;
                let right = match &answer {
                    Ok(text) => code == Code::Ok && *text == format!("list by {subject} in {environment}"),
                    Err(status) => status.code() == code,
                };
                if !right {
                    faults.push(format!("{subject}, round {round}: {answer:?}"));
                }
            }
            faults
        });
    }
    while let Some(faults) = clients.join_next().await {
        group.cases += 5;
        group.failures.extend(faults.expect("a client ends"));
    }
    let seen = session.setup.journal.take();
    group.equal(seen.len(), 250, "methods that ran");
    group.check(
        seen.iter().all(|seen| seen.subject.as_deref().map(|name| name.replace("client-", "E")) == seen.tenant),
        || format!("{seen:?}"),
    );
    group
}

/// Other spellings of a method's path, over HTTP/2. None of them is a method.
pub(super) async fn escalations(setup: Setup) -> Group {
    let mut group = Group::new("escalations");
    let session = Session::start(setup).await;
    let reader = session.token(&["items.read"], &["E1"]);
    let writer = session.token(&["items.write"], &["E1"]);
    for target in [
        "/suite.Items/Create/",
        "//suite.Items/Create",
        "/suite.Items//Create",
        "/suite.Items/./Create",
        "/suite.Items/x/../Create",
        "/suite.Items/%43reate",
        "/suite.Items%2FCreate",
        "/suite%2EItems/Create",
        "/SUITE.Items/Create",
        "/suite.Items/create",
        "/suite.Items/Create;x=1",
        "/suite.Items;x/Create",
        "/suite.Items/Create%00",
        "/suite.Items/Create%20",
        "/suite.Items/Create.",
        "/suite.Items/List/../Create",
        "/suite.Items/List%2F..%2FCreate",
        "/suite.Items/Create%2F",
        "/.suite.Items/Create",
        "/suite.Items/",
        "/suite.Items",
        "/",
        "/*/Create",
        "/suite.Items/Create/List",
        "/suite.Items/%2543reate",
    ] {
        for token in [None, Some(&*reader), Some(&*writer)] {
            let found = send(&session, "POST", target, token).await;
            let seen = session.setup.journal.take();
            group.check(seen.is_empty() && found.1 != Some(Code::Ok) && found.0 != 1, || {
                format!("{target} with {token:?}: {found:?} {seen:?}")
            });
        }
    }
    for (target, token, ran) in [
        ("/suite.Items/Create", &writer, &["create"][..]),
        ("/suite.Items/Create?x=/suite.Items/List", &writer, &["create"]),
        ("/suite.Items/Create?x=/suite.Items/List", &reader, &[]),
    ] {
        send(&session, "POST", target, Some(token)).await;
        let seen: Vec<_> = session.setup.journal.take().iter().map(|seen| seen.route).collect();
        group.equal(&*seen, ran, target);
    }
    group
}

/// Sent over HTTP/1.1, which the server accepts too, because HTTP/2 libraries do not send broken
/// targets.
pub(super) async fn derived(setup: Setup) -> Group {
    let mut group = Group::new("derived attacks");
    let session = Session::start(setup).await;
    let mut conformance =
        Conformance::new(session.running.address(), &CATALOGUE).body("application/grpc", "\0\0\0\0\x02E1");
    for scopes in ["items.read", "items.write items.export", "items.read items.write items.export reports.read"] {
        let names: Vec<&str> = scopes.split(' ').collect();
        let grant = Grant::<Scope>::new(ScopeSet::lossy(&names).known).for_tenant("E1").expect("a tenant");
        conformance = conformance.token(session.token(&names, &["E1"]), grant);
    }
    let journal = session.setup.journal.clone();
    let conformance = conformance.reached(move |_| ran(&journal));
    let report = tokio::task::spawn_blocking(move || conformance.run()).await.expect("no panic");
    group.cases += report.requests;
    group.failures.extend(report.breaches.iter().map(ToString::to_string));
    let unreached: Vec<_> = report.unreached.iter().map(|route| &*route.route).collect();
    group.equal(unreached, vec!["GET /environments/{environment}/items"], "what no caller reached");
    group.check(report.is_clean(), || report.to_string());
    group
}

fn ran(journal: &Journal) -> Reached {
    match &*journal.take() {
        [] => Reached::Nothing,
        [seen] => Reached::Handler { route: seen.route.to_owned(), tenant: seen.tenant.clone() },
        several => Reached::Handler { route: format!("{} methods", several.len()), tenant: None },
    }
}
