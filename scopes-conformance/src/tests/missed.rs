//! Faults that only one class of requests can find: the server refuses every other class.

use std::collections::HashSet;
use std::sync::Mutex;

use super::*;

/// Runs the attacks with and without handlers that name themselves, and expects breaches of this
/// class only.
///
/// Every reported request contains `request`.
fn only(class: &str, request: &str, address: impl Fn() -> SocketAddr) -> Vec<Breach> {
    let mut all = Vec::new();
    for named in [false, true] {
        let conformance = attacks_on(address());
        let conformance = if named { conformance.handler_header("x-handler") } else { conformance };
        let report = conformance.run();
        assert!(!report.breaches.is_empty() && !report.is_clean(), "{class}, named: {named}: {report}");
        for breach in &report.breaches {
            assert_eq!(breach.class, class, "named: {named}: {report}");
            assert!(breach.request.contains(request), "{request}, named: {named}: {report}");
        }
        let of_class: usize =
            report.classes.iter().filter(|found| found.name == class).map(|found| found.breaches).sum();
        assert_eq!(report.breach_count(), of_class, "named: {named}: {report}");
        assert!(report.unreached.is_empty(), "{report}");
        assert!(!report.to_string().to_lowercase().contains("secret"), "{report}");
        all.extend(report.breaches);
    }
    all
}

fn only_by_rule(class: &str, request: &str, rule: Rule) -> Vec<Breach> {
    only(class, request, || serve(rule))
}

/// Runs the handler for a token in a place where the server should not look for one.
fn misplaced(asked: &Asked, token: Option<String>) -> Option<String> {
    let path = asked.target.split('?').next().unwrap_or_default();
    let grant = token.and_then(|token| known(&token)).or_else(|| asked.grant());
    due(&asked.method, path, grant.as_ref())
}

/// The value of this name in `a=1&b=2`.
fn value_of(pairs: &str, name: &str) -> Option<String> {
    pairs
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| decoded(value))
}

#[test]
fn the_tenant_in_another_case() {
    let rule: Rule = |asked| {
        let Some(grant) = asked.grant() else { return right(asked) };
        let tenant = grant.tenants().iter().next()?.to_owned();
        let both = [tenant.to_uppercase(), tenant];
        due(&asked.method, &asked.target, Some(&grant.for_tenants(&both).ok()?))
    };
    let breaches = only_by_rule("tenant case", "/environments/E", rule);
    assert!(breaches.iter().any(|breach| breach.request == "GET /api/environments/E1/users"), "{breaches:?}");
    // The breach is found although the handler says that it worked for the token's own tenant.
    let folded: Rule = |asked| {
        let target = asked.target.replace("/E", "/e");
        let handler = due(&asked.method, &target, asked.grant().as_ref())?;
        let tenant = asked.grant().and_then(|grant| grant.tenants().iter().next().map(str::to_owned));
        Some(tenant.map_or_else(|| handler.clone(), |tenant| format!("{handler} of {tenant}")))
    };
    let report = conformance(folded).handler_header("x-handler").tenant_header("x-tenant").without("case").run();
    assert!(report.breaches.iter().any(|breach| breach.class == "tenant case"), "{report}");
    // A tenant without letters has the same text in every case.
    let grant = || Grant::new(ScopeSet::all()).for_tenant("77").unwrap();
    let conformance = Conformance::new(([127, 0, 0, 1], 9).into(), &CATALOGUE).token("secret", grant());
    for route in CATALOGUE.routes() {
        assert!(
            conformance.setup.planned(route, false).iter().all(|planned| planned.trick.class != "tenant case"),
            "{route}"
        );
    }
}

#[test]
fn the_token_in_the_query() {
    let reading = |name: &'static str| {
        serve_answers(move |asked| {
            let token = asked.target.split_once('?').and_then(|(_, query)| value_of(query, name));
            Some(answer(asked, misplaced(asked, token)))
        })
    };
    only("query tokens", "jwt=<token>", || reading("jwt"));
    for name in ["access_token", "token", "api_key", "key", "auth", "apikey", "bearer", "session_id", "Authorization"] {
        let report = without_tricks_but(&["query tokens"], attacks_on(reading(name))).run();
        let named = format!("{name}=<token>");
        assert!(
            !report.breaches.is_empty() && report.breaches.iter().all(|breach| breach.request.contains(&named)),
            "{report}"
        );
    }
}

#[test]
fn the_token_in_the_body() {
    only_by_rule("body tokens", "access_token=<token>", |asked| {
        let is_form = asked.header("content-type") == Some("application/x-www-form-urlencoded");
        misplaced(asked, value_of(&asked.body, "access_token").filter(|_| is_form))
    });
    only_by_rule("body tokens", "\\\"token\\\":\\\"<token>\\\"", |asked| {
        let value = asked.body.split_once("\"token\":\"").and_then(|(_, rest)| rest.split_once('"'));
        misplaced(asked, value.map(|(token, _)| token.to_owned()))
    });
}

