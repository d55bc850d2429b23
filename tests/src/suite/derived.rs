//! What users get as `scopes::conformance`, on our own servers: attacks derived from every route, judged by what the handlers
//! themselves saw.

use scopes::conformance::{Conformance, Reached, Report};
use scopes::{Grant, ScopeSet};

use super::{Group, Session, route, tenant_position};
use crate::catalogues::kinds::api::{self, Scope};
use crate::server::{Holder, Journal, Kit, ServerUnderTest};

pub(super) async fn group<T: ServerUnderTest>() -> Group {
    let mut group = Group::new("derived attacks");
    let session = Session::start::<T, Scope>(Kit::new::<T>()).await;
    let mut conformance =
        Conformance::new(session.running.address(), &api::CATALOGUE).value("item", "E1.7").body("text/plain", "body");
    for (scopes, tenant) in [
        ("items.read items.probe", "E1"),
        ("items.write items.export reports.read", "E1"),
        ("items.read items.write items.export items.probe reports.read", "E2"),
    ] {
        let names: Vec<&str> = scopes.split(' ').collect();
        let token = session.tokens.issue(Holder::new("attacker", &names, &[tenant]));
        let grant = Grant::<Scope>::new(ScopeSet::lossy(&names).known).for_tenant(tenant).expect("a tenant");
        conformance = conformance.token(token, grant);
    }
    let journal = session.journal.clone();
    let conformance = conformance.reached(move |_| ran(&journal));
    let report = tokio::task::spawn_blocking(move || conformance.run()).await.expect("no panic");
    account(&mut group, &report);
    group
}

/// The handlers' own word for it: which ran, and for which tenant by its own parameter.
fn ran(journal: &Journal) -> Reached {
    match &*journal.take() {
        [] => Reached::Nothing,
        [seen] => {
            let position = route::<Scope>(seen).and_then(tenant_position);
            let tenant = position.map(|index| seen.parameters.get(index).map_or("", |(_, value)| value).to_owned());
            Reached::Handler { route: seen.route.to_owned(), tenant }
        }
        several => Reached::Handler { route: format!("{} handlers", several.len()), tenant: None },
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
