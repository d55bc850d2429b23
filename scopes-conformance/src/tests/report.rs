//! When a report is clean and when it is complete, and what it holds.

use super::*;

#[test]
fn a_right_server_is_clean() {
    for conformance in [conformance(right), conformance(right).handler_header("X-Handler")] {
        let report = conformance.run();
        report.assert_clean();
        assert_eq!((report.reached, &*report.unreached), (CATALOGUE.routes().count(), &[][..]));
        assert!(report.requests > 8_000, "{report}");
        // Every class that the report names is in `CLASSES`, and each is tried except these five.
        let mut classes: Vec<_> = report.classes.iter().map(|class| class.name).collect();
        let mut expected = CLASSES.to_vec();
        // In the fixture, no wider route matches the path of another; the tests of overlaps try
        // these classes. Browsers do not send bearer tokens by themselves; the tests of places try
        // pages of other sites. `deprecation` has no requests of its own.
        let absent = ["text beside", "narrower routes", "escaped literals", "other sites", "deprecation"];
        expected.retain(|class| !absent.contains(class));
        classes.sort_unstable();
        expected.sort_unstable();
        assert_eq!(classes, expected);
        assert_eq!(report.made_up_tenant, None);
    }
}

#[test]
fn what_proves_nothing_is_not_clean() {
    let nothing = conformance(|_| None).run();
    assert!(nothing.breaches.is_empty() && !nothing.is_clean(), "{nothing}");
    assert!(nothing.to_string().contains("NOTHING IS PROVEN"), "{nothing}");
    assert_eq!(nothing.unreached.len(), CATALOGUE.routes().count());
    assert_eq!(nothing.unreached[0].reason, "answered 403");

    // Public routes are reached, and nothing is known about the others.
    let without_tokens = Conformance::new(serve(right), &CATALOGUE).without("corpus").run();
    assert!(without_tokens.reached > 0 && without_tokens.breaches.is_empty(), "{without_tokens}");
    assert!(!without_tokens.is_clean(), "{without_tokens}");

    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let report = Conformance::new(closed, &CATALOGUE).run();
    assert!(report.stopped.as_ref().is_some_and(|why| why.contains("no connection")), "{report}");

    let silent = conformance(|_| {
        std::thread::sleep(Duration::from_secs(1));
        None
    });
    let report = silent.time_limit(Duration::from_millis(20)).run();
    assert!(report.stopped.as_ref().is_some_and(|why| why.starts_with("5 requests had no answer")), "{report}");
    assert_eq!(report.unanswered.len(), 5);
    assert!(report.to_string().contains("NO ANSWER: `GET /api/environments/e1/users`"), "{report}");
    assert!(!report.is_clean());

    // A single request without an answer: it is unknown what it has done.
    let silent = conformance(|asked| {
        if asked.method == "POST" && asked.target.ends_with("/users%00") {
            std::thread::sleep(Duration::from_secs(1));
        }
        right(asked)
    });
    let report = without_tricks_but(&["endings"], silent).time_limit(Duration::from_millis(300)).run();
    assert!(report.stopped.is_none() && report.breaches.is_empty() && !report.unanswered.is_empty(), "{report}");
    assert!(!report.is_clean(), "{report}");
}

/// Authorized callers get an error, which looks like a refusal.
#[test]
fn a_report_with_unreached_routes_is_not_complete() {
    let report = conformance(|asked| right(asked).filter(|_| asked.method == "GET")).without("corpus").run();
    report.assert_clean();
    assert!(!report.is_complete() && !report.unreached.is_empty(), "{report}");
    conformance(right).without("corpus").run().assert_complete();
}

#[test]
fn each_route_may_have_its_body() {
    let rule = |asked: &Asked| {
        let takes_it = !asked.target.ends_with("/replay") || asked.header("content-length") == Some("3");
        right(asked).filter(|_| takes_it)
    };
    let replay = CATALOGUE.routes().find(|route| route.path().ends_with("/replay")).unwrap();
    let without = conformance(rule).without("corpus");
    assert!(!without.run().is_complete());
    without.body_of(replay.name(), "text/plain", "abc").run().assert_complete();
}

