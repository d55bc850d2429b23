//! Servers with a mistake, and what the report says about them.

use std::collections::HashSet;
use std::sync::Mutex;

use super::*;

/// The report for each mistake, with and without handlers that name themselves.
#[test]
fn mistakes_are_found() {
    let mistakes: [(&str, Rule); 17] = [
        ("no token", |asked| due(&asked.method, &asked.target, Some(&known("secret-auditor-e1")?))),
        ("malformed token", |asked| {
            let empty = asked.header("authorization").is_some_and(|value| value.trim() == "Bearer");
            if empty { due(&asked.method, &asked.target, known("secret-reader-e1").as_ref()) } else { right(asked) }
        }),
        ("unknown token", |asked| {
            let any = asked.header("authorization").is_some_and(|value| value.starts_with("Bearer u"));
            if any { due(&asked.method, &asked.target, known("secret-reader-e1").as_ref()) } else { right(asked) }
        }),
        ("missing scope", |asked| {
            let tenant = asked.grant()?.tenants().iter().next()?.to_owned();
            due(&asked.method, &asked.target, Some(&Grant::new(ScopeSet::all()).for_tenant(&tenant).ok()?))
        }),
        ("other tenant", |asked| due(&asked.method, &asked.target, Some(&asked.grant()?.for_any_tenant()))),
        // The guard checks the raw path, and the handler gets the decoded one.
        ("encoded letters", |asked| {
            let refused = asked.target.starts_with("/api/") && right(asked).is_none();
            if refused { None } else { due(&asked.method, &decoded(&asked.target), Some(&everything())) }
        }),
        ("slashes", |asked| {
            let refused = !asked.target.contains("//") && right(asked).is_none();
            if refused { None } else { due(&asked.method, &asked.target.replace("//", "/"), Some(&everything())) }
        }),
        ("dots", |asked| {
            let plain = asked.target.replace("/x/..", "").replace("/.", "");
            if plain == asked.target { right(asked) } else { due(&asked.method, &plain, Some(&everything())) }
        }),
        ("semicolons", |asked| {
            let plain = asked.target.replace(";x=1", "");
            if plain == asked.target { right(asked) } else { due(&asked.method, &plain, Some(&everything())) }
        }),
        ("methods", |asked| match &*asked.method {
            "HEAD" => due("GET", &asked.target, Some(&everything())),
            _ => right(asked),
        }),
        ("methods", |asked| match asked.header("x-http-method-override") {
            Some(method) => due(method, &asked.target, Some(&everything())),
            None => right(asked),
        }),
        ("target forms", |asked| match asked.target.strip_prefix("http://localhost") {
            Some(target) => due(&asked.method, target, Some(&everything())),
            None => right(asked),
        }),
        ("headers", |asked| match asked.header("x-forwarded-for") {
            Some("127.0.0.1") => due(&asked.method, &asked.target, Some(&everything())),
            _ => right(asked),
        }),
        // The guard lets every path through that begins with the public route's path.
        ("detours", |asked| match asked.target.strip_prefix("/api/health/../..") {
            Some(target) => due(&asked.method, target, Some(&everything())),
            None => right(asked),
        }),
        // The guard lets unknown paths through, and a layer after it rewrites the path.
        ("headers", |asked| {
            let is_ours = CATALOGUE.at(&Method::GET, &asked.target).is_ok();
            match asked.header("x-rewrite-url").filter(|_| !is_ours) {
                Some(target) => due(&asked.method, target, Some(&everything())),
                None => right(asked),
            }
        }),
        ("two tenants", |asked| match asked.header("x-tenant-id") {
            Some(tenant) if asked.grant()?.tenants().covers(tenant) => {
                due(&asked.method, &asked.target, Some(&asked.grant()?.for_any_tenant()))
            }
            _ => right(asked),
        }),
        ("query tokens", |asked| {
            let (target, token) = asked.target.split_once("?access_token=").unwrap_or((&asked.target, ""));
            due(&asked.method, target, known(token).or_else(|| asked.grant()).as_ref())
        }),
    ];
    for (class, rule) in mistakes {
        for named in [false, true] {
            let conformance = conformance(rule);
            let conformance = if named { conformance.handler_header("x-handler") } else { conformance };
            let report = without_tricks_but(&[class], conformance).run();
            assert!(report.breaches.iter().any(|breach| breach.class == class), "{class}, named: {named}: {report}");
            assert!(!report.is_clean(), "{class}");
            assert!(!report.to_string().contains("secret"), "{report}");
        }
    }
}

