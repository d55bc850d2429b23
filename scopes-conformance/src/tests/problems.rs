//! Mistakes of the test itself.

use scopes_core::declaration::Declaration;

use super::*;
use scopes::UntypedCatalogue;

/// The report names each mistake and the name that was probably meant, and nothing is sent.
#[test]
fn mistakes_are_told_before_anything_is_sent() {
    type Mistake = fn(Conformance<TestScope>) -> Conformance<TestScope>;
    let mistakes: [(Mistake, &str); 26] = [
        (|all| all.without("credential"), "no class of requests is named `credential`; did you mean `credentials`?"),
        (|all| all.without("Corpus"), "no class of requests is named `Corpus`; did you mean `corpus`?"),
        (|all| all.value("usr", "u7"), "no path of the catalogue has a parameter `usr`; did you mean `user`?"),
        (|all| all.value("colour", "red"), "no path of the catalogue has a parameter `colour`"),
        (|all| all.value("environment", "e1"), "the values of `environment`, the tenant, come from the tokens"),
        (
            |all| all.body_of("get_event_typs", "text/plain", "abc"),
            "no route of the catalogue is named `get_event_typs`; did you mean `get_event_types`?",
        ),
        (|all| all.body_of("replay_it", "text/plain", "abc"), "no route of the catalogue is named `replay_it`"),
        (|all| all.mounted_at("v9"), "`v9` is not a base: literal segments without a slash at the end, such as `/api`"),
        (
            |all| all.mounted_at("/v9/"),
            "`/v9/` is not a base: literal segments without a slash at the end, such as `/api`",
        ),
        (
            |all| all.mounted_at("/{v}"),
            "`/{v}` is not a base: literal segments without a slash at the end, such as `/api`",
        ),
        (
            |all| all.value("key", "a/b"),
            "`/api/raw/a/b` is not a path of `GET /api/raw/{key}`, give another value: no route matches",
        ),
        (
            |all| all.value("key", ""),
            "`/api/raw/` is not a path of `GET /api/raw/{key}`, give another value: no route matches",
        ),
        (
            |all| all.value("key", "1 HTTP/1.1\r\nX: y"),
            "`/api/raw/1 HTTP/1.1\\r\\nX: y` is not a path of `GET /api/raw/{key}`, give another value: \
             the path holds a byte that must be escaped",
        ),
        (
            |all| all.value("path", "../secret-writer-e1"),
            "`/api/environments/e1/files/../<token>` is not a path of `GET /api/environments/{environment}/files/{*path}`, \
             give another value: the path holds a `.` or `..` segment",
        ),
        (|all| all.token("", everything()), "token 4 is empty"),
        (|all| all.token("secret\n", everything()), "token 4 holds a space or a control character"),
        (|all| all.token("Bearer secret", everything()), "token 4 holds a space or a control character"),
        (|all| all.token("secret-writer-e1", everything()), "token 4 is given twice"),
        (
            |all| all.token_in(TokenPlace::Basic, "secret", everything()),
            "token 4 is not `user:password`, which `Basic` credentials are",
        ),
        (
            |all| all.token_in(TokenPlace::Basic, "secret:\n", everything()),
            "token 4 holds a space or a control character",
        ),
        (
            |all| all.token_in(TokenPlace::Cookie("s".into()), "secret;x", everything()),
            "token 4 holds a character that no cookie can hold",
        ),
        (
            |all| all.tokens_in(TokenPlace::Header("X Key".into())),
            "`X Key` cannot be the name of a header or a cookie that carries tokens",
        ),
        (
            |all| all.token_in(TokenPlace::Cookie(String::new()), "secret", everything()),
            "`` cannot be the name of a header or a cookie that carries tokens",
        ),
        (|all| all.body("text/plain\r\nX: y", ""), "a content type holds a control character"),
        (
            |all| all.reached(Answer::is_success).handler_header("x-handler"),
            "`reached` and a header are given: only one can tell which handler ran",
        ),
        (|all| all.tenant_header("x-tenant"), "`tenant_header` is given without `handler_header`"),
    ];
    for (mistake, expected) in mistakes {
        let report = mistake(conformance(|asked| panic!("asked for {}", asked.target))).run();
        let problems: Vec<_> = report.problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems, [expected]);
        assert!(!report.is_clean() && !report.is_complete() && report.requests == 0, "{report}");
        let shown = report.to_string();
        assert!(shown.contains("NOTHING WAS SENT") && shown.contains(&format!("PROBLEM: {expected}\n")), "{shown}");
    }
    let all = conformance(right).without("typo").setup.mistakes().pop().unwrap().to_string();
    assert!(
        all.contains("`typo`; known classes: `no token`, `unknown token`, ") && all.ends_with(", `deprecation`"),
        "{all}"
    );
}

#[test]
#[should_panic(expected = "PROBLEM: no class of requests is named `credential`; did you mean `credentials`?")]
fn assert_clean_names_the_problem() {
    conformance(right).without("credential").run().assert_clean();
}

/// The value leads to another handler, so this route would wrongly count as reached.
#[test]
fn a_value_may_lead_to_another_route() {
    let mut declaration = Declaration::new("api");
    declaration.scope("users.read").route("GET", "/users/{id}").route("GET", "/users/export");
    let catalogue = Box::leak(Box::new(UntypedCatalogue::from_declaration(&declaration).unwrap()));
    let start = || Conformance::new(([127, 0, 0, 1], 9).into(), &Catalogue::<TestScope>::__new(catalogue));
    assert_eq!(start().setup.mistakes(), []);
    assert_eq!(start().value("id", "7").mounted_at("/").setup.mistakes(), []);
    let problem = start().value("id", "export").setup.mistakes().pop().unwrap().to_string();
    let expected =
        "`/users/export` is not a path of `GET /users/{id}`, give another value: it is that of `GET /users/export`";
    assert_eq!(problem, expected);
}

