//! Lines of recorders and of access logs. Clients of an API choose a part of each.

use std::sync::OnceLock;

use scopes_core::{Access, RouteId, ScopeId, UntypedCatalogue};
use scopes_export::json::from_json;
use scopes_export::usage::{
    Evidence, EvidenceError, LONGEST_LINE, LogFormat, Members, Outcome, Unused, Usage, minimum,
};

use crate::reached::reach;

fn catalogue() -> &'static UntypedCatalogue {
    static CATALOGUE: OnceLock<UntypedCatalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        from_json(
            r#"{
                "name": "api",
                "scopes": [
                    {"scope": "users.read", "was": ["old.read"], "routes": [["GET", "/users"], ["GET", "/users/{id}"]]},
                    {"scope": "users.write", "routes": [["POST", "/users"]]},
                    {"scope": "admin"},
                    {"scope": "all.read", "includes": ["*.read"]}
                ],
                "requirements": [
                    {"route": ["GET", "/a"], "any_of": [["users.read"], ["admin"]]},
                    {"route": ["GET", "/b"], "any_of": [["users.write", "admin"], ["all.read"]]}
                ],
                "public": [{"reason": "probe", "routes": [["GET", "/"]]}]
            }"#,
        )
        .expect("the declaration is sound")
    })
}

pub(crate) fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let lines = || text.split('\n');
    let mut evidence = Evidence::new(catalogue());
    let read = |evidence: &mut Evidence<'_>, line: &str| match evidence.read_line(line) {
        Ok(()) => reach("recorder"),
        Err(EvidenceError::Unreadable) => reach("unreadable"),
        Err(EvidenceError::Version) => reach("version"),
        Err(error) => panic!("{error}"),
    };
    lines().for_each(|line| read(&mut evidence, line));
    // In another order and twice, the lines say the same.
    let mut again = Evidence::new(catalogue());
    lines().rev().chain(lines()).for_each(|line| read(&mut again, line));
    let shown = |evidence: &Evidence<'_>| {
        let clients: Vec<_> = evidence.clients().map(|(client, usage)| (client.clone(), usage.clone())).collect();
        (clients, evidence.window(), evidence.dropped(), evidence.unknown().map(str::to_owned).collect::<Vec<_>>())
    };
    assert_eq!(shown(&evidence), shown(&again));
    assert!(evidence.window().is_none_or(|(from, to)| from <= to));
    evidence.clients().for_each(|(_, usage)| proposals(usage));
    let unused = Unused::of(&evidence);
    for usage in evidence.clients().map(|(_, usage)| usage) {
        // What is used by the record of one token is not unused in that of all.
        let of_token = usage.unused_scopes(catalogue());
        assert!(usage.held().all(|id| of_token.contains(&id) || !unused.scopes().contains(&id)));
    }
    for format in [LogFormat::Common, LogFormat::Json(Members::default()), LogFormat::Plain] {
        lines().for_each(|line| request(&format, line));
    }
}

fn opens(scopes: impl Iterator<Item = ScopeId>, routes: &[RouteId]) -> bool {
    let mut words = [scopes.fold(0_u64, |words, id| words | 1 << id.index())];
    catalogue().close(&mut words);
    routes
        .iter()
        .filter_map(|id| catalogue().route_at(*id))
        .all(|route| !matches!(route.access(), Access::Scoped) || route.requirement().satisfied_by(&words))
}

/// What is proposed for a client opens what it has used.
fn proposals(usage: &Usage) {
    let used: Vec<RouteId> = usage.routes(Outcome::Allowed).collect();
    let least = minimum(catalogue(), used.iter().copied(), [], usage.held());
    assert!(least.is_proven() && opens(least.scopes().iter().copied(), &used));
    if opens(usage.held(), &used) {
        reach("client");
        let unused = usage.unused_scopes(catalogue());
        assert!(opens(usage.held().filter(|id| !unused.contains(id)), &used));
        assert!(least.cost().added() == 0 || !least.scopes().is_empty());
    }
}

fn request(format: &LogFormat, line: &str) {
    let Ok(request) = format.read(line) else { return };
    let (method, target) = (request.method(), request.target());
    assert!(line.len() <= LONGEST_LINE && !method.is_empty() && !method.contains(char::is_whitespace));
    assert!(target.contains('/') || target == "*");
    assert!(request.status().is_none_or(|status| (100..=999).contains(&status)));
    match format {
        LogFormat::Common => {
            reach("common");
            assert!(line.contains(&format!("] \"{method} {target}")) && request.status().is_some());
        }
        LogFormat::Plain => {
            reach("plain");
            assert!(line.starts_with(method) || line.trim_start().starts_with(method));
        }
        _ => reach("json"),
    }
    let _ = catalogue().at(method, target.as_bytes());
}