#[test]
#[should_panic(
    expected = "BREACH: no token: `GET /api/environments/e1/users` by a caller without credentials was answered 200"
)]
fn assert_clean_names_the_breach() {
    conformance(|asked| due(&asked.method, &asked.target, Some(&everything()))).run().assert_clean();
}

#[test]
fn mounted_elsewhere() {
    let rule: Rule = |asked| {
        let below = asked.target.strip_prefix("/v9")?;
        due(&asked.method, &format!("/api{below}"), asked.grant().as_ref())
    };
    let report = conformance(rule).without("corpus").mounted_at("/v9").run();
    report.assert_clean();
    assert!(report.unreached.is_empty(), "{report}");
    assert!(!conformance(rule).without("corpus").run().is_clean(), "nothing lies at the catalogue's own base");
}

#[test]
fn a_class_can_be_left_out() {
    let rule: Rule = |asked| {
        let (target, token) = asked.target.split_once("?access_token=").unwrap_or((&asked.target, ""));
        due(&asked.method, target, known(token).or_else(|| asked.grant()).as_ref())
    };
    conformance(rule).without("query tokens").run().assert_clean();
}

#[test]
fn tokens_are_shown_nowhere() {
    let conformance = conformance(right);
    assert!(!format!("{conformance:?}").contains("secret"), "{conformance:?}");
    // A token whose escaped form differs.
    let quoted = "secret\\-\"quoted'\u{e9}";
    let conformance = conformance.token(quoted, known("secret-both-e1").unwrap());
    for route in CATALOGUE.routes() {
        for planned in conformance.setup.planned(route, true) {
            let shown = conformance.setup.shown(&planned);
            assert!(!shown.contains("secret") && !shown.contains("quoted"), "{shown}");
        }
    }
    // A short token, and one that begins within another.
    let grant = || known("secret-both-e1").unwrap();
    let short =
        attacks_on(([127, 0, 0, 1], 9).into()).token("k1", grant()).token("abcd", grant()).token("cdef", grant());
    for (text, expected) in [
        ("X-Key: k1, k", "X-Key: <token>, k"),
        ("<token> k1k1", "<token> <token>"),
        ("xabcdefx", "x<token>x"),
        ("xABCDx", "x<token>x"),
    ] {
        assert_eq!(short.setup.text(text), expected);
    }
    let reached = Reached::Handler { route: format!("{quoted}\u{1b}[2J"), tenant: None };
    let planned = conformance.setup.planned(CATALOGUE.routes().next().unwrap(), false).swap_remove(0);
    let reason = conformance.setup.judge(&planned, &reached).unwrap();
    assert_eq!(reason, "`<token>\\u{1b}[2J` ran, which is not a route of the catalogue");
}

