//! Servers that have a grant for callers without credentials.

use scopes_core::Access;

use super::*;

/// The grant of callers without credentials.
fn reader() -> Grant<TestScope> {
    Grant::new(USERS_READ).for_tenant("e1").unwrap()
}

/// The handler that a caller without credentials should reach.
fn due_anonymously(asked: &Asked) -> Option<String> {
    let method = Method::from_bytes(asked.method.as_bytes()).ok()?;
    let decision = CATALOGUE.decide(&method, &asked.target, Some(&reader()));
    let route = decision.route().filter(|route| !matches!(route.access(), Access::Authenticated(_)))?;
    decision.is_allowed().then(|| route.name().to_owned())
}

fn sound(asked: &Asked) -> Option<String> {
    if asked.header("authorization").is_none() { due_anonymously(asked) } else { right(asked) }
}

#[test]
fn a_sound_server_is_clean() {
    let report = conformance(sound).anonymous(reader()).run();
    report.assert_complete();
    // If the test does not set the anonymous grant, each success of such a caller is a breach.
    let report = without_tricks(conformance(sound)).run();
    let request = "GET /api/environments/e1/users";
    assert!(report.breaches.iter().any(|breach| breach.class == "no token" && breach.request == request), "{report}");
}

#[test]
fn broken_servers_are_found() {
    let bad_credentials_are_none: Rule = |asked| right(asked).or_else(|| due_anonymously(asked));
    let opens_all_that_need_a_caller: Rule = |asked| {
        let method = Method::from_bytes(asked.method.as_bytes()).ok()?;
        let decision = CATALOGUE.decide(&method, &asked.target, Some(&reader()));
        if asked.header("authorization").is_some() {
            return right(asked);
        }
        decision.is_allowed().then(|| decision.route().unwrap().name().to_owned())
    };
    let opens_every_tenant: Rule = |asked| {
        let method = Method::from_bytes(asked.method.as_bytes()).ok()?;
        let any = Grant::new(USERS_READ).for_any_tenant();
        let decision = CATALOGUE.decide(&method, &asked.target, Some(&any));
        let route = decision.route().filter(|route| !matches!(route.access(), Access::Authenticated(_)))?;
        match asked.header("authorization") {
            Some(_) => right(asked),
            None => decision.is_allowed().then(|| route.name().to_owned()),
        }
    };
    for (rule, class, request) in [
        (bad_credentials_are_none, "unknown token", "GET /api/environments/e1/users"),
        (bad_credentials_are_none, "malformed token", "GET /api/environments/e1/users"),
        (opens_all_that_need_a_caller, "no token", "GET /api/me"),
        (opens_every_tenant, "no token", "GET /api/environments/e2/users"),
    ] {
        let report = without_tricks(conformance(rule).anonymous(reader())).run();
        let is_it = |breach: &&Breach| breach.class == class && breach.request.starts_with(request);
        assert!(report.breaches.iter().any(|breach| is_it(&breach)), "{class} {request}: {report}");
    }
}

#[test]
fn what_such_a_caller_may_do_has_to_be_reached() {
    let report = without_tricks(conformance(right).anonymous(reader())).run();
    assert_eq!(report.problems, [Problem::AnonymousIdle], "{report}");
    // A server may know no tokens at all. It must refuse every token.
    let alone =
        |rule| without_tricks(Conformance::new(serve(rule), &CATALOGUE).value("user", "u7")).anonymous(reader());
    let report = alone(|asked| due_anonymously(asked).filter(|_| asked.header("authorization").is_none())).run();
    assert!(report.is_clean() && report.reached > 0, "{report}");
    let report = alone(due_anonymously).run();
    assert!(report.breaches.iter().any(|breach| breach.class == "unknown token"), "{report}");
    let report = alone(|_| None).run();
    assert!(!report.is_clean() && report.problems == [Problem::AnonymousIdle], "{report}");
}