#[test]
fn the_token_in_another_case() {
    only_by_rule("token case", "Authorization: Bearer <token>", |asked| {
        let value = asked.header("authorization").filter(|value| value.starts_with("Bearer "));
        let one = asked.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("authorization")).count() == 1;
        misplaced(asked, value.filter(|_| one).map(|value| value["Bearer ".len()..].to_lowercase()))
    });
}

/// A cache that distinguishes only callers with a token from callers without one.
#[test]
fn a_cache_of_those_with_a_token() {
    let breaches = only("afterwards", "/api/", || {
        let cached = Mutex::new(HashSet::new());
        serve_answers(move |asked| {
            let is_cacheable = asked.method == "GET" && asked.header("authorization").is_some();
            let handler = right(asked);
            let key = asked.target.clone();
            let mut cached = cached.lock().unwrap();
            if is_cacheable && asked.grant().is_some() && handler.is_some() {
                cached.insert((key.clone(), handler.clone()));
            }
            let found = || cached.iter().find(|(target, _)| *target == key).and_then(|(_, handler)| handler.clone());
            let handler = handler.or_else(|| found().filter(|_| is_cacheable));
            Some(answer(asked, handler))
        })
    });
    assert!(breaches.iter().any(|breach| breach.caller == "a token of `users.write` for `e1`"), "{breaches:?}");
    assert!(breaches.iter().any(|breach| breach.caller.contains("for `e2`")), "{breaches:?}");
    assert!(breaches.iter().any(|breach| breach.request.contains("unknown")), "{breaches:?}");
}

#[test]
fn an_old_version_is_trusted() {
    only_by_rule("version and host", "HTTP/1.0", |asked| match &*asked.version {
        "HTTP/1.0" => due(&asked.method, &asked.target, Some(&everything())),
        _ => right(asked),
    });
}

#[test]
fn a_missing_host_is_trusted() {
    only_by_rule("version and host", "without Host", |asked| match asked.header("host") {
        None => due(&asked.method, &asked.target, Some(&everything())),
        Some(_) => right(asked),
    });
    only_by_rule("version and host", "Host: localhost", |asked| match asked.header("host") {
        Some("localhost") => due(&asked.method, &asked.target, Some(&everything())),
        _ => right(asked),
    });
}

#[test]
fn an_upload_is_let_through() {
    let trusting = |kind: &'static str| {
        serve_answers(move |asked| {
            let is_upload = asked.header("content-type").is_some_and(|found| found.starts_with(kind));
            let (all, grant) = (everything(), asked.grant());
            let grant = if is_upload { Some(&all) } else { grant.as_ref() };
            Some(answer(asked, due(&asked.method, &asked.target, grant)))
        })
    };
    only("content types", "Content-Type: multipart/", || trusting("multipart/"));
    for kind in ["multipart/form-data", "multipart/mixed", "application/octet-stream"] {
        let report = without_tricks_but(&["content types"], attacks_on(trusting(kind))).run();
        assert!(
            !report.breaches.is_empty() && report.breaches.iter().all(|breach| breach.request.contains(kind)),
            "{report}"
        );
    }
}

/// Tenants of the wider alphabet are sent escaped, so that a sound server serves their holders.
#[test]
fn tenants_are_escaped_in_paths() {
    const TENANTS: [&str; 2] = ["ann@example.com|7 x", "\u{fc}#?"];
    fn held(asked: &Asked) -> Option<Grant<TestScope>> {
        let mut all = asked.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        let (_, value) = all.next().filter(|_| all.next().is_none())?;
        let (name, number) = value.strip_prefix("Bearer secret-")?.split_once('-')?;
        let scopes = match name {
            "auditor" => ScopeSet::all(),
            "reader" => USERS_READ.into(),
            _ => return None,
        };
        Grant::new(scopes).for_tenant(TENANTS.get(number.parse::<usize>().ok()?)?).ok()
    }
    let rule: Rule = |asked| due(&asked.method, &asked.target, held(asked).as_ref());
    for named in [false, true] {
        let mut conformance = Conformance::new(serve(rule), &CATALOGUE).time_limit(Duration::from_secs(2));
        for (number, tenant) in TENANTS.iter().enumerate() {
            let grant = |scopes: ScopeSet<TestScope>| Grant::new(scopes).for_tenant(tenant).unwrap();
            conformance = conformance.token(format!("secret-auditor-{number}"), grant(ScopeSet::all()));
            conformance = conformance.token(format!("secret-reader-{number}"), grant(USERS_READ.into()));
        }
        let conformance = if named { conformance.handler_header("x-handler") } else { conformance };
        let report = conformance.run();
        assert!(report.is_clean() && report.unreached.is_empty(), "named: {named}: {report}");
    }
}