/// The server refuses the token because it is unknown, which proves nothing about scopes and
/// tenants.
#[test]
fn a_token_that_opens_nothing_is_told() {
    let unknown = known("secret-both-e2").unwrap();
    let report = without_tricks(conformance(right).token("secret-typo-e2", unknown)).run();
    assert_eq!(report.problems, [Problem::Token { number: 4, reason: TokenProblem::Idle }], "{report}");
    assert!(report.unreached.is_empty() && report.breaches.is_empty() && !report.is_clean(), "{report}");
    assert!(report.to_string().contains("PROBLEM: token 4 has opened no handler, although it may"), "{report}");
    // Routes for any token also show that a token without scopes is unknown.
    let nothing = Grant::new(ScopeSet::default());
    let report = without_tricks(conformance(right).token("secret-nothing", nothing)).run();
    assert_eq!(report.problems, [Problem::Token { number: 4, reason: TokenProblem::Idle }], "{report}");
}

#[test]
fn a_handler_header_that_never_comes_is_a_problem() {
    let start = || without_tricks(conformance(right));
    start().handler_header("X-Handler").run().assert_complete();
    for (conformance, name) in [
        (start().handler_header("x-handlre"), "x-handlre"),
        (start().handler_header("x-handler").tenant_header("x-tenat"), "x-tenat"),
    ] {
        let report = conformance.run();
        let unseen = Problem::UnseenHeader { name: name.to_owned() };
        assert!(report.problems.contains(&unseen) && !report.is_clean(), "{report}");
        assert!(report.to_string().contains(&format!("PROBLEM: no answer had the header `{name}`")), "{report}");
    }
}

/// If every caller gets a success and the handler does not name itself, this is a problem, not a
/// refusal.
#[test]
fn open_routes_without_a_name_are_told() {
    let unnamed = || "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_owned();
    let is_me = |asked: &Asked| asked.target == "/api/me";
    let open = serve_answers(move |asked| {
        let answer = answer(asked, right(asked));
        Some(if is_me(asked) { unnamed() } else { answer })
    });
    let closed = serve_answers(move |asked| {
        let answer = answer(asked, right(asked));
        Some(if is_me(asked) && right(asked).is_some() { unnamed() } else { answer })
    });
    let run = |address| without_tricks(attacks_on(address)).handler_header("x-handler").run();
    let report = run(open);
    assert_eq!(report.problems, [Problem::Unnamed { route: "GET /api/me".to_owned() }], "{report}");
    assert!(
        !report.is_clean() && report.to_string().contains("PROBLEM: `GET /api/me` answers every caller"),
        "{report}"
    );
    // If unauthorized callers are refused, the route is only not reached.
    let report = run(closed);
    report.assert_clean();
    assert_eq!(report.unreached[0].reason, "answered 200, and named no handler", "{report}");
}

/// A rate limit refuses for another reason, and authorized callers may get through later.
#[test]
fn attacks_that_were_turned_away_prove_nothing() {
    for status in ["429 Too Many Requests", "502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout"] {
        let address = serve_answers(move |asked| {
            let is_refused = right(asked).is_none() && asked.target.ends_with("/either");
            let turned_away = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            Some(if is_refused { turned_away } else { answer(asked, right(asked)) })
        });
        let report = without_tricks(attacks_on(address)).run();
        let [Problem::TurnedAway { status: found, requests }] = &*report.problems else { panic!("{report}") };
        assert!(status.starts_with(&found.to_string()) && *requests > 5, "{report}");
        assert!(report.breaches.is_empty() && report.unreached.is_empty() && !report.is_clean(), "{report}");
    }
}

/// Bodies are sent to their route whatever its method, with or without a content type.
#[test]
fn bodies_are_sent() {
    let conformance = conformance(right).body_of("get_event_types", "text/plain", "abc").body("", "all");
    let sent = |method: &str, path: &str| {
        let route = CATALOGUE.routes().find(|route| route.method() == method && route.path().ends_with(path)).unwrap();
        let planned = conformance.setup.planned(route, false).into_iter().find(|planned| planned.right).unwrap();
        String::from_utf8(conformance.setup.bytes(&planned))
            .unwrap()
            .split_once("\r\nAuthorization: ")
            .unwrap()
            .1
            .to_owned()
    };
    assert!(sent("GET", "/eventTypes").ends_with("\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nabc"));
    assert!(sent("POST", "/replay").ends_with("-e2\r\nContent-Length: 3\r\n\r\nall"));
    assert!(sent("GET", "/either").ends_with("\r\n\r\n"));
}

/// A made-up tenant must not be a real one by accident.
#[test]
fn no_attack_is_a_right_request() {
    let grant = || known("secret-both-e1").unwrap();
    let conformance = conformance(right).token("x", grant()).token("xy", grant()).token("xyx", grant());
    for route in CATALOGUE.routes() {
        for planned in conformance.setup.planned(route, false).iter().filter(|planned| planned.caller.is_none()) {
            if let [line] = &*planned.trick.headers {
                let raw = line.strip_prefix("Authorization: Bearer ");
                assert!(raw.is_none_or(|raw| !["x", "xy", "xyx"].contains(&raw)), "{planned:?}");
            }
        }
    }
}