/// All breaches are counted, but only some are kept and shown.
#[test]
fn breaches_are_counted_and_some_kept() {
    let report = conformance(|_| Some("it".to_owned())).run();
    let breaches = report.breach_count();
    assert!(breaches > 8_000, "{report}");
    let of_classes: usize = report.classes.iter().map(|class| class.breaches).sum();
    let of_routes: usize = report.routes.iter().map(|route| route.breaches).sum();
    assert_eq!((of_classes, of_routes), (breaches, breaches));
    assert_eq!(report.routes.iter().map(|route| route.requests).sum::<usize>(), report.requests);
    let health = report.routes.iter().find(|route| route.route == "GET /api/health").unwrap();
    assert_eq!((health.requests, health.ran, health.breaches), (1, 1, 0));
    // At most a dozen of each class on each route, and some of each.
    assert!(report.breaches.len() <= 12 * CLASSES.len() * report.routes.len(), "{}", report.breaches.len());
    assert!(report.breaches.len() < breaches / 3, "{} of {breaches}", report.breaches.len());
    let kept = |class: &Class| report.breaches.iter().filter(|breach| breach.class == class.name).count();
    for class in report.classes.iter().filter(|class| class.breaches > 0) {
        assert!((1..=12 * report.routes.len()).contains(&kept(class)), "{}", class.name);
    }
    let shown = report.to_string();
    let lines = shown.lines().filter(|line| line.starts_with("BREACH: ")).count();
    assert_eq!(lines, 40);
    assert!(shown.contains(&format!("\n.. and {} more\n", breaches - lines)), "{shown}");
    for class in report.classes.iter().filter(|class| class.breaches > 0) {
        let lines = shown.matches(&format!("BREACH: {}: ", class.name)).count();
        assert!(lines <= 4, "{}: {lines}", class.name);
    }
    assert!(shown.contains("\nbreaches on GET /api/eventTypes: "), "{shown}");
    assert!(shown.lines().count() < 150, "{shown}");
    assert!(!report.is_clean());
}

/// A server that closes the connection on usual requests: it is unknown what has run.
#[test]
fn a_closed_connection_is_not_a_refusal() {
    let hangs_up = || serve_answers(|asked| right(asked).map(|handler| answer(asked, Some(handler))));
    let report = without_tricks(attacks_on(hangs_up())).run();
    assert_eq!(report.unanswered.len(), 5, "{report}");
    assert!(report.stopped.is_some() && !report.is_clean(), "{report}");
    // The test's own records tell what has run.
    let report = without_tricks(attacks_on(hangs_up())).reached(Answer::is_success).run();
    report.assert_complete();
    // Closing the connection is a valid answer to an unusual request.
    let address = serve_answers(|asked| {
        let is_odd = asked.target.contains(['%', '\\']);
        (!is_odd).then(|| answer(asked, right(asked)))
    });
    without_tricks_but(&["slashes", "endings"], attacks_on(address)).run().assert_complete();
}

/// With one token that may do everything, no request is refused for a missing scope.
#[test]
fn what_no_token_lacks_is_not_complete() {
    let only = |grant: Grant<TestScope>| {
        let token = "secret-writer-e1";
        let address = serve_answers(move |asked| {
            let sent = asked.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("authorization"));
            let is_sent = sent.map(|(_, value)| &**value).eq([format!("Bearer {token}")]);
            let all = everything();
            Some(answer(asked, due(&asked.method, &asked.target, is_sent.then_some(&all))))
        });
        without_tricks(Conformance::new(address, &CATALOGUE).token(token, grant)).run()
    };
    let report = only(everything());
    report.assert_clean();
    assert!(report.unreached.is_empty() && !report.is_complete(), "{report}");
    let untried = |class| report.untried.iter().filter(|untried| untried.class == class).count();
    assert_eq!(
        untried("missing scope"),
        CATALOGUE.routes().filter(|route| route.access() == scopes_core::Access::Scoped).count()
    );
    assert!(untried("other tenant") > 0, "{report}");
    let line =
        format!("not tried: missing scope on {} routes: every token holds its scopes (", untried("missing scope"));
    assert!(report.to_string().contains(&line), "{report}");
    // A class that is left out on purpose does not count as not tried.
    let left_out = ["missing scope", "other tenant"].into_iter().fold(conformance(right), Conformance::without);
    let report = without_tricks(left_out).run();
    report.assert_complete();
    assert!(report.to_string().contains("left out: missing scope, other tenant, encoded letters"), "{report}");
    // A made-up tenant proves less, but counts.
    let report = only(Grant::new(ScopeSet::all()).for_tenant("e1").unwrap());
    assert_eq!(report.made_up_tenant.as_deref(), Some("tenant-2"));
    assert!(report.to_string().contains("all tokens are of one tenant: `tenant-2` is made up"), "{report}");
}
