//! The semantic difference against an enumeration of requests.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

mod support;

use std::collections::BTreeSet;

use proptest::prelude::*;
use scopes_core::{Access, CallerStatus, Holder, RouteId, Tenancy, Tenants, UntypedCatalogue};
use scopes_export::diff::{Caller, Diff, Effect, Token, diff};
use support::{METHODS, pair};

/// A caller of the enumeration.
#[derive(Clone, Debug)]
struct Client {
    /// Passes the check outside of the catalogue.
    is_external: bool,
    /// The handler finds that it is the owner.
    is_owner: bool,
    /// The names and the tenants of the grant, for callers with a grant.
    grant: Option<(Vec<String>, Vec<String>)>,
}

/// The verdict by the catalogue itself, and by what it leaves to others.
fn allows(catalogue: &UntypedCatalogue, method: &str, path: &str, client: &Client) -> bool {
    let tenants = match &client.grant {
        Some((_, tenants)) if !tenants.is_empty() => Tenants::only(tenants).unwrap(),
        _ => Tenants::None,
    };
    let mut words = vec![0_u64; catalogue.scopes().len().div_ceil(64).max(1)];
    for name in client.grant.iter().flat_map(|(names, _)| names) {
        if let Some(id) = catalogue.scope_named(name).or_else(|| catalogue.scope_once_named(name)) {
            words[id.index() / 64] |= 1 << (id.index() % 64);
        }
    }
    catalogue.close(&mut words);
    let caller = match &client.grant {
        Some(_) => CallerStatus::Granted(Holder::new(&words, &tenants)),
        None => CallerStatus::Absent,
    };
    let decision = catalogue.decide(method, path.as_bytes(), &caller);
    let Some(route) = decision.route() else { return false };
    match (route.access(), route.tenancy()) {
        (Access::External(_), _) => decision.is_allowed() && client.is_external,
        (_, Tenancy::Unbound(_)) => decision.is_allowed() && client.is_owner,
        _ => decision.is_allowed(),
    }
}

/// All paths of up to three segments below the bases, and one longer.
fn paths() -> Vec<String> {
    let segments = ["a", "b", "ab", "x", "y", "ax", "xb", "axb", "x^x", "ax^xb"];
    let mut paths = vec!["/".to_owned()];
    let mut before = vec![String::new()];
    for length in 0..4 {
        let mut next = Vec::new();
        for start in &before {
            for segment in segments {
                // The longest paths are for the bases and the catch-alls.
                if length < 3 || start.starts_with("/a/b/") || start.ends_with("/a/x") {
                    next.push(format!("{start}/{segment}"));
                }
            }
        }
        paths.extend(next.iter().flat_map(|path| [path.clone(), format!("{path}/")]));
        before = next;
    }
    paths
}

fn clients(path: &str, names: &[&str]) -> Vec<Client> {
    // Tenants are values of this path.
    let segments: Vec<&str> = path.split('/').skip(1).filter(|segment| !segment.is_empty()).collect();
    let values = segments.iter().flat_map(|segment| [Some(*segment), segment.strip_prefix('a')]).flatten();
    let values: BTreeSet<String> = values.filter(|value| Tenants::only([*value]).is_ok()).map(str::to_owned).collect();
    let mut clients = Vec::new();
    for flags in 0..4 {
        let (is_external, is_owner) = (flags & 1 == 1, flags & 2 == 2);
        clients.push(Client { is_external, is_owner, grant: None });
        for set in 0..1 << names.len() {
            let names: Vec<String> =
                (0..names.len()).filter(|bit| set >> bit & 1 == 1).map(|bit| names[bit].to_owned()).collect();
            let tenants = std::iter::once(Vec::new()).chain(values.iter().map(|value| vec![value.clone()]));
            clients.extend(tenants.map(|tenants| Client {
                is_external,
                is_owner,
                grant: Some((names.clone(), tenants)),
            }));
        }
    }
    clients
}

/// The caller of a finding.
fn client_of(caller: &Caller, is_owner: bool) -> Client {
    match caller {
        Caller::Anyone => Client { is_external: false, is_owner: false, grant: None },
        Caller::External => Client { is_external: true, is_owner: false, grant: None },
        Caller::Grant { scopes, tenant } => {
            Client { is_external: false, is_owner, grant: Some((scopes.clone(), tenant.iter().cloned().collect())) }
        }
        other => panic!("{other:?}"),
    }
}