/// One reading of the target permits the success, but another handler ran.
#[test]
fn the_handlers_name_sees_more() {
    let rule: Rule = |asked| {
        let handler = right(asked)?;
        let overridden = asked.header("x-http-method-override") == Some("POST") && asked.target.ends_with("/users");
        Some(if overridden { "POST /api/environments/{environment}/users".to_owned() } else { handler })
    };
    conformance(rule).without("corpus").run().assert_clean();
    let report = conformance(rule).without("corpus").handler_header("x-handler").run();
    let reason = "`POST /api/environments/{environment}/users` ran, which needs users.write";
    assert!(report.breaches.iter().any(|breach| breach.class == "methods" && breach.reason == reason), "{report}");
    // The tenant that the handler names is compared with the token's, whatever the target says.
    let report = conformance(right).reached(|answer| match answer.header("x-handler") {
        Some(route) => Reached::Handler { route: route.to_owned(), tenant: Some("e9".to_owned()) },
        None => Reached::Nothing,
    });
    let report = report.run();
    assert!(report.breaches.iter().any(|breach| breach.reason.contains("for the tenant `e9`")), "{report}");
}

/// The header tells which tenant the handler worked for, which may differ from the tenant of the
/// path.
#[test]
fn handlers_name_their_tenant() {
    let of_the_token: Rule = |asked| {
        let handler = right(asked)?;
        Some(match asked.grant() {
            Some(grant) => format!("{handler} of {}", grant.tenants().iter().next()?),
            None => handler,
        })
    };
    let of_another: Rule = |asked| right(asked).map(|handler| format!("{handler} of e9"));
    let run = |rule| conformance(rule).tenant_header("x-tenant").handler_header("x-handler").without("corpus").run();
    run(of_the_token).assert_clean();
    let report = run(of_another);
    let reason = "`GET /api/environments/{environment}/users` ran for the tenant `e9`";
    assert!(report.breaches.iter().any(|breach| breach.class == "right" && breach.reason == reason), "{report}");
}

/// The server lets an unauthorized caller in right after an authorized one.
#[test]
fn an_answer_left_for_the_next_caller_is_found() {
    // A cache that ignores the caller.
    let cached = Mutex::new(HashSet::new());
    let cache = serve_answers(move |asked| {
        let handler = right(asked);
        let key = format!("{} {}", asked.method, asked.target);
        let mut cached = cached.lock().unwrap();
        if handler.is_some() {
            cached.insert(key.clone());
        }
        let handler = handler.or_else(|| cached.contains(&key).then(|| "cached".to_owned()));
        Some(answer(asked, handler))
    });
    // A connection that keeps the identity of its first caller.
    let known = Mutex::new(HashSet::new());
    let connections = serve_answers(move |asked| {
        let handler = right(asked);
        let mut known = known.lock().unwrap();
        if handler.is_some() && asked.grant().is_some() {
            known.insert(asked.connection);
        }
        let remembered = || due(&asked.method, &asked.target, Some(&everything()));
        let handler = handler.or_else(|| known.contains(&asked.connection).then(remembered).flatten());
        Some(answer(asked, handler))
    });
    for address in [cache, connections] {
        let report = without_tricks(attacks_on(address)).run();
        let found = report.breaches.iter().filter(|breach| breach.class == "afterwards").count();
        assert!(found > 0 && found == report.breach_count(), "{report}");
        assert!(report.to_string().contains("BREACH: afterwards: `GET /api/"), "{report}");
    }
}

/// The server switches to another protocol for every caller.
#[test]
fn another_protocol_is_a_success() {
    let address = serve_answers(|asked| {
        let is_open = asked.target.ends_with("/either") || right(asked).is_some();
        let handed_over = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n".to_owned();
        Some(if is_open { handed_over } else { answer(asked, None) })
    });
    let report = without_tricks(attacks_on(address)).run();
    assert!(report.breaches.iter().any(|breach| breach.class == "no token" && breach.status == 101), "{report}");
}

/// An answer with two handler headers.
#[test]
fn two_handlers_are_none_of_the_catalogue() {
    let address = serve_answers(|asked| {
        let answer = answer(asked, right(asked));
        Some(answer.replacen("\r\n", "\r\nX-Handler: another\r\n", usize::from(answer.contains("X-Handler"))))
    });
    let report = without_tricks(attacks_on(address).handler_header("x-handler")).run();
    assert!(report.breaches.iter().any(|breach| breach.reason.starts_with("`another, ")), "{report}");
}
