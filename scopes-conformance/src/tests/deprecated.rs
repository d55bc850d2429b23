//! Deprecated routes: the answers to authorized callers must announce the dates.

use super::*;

scopes::scopes! {
    mod retiring;

    #[was("users.view")]
    users.read {
        GET "/users";
        #[deprecated(since = "2026-11-01", sunset = "2027-05-01")]
        GET "/people";
        #[deprecated = "no date"]
        GET "/folk";
    }
    public("status") {
        #[deprecated(sunset = "2027-05-01")]
        GET "/status";
    }
}

/// A server that adds these header lines to every success.
fn telling(lines: &'static str) -> SocketAddr {
    serve_answers(move |asked| {
        let method = Method::from_bytes(asked.method.as_bytes()).ok()?;
        let token = asked.header("authorization") == Some("Bearer secret");
        let grant = token.then(|| Grant::new(retiring::Scope::UsersRead));
        let decision = retiring::CATALOGUE.decide(&method, &asked.target, grant.as_ref());
        let handler = decision.is_allowed().then(|| decision.route().unwrap().name().to_owned());
        let mark = format!("200 OK\r\n{lines}");
        Some(answer(asked, handler).replacen("200 OK\r\n", &mark, 1))
    })
}

fn problems(
    lines: &'static str,
    change: fn(Conformance<retiring::Scope>) -> Conformance<retiring::Scope>,
) -> Vec<String> {
    let all = Conformance::new(telling(lines), &retiring::CATALOGUE).time_limit(Duration::from_secs(2));
    let all = all.token("secret", Grant::new(retiring::Scope::UsersRead));
    let few = OF_TRICKS.into_iter().fold(change(all), Conformance::without);
    few.run().problems.iter().map(ToString::to_string).collect()
}

/// A token with an old name holds the scope of today.
#[test]
fn tokens_may_have_old_names() {
    let address = telling("Deprecation: @1\r\nSunset: x\r\n");
    let all = Conformance::untyped(address, retiring::CATALOGUE.untyped()).time_limit(Duration::from_secs(2));
    let all = all.token_of("secret", ["users.view"], scopes::Tenants::None, None).unwrap();
    let report = OF_TRICKS.into_iter().fold(all, Conformance::without).run();
    assert_eq!((report.problems.len(), report.unreached.len()), (0, 0), "{report}");
}

#[test]
fn missing_headers_are_problems() {
    let sunset = "is deprecated with a date, and its answer has no `Sunset` header";
    let deprecation = "is deprecated with a date, and its answer has no `Deprecation` header";
    for (lines, expected) in [
        ("Deprecation: @1793491200\r\nSunset: Sat, 01 May 2027 00:00:00 GMT\r\n", vec![]),
        // The values are the server's own matter.
        ("deprecation: @1\r\nsunset: x\r\n", vec![]),
        ("Sunset: x\r\n", vec![format!("`GET /people` {deprecation}")]),
        (
            "",
            vec![
                format!("`GET /people` {deprecation}"),
                format!("`GET /people` {sunset}"),
                format!("`GET /status` {sunset}"),
            ],
        ),
    ] {
        assert_eq!(problems(lines, |all| all), expected, "{lines:?}");
        assert_eq!(problems(lines, |all| all.without("deprecation")), [""; 0], "{lines:?}");
    }
}