/// No finding is invented: the catalogues themselves answer the witness as the finding says, and a
/// smaller grant does not suffice.
fn assert_true(allowing: &UntypedCatalogue, denying: &UntypedCatalogue, effect: &Effect) {
    let (method, path) = (effect.method(), effect.path());
    let is_unbound =
        allowing.at(method, path.as_bytes()).is_ok_and(|found| matches!(found.route().tenancy(), Tenancy::Unbound(_)));
    let differs = |client: &Client| allows(allowing, method, path, client) && !allows(denying, method, path, client);
    let client = client_of(effect.caller(), is_unbound);
    assert!(differs(&client), "{effect} is invented");
    if let Some((names, tenants)) = &client.grant {
        assert!(!differs(&Client { grant: None, ..client.clone() }), "{effect}: no grant is needed");
        for left_out in names {
            let fewer = names.iter().filter(|name| *name != left_out).cloned().collect();
            let smaller = Client { grant: Some((fewer, tenants.clone())), ..client.clone() };
            assert!(!differs(&smaller), "{effect}: `{left_out}` is not needed");
        }
        let without = Client { grant: Some((names.clone(), Vec::new())), ..client.clone() };
        assert!(tenants.is_empty() || !differs(&without), "{effect}: the tenant is not needed");
    }
}

fn check(old: &UntypedCatalogue, new: &UntypedCatalogue, paths: &[String]) {
    let found = diff(old, new).unwrap();
    for finding in found.findings() {
        assert_eq!(finding.fingerprint().len(), 12);
        if let Some(effect) = finding.widening() {
            assert_true(new, old, effect);
        }
        if let Some(effect) = finding.breaking() {
            assert_true(old, new, effect);
        }
    }
    census(&found, old, new, paths);
    // No finding is missing: each request whose verdict differs has a finding about its two routes.
    let route = |catalogue: &UntypedCatalogue, method: &str, path: &str| {
        catalogue.at(method, path.as_bytes()).ok().map(|found| found.route().id())
    };
    let names: Vec<&str> =
        old.scopes().flat_map(|scope| std::iter::once(scope.name()).chain(scope.old_names())).collect();
    let mut judged = BTreeSet::new();
    for path in paths {
        for method in METHODS {
            let routes = [route(old, method, path), route(new, method, path)];
            if routes == [None, None] {
                continue;
            }
            // The verdict depends on nothing else of the path.
            let tenant = |catalogue: &UntypedCatalogue| {
                catalogue.at(method, path.as_bytes()).ok().and_then(|found| found.tenant().map(String::from))
            };
            if !judged.insert((method, routes, tenant(old), tenant(new), path.contains('^'))) {
                continue;
            }
            let (mut widens, mut breaks) = (false, false);
            for client in clients(path, &names) {
                let (before, after) = (allows(old, method, path, &client), allows(new, method, path, &client));
                widens |= after && !before;
                breaks |= before && !after;
            }
            // A value that only one route takes is a finding about both.
            let about = |finding: &&scopes_export::diff::Finding| {
                let [a, b] = finding.routes();
                let of = |found: Option<_>, route: Option<_>| found == route || route.is_none() && path.contains('^');
                of(a, routes[0]) && of(b, routes[1])
            };
            let findings = || found.findings().iter().filter(about);
            assert!(
                !widens || findings().any(|finding| finding.widening().is_some()),
                "{method} {path} widens: {found:#?}"
            );
            assert!(
                !breaks || findings().any(|finding| finding.breaking().is_some()),
                "{method} {path} breaks: {found:#?}"
            );
        }
    }
}

/// Tokens gain and lose exactly where some request of the finding says so.
fn census(found: &Diff, old: &UntypedCatalogue, new: &UntypedCatalogue, paths: &[String]) {
    let names: Vec<&str> = old.scopes().map(scopes_core::ScopeInfo::name).collect();
    let tokens = (0..1_usize << names.len()).flat_map(|set| {
        let held: Vec<String> =
            (0..names.len()).filter(|bit| set >> bit & 1 == 1).map(|bit| names[bit].to_owned()).collect();
        [vec![], vec!["x".to_owned()]].map(|tenants| (held.clone(), tenants))
    });
    let tokens: Vec<_> = tokens.collect();
    for finding in found.findings() {
        let Some(effect) = finding.widening().or(finding.breaking()) else { continue };
        let is_raw_rule = finding.rule().id() == "raw-changed";
        let (mut gaining, mut losing, mut seen) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        // The witnesses may be longer than the paths of the enumeration.
        let witnesses = [finding.widening(), finding.breaking()].into_iter().flatten().map(Effect::path);
        for path in paths.iter().map(String::as_str).chain(witnesses) {
            let at = |catalogue: &UntypedCatalogue| {
                let found = catalogue.at(effect.method(), path.as_bytes()).ok()?;
                Some((found.route().id(), found.tenant().map(String::from)))
            };
            let (before, after) = (at(old), at(new));
            let is_raw = is_raw_rule && path.contains('^');
            let is_of = |found: &Option<(RouteId, Option<String>)>, route: Option<RouteId>| match found {
                Some((id, _)) => Some(*id) == route,
                None => route.is_none() || is_raw,
            };
            let [route_old, route_new] = finding.routes();
            let is_about = is_of(&before, route_old) && is_of(&after, route_new) && is_raw == is_raw_rule;
            if !is_about || before.is_none() && after.is_none() || !seen.insert((before, after)) {
                continue;
            }
            for (index, (held, tenants)) in tokens.iter().enumerate() {
                for is_owner in [false, true] {
                    let grant = Some((held.clone(), tenants.clone()));
                    let client = Client { is_external: false, is_owner, grant };
                    let verdict = |catalogue| allows(catalogue, effect.method(), path, &client);
                    match (verdict(old), verdict(new)) {
                        (false, true) => drop(gaining.insert(index)),
                        (true, false) => drop(losing.insert(index)),
                        _ => {}
                    }
                }
            }
        }
        for (index, (held, tenants)) in tokens.iter().enumerate() {
            let token = Token::new("t", held.clone(), Tenants::only(tenants).unwrap());
            let (gains, loses) = (finding.gains(old, new, &token), finding.loses(old, new, &token));
            assert!(gains || !gaining.contains(&index), "{held:?} {tenants:?} gains: {finding}");
            assert!(loses || !losing.contains(&index), "{held:?} {tenants:?} loses: {finding}");
            // The reverse is checked only for tokens without a tenant, because some templates
            // cannot have the value `x`, which is the tenant of the others.
            if tenants.is_empty() {
                assert!(!gains || gaining.contains(&index), "{held:?} does not gain: {finding}");
                assert!(!loses || losing.contains(&index), "{held:?} does not lose: {finding}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_difference_is_found_and_none_is_invented((old, new) in pair()) {
        check(&old.compile(), &new.compile(), &paths());
    }
}

fn catalogue(members: &str) -> UntypedCatalogue {
    UntypedCatalogue::from_json(&format!(r#"{{"name": "api", {members}}}"#)).unwrap_or_else(|error| panic!("{error}"))
}

/// Kinds of differences that random catalogues seldom have.
#[test]
fn rare_differences() {
    let scopes = |first: &str, second: &str| {
        catalogue(&format!(
            r#""scopes": [{{"scope": "a", "routes": [{first}]}}, {{"scope": "b", "routes": [{second}]}}, {{"scope": "c"}}]"#
        ))
    };
    // `/ab` fits `a{x}` and `{x}b`, but is too short for `a{x}b`, which takes all longer paths.
    let both = r#"["GET", "/a{x}b"]"#;
    let old = scopes(&format!(r#"["GET", "/a{{x}}"], {both}"#), "");
    let new = scopes(both, r#"["GET", "/{x}b"]"#);
    check(&old, &new, &paths());
    let found = diff(&old, &new).unwrap();
    let of_both = |finding: &&scopes_export::diff::Finding| finding.routes().iter().all(Option::is_some);
    let finding = found.findings().iter().find(of_both).unwrap();
    assert_eq!(finding.widening().unwrap().to_string(), "GET /ab with `b`");
    assert_eq!(finding.breaking().unwrap().to_string(), "GET /ab with `a`");
    // A catch-all takes broken values in its first segment and in all later ones.
    let rest = |raw: &str| scopes(&format!(r#"{{"method": "GET", "path": "/{{*r}}", "raw": [{raw}]}}"#), "");
    let found = diff(&rest(""), &rest(r#""r""#)).unwrap();
    let [finding] = found.findings() else { panic!("{found:?}") };
    assert_eq!(finding.rule().id(), "raw-changed");
    assert_eq!(finding.widening().unwrap().path(), "/x^x");
    assert_eq!(finding.breaking(), None);
}

/// Other routes change the witnesses, but not the fingerprints.
#[test]
fn fingerprints_do_not_depend_on_other_routes() {
    let pair = |extra: &str| {
        let of = |scope: &str| {
            let other = if scope == "a" { "b" } else { "a" };
            catalogue(&format!(
                r#""scopes": [{{"scope": "{scope}", "routes": [["GET", "/{{p}}"], ["GET", "/{{p}}/y"] {extra}]}},
                    {{"scope": "{other}", "routes": [["GET", "/{{p}}.zip"]]}}]"#
            ))
        };
        let (old, new) = (of("a"), of("b"));
        let found = diff(&old, &new).unwrap();
        let of =
            |finding: &scopes_export::diff::Finding| (finding.fingerprint(), finding.widening().unwrap().to_string());
        found.findings().iter().map(of).unzip::<_, _, Vec<_>, Vec<_>>()
    };
    let (alone, witnesses) = pair("");
    assert_eq!(alone.iter().collect::<BTreeSet<_>>().len(), 3);
    let (beside, others) = pair(r#", ["GET", "/x"], ["POST", "/x/y"]"#);
    assert!(!witnesses.iter().all(|witness| others.contains(witness)), "the words are the same: {others:?}");
    assert!(alone.iter().all(|fingerprint| beside.contains(fingerprint)), "{alone:?} {beside:?}");
}
