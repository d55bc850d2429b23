//! A server of a few lines that is right, and what the report says of it once something is wrong.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use http::Method;
use scopes_core::ScopeSet;

use super::*;
use crate::fixture::{ALL_READ, CATALOGUE, EVENTS_READ, TestScope, USERS_READ, USERS_WRITE};

struct Asked {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
}

impl Asked {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| &**value)
    }

    fn grant(&self) -> Option<Grant<TestScope>> {
        let mut all = self.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        let (_, value) = all.next()?;
        if all.next().is_some() { None } else { known(value.strip_prefix("Bearer ")?) }
    }
}

/// `secret-reader-e1` and the like.
fn known(token: &str) -> Option<Grant<TestScope>> {
    let (name, tenant) = token.strip_prefix("secret-")?.split_once('-')?;
    let scopes: ScopeSet<TestScope> = match name {
        "reader" => USERS_READ.into(),
        "writer" => USERS_WRITE.into(),
        "both" => [USERS_WRITE, EVENTS_READ].into_iter().collect(),
        "auditor" => ALL_READ.into(),
        _ => return None,
    };
    matches!(tenant, "e1" | "e2").then(|| Grant::new(scopes).for_tenant(tenant).unwrap())
}

/// The handler that is due.
fn due(method: &str, target: &str, grant: Option<&Grant<TestScope>>) -> Option<String> {
    let method = Method::from_bytes(method.as_bytes()).ok()?;
    let decision = CATALOGUE.decide(&method, target, grant);
    decision.is_allowed().then(|| decision.route().unwrap().name().to_owned())
}

fn right(asked: &Asked) -> Option<String> {
    due(&asked.method, &asked.target, asked.grant().as_ref())
}

/// A server whose rule names the handler that runs, if one does.
fn serve(rule: fn(&Asked) -> Option<String>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            std::thread::spawn(move || connection(stream, rule));
        }
    });
    address
}

fn connection(stream: TcpStream, rule: fn(&Asked) -> Option<String>) -> Option<()> {
    let mut writer = stream.try_clone().ok()?;
    let mut reader = BufReader::new(stream);
    let mut line = || -> Option<String> {
        let mut bytes = Vec::new();
        reader.read_until(b'\n', &mut bytes).ok().filter(|read| *read > 0)?;
        Some(bytes.into_iter().map(char::from).collect::<String>().trim_end_matches(['\r', '\n']).to_owned())
    };
    loop {
        let first = line()?;
        let (method, rest) = first.split_once(' ')?;
        let target = rest.strip_suffix(" HTTP/1.1")?.to_owned();
        let mut headers = Vec::new();
        loop {
            let line = line()?;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.push((name.to_owned(), value.trim().to_owned()));
        }
        let asked = Asked { method: method.to_owned(), target, headers };
        let handler = rule(&asked);
        let body = "ok";
        let status = if handler.is_some() { "200 OK" } else { "403 Forbidden" };
        let mark = handler.map_or_else(String::new, |handler| match handler.split_once(" of ") {
            Some((handler, tenant)) => format!("X-Handler: {handler}\r\nX-Tenant: {tenant}\r\n"),
            None => format!("X-Handler: {handler}\r\n"),
        });
        let shown = if asked.method == "HEAD" { "" } else { body };
        // Bodies are left to the end of the connection.
        let close = if asked.header("content-length").is_some() { "Connection: close\r\n" } else { "" };
        let answer = format!("HTTP/1.1 {status}\r\n{mark}{close}Content-Length: {}\r\n\r\n{shown}", body.len());
        writer.write_all(answer.as_bytes()).ok()?;
        if !close.is_empty() {
            return None;
        }
    }
}

fn conformance(rule: fn(&Asked) -> Option<String>) -> Conformance<TestScope> {
    let tokens = ["secret-reader-e1", "secret-both-e2", "secret-auditor-e1"];
    let start = Conformance::new(serve(rule), &CATALOGUE).value("user", "u7").time_limit(Duration::from_secs(2));
    tokens.iter().fold(start, |all, token| all.token(*token, known(token).unwrap()))
}

#[test]
fn a_right_server_is_clean() {
    for conformance in [conformance(right), conformance(right).handler_header("X-Handler")] {
        let report = conformance.run();
        report.assert_clean();
        assert_eq!((report.reached, &*report.unreached), (CATALOGUE.routes().count(), &[][..]));
        assert!(report.requests > 8_000, "{report}");
        let classes: Vec<_> = report.classes.iter().map(|class| class.name).collect();
        for expected in [
            "no token",
            "missing scope",
            "other tenant",
            "encoded letters",
            "two tenants",
            "credentials",
            "corpus",
            "right",
        ] {
            assert!(classes.contains(&expected), "{expected}: {classes:?}");
        }
    }
}

/// The classes of tricks.
const OF_TRICKS: [&str; 11] = [
    "encoded letters",
    "slashes",
    "dots",
    "semicolons",
    "case",
    "endings",
    "target forms",
    "methods",
    "headers",
    "credentials",
    "corpus",
];

/// What becomes of the report by each mistake, with handlers that name themselves and without.
#[test]
fn mistakes_are_found() {
    fn decoded(text: &str) -> String {
        let mut pieces = text.split('%');
        let first = pieces.next().unwrap_or_default().to_owned();
        pieces.fold(first, |decoded, piece| {
            let byte = piece.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
            byte.map_or_else(
                || format!("{decoded}%{piece}"),
                |byte| format!("{decoded}{}{}", char::from(byte), &piece[2..]),
            )
        })
    }
    type Rule = fn(&Asked) -> Option<String>;
    let mistakes: [(&str, Rule); 14] = [
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
        // Checked as it came, served as it is read.
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
        ("credentials", |asked| {
            let (target, token) = asked.target.split_once("?access_token=").unwrap_or((&asked.target, ""));
            due(&asked.method, target, known(token).or_else(|| asked.grant()).as_ref())
        }),
    ];
    for (class, rule) in mistakes {
        for named in [false, true] {
            let conformance = conformance(rule);
            let conformance = if named { conformance.handler_header("x-handler") } else { conformance };
            let report =
                OF_TRICKS.into_iter().filter(|other| *other != class).fold(conformance, Conformance::without).run();
            assert!(report.breaches.iter().any(|breach| breach.class == class), "{class}, named: {named}: {report}");
            assert!(!report.is_clean(), "{class}");
            assert!(!report.to_string().contains("secret"), "{report}");
        }
    }
}

fn everything() -> Grant<TestScope> {
    Grant::new(ScopeSet::all()).for_any_tenant()
}

/// A success that is due to the caller by one reading, of a handler that is not.
#[test]
fn the_handlers_name_sees_more() {
    let rule: fn(&Asked) -> Option<String> = |asked| {
        let handler = right(asked)?;
        let overridden = asked.header("x-http-method-override") == Some("POST") && asked.target.ends_with("/users");
        Some(if overridden { "POST /api/environments/{environment}/users".to_owned() } else { handler })
    };
    conformance(rule).without("corpus").run().assert_clean();
    let report = conformance(rule).without("corpus").handler_header("x-handler").run();
    let reason = "`POST /api/environments/{environment}/users` ran, which needs users.write";
    assert!(report.breaches.iter().any(|breach| breach.class == "methods" && breach.reason == reason), "{report}");
    // The tenant that the handler names is held against the token, whatever the target says.
    let report = conformance(right).reached(|answer| match answer.header("x-handler") {
        Some(route) => Reached::Handler { route: route.to_owned(), tenant: Some("e9".to_owned()) },
        None => Reached::Nothing,
    });
    let report = report.run();
    assert!(report.breaches.iter().any(|breach| breach.reason.contains("for the tenant `e9`")), "{report}");
}

#[test]
fn what_proves_nothing_is_not_clean() {
    let nothing = conformance(|_| None).run();
    assert!(nothing.breaches.is_empty() && !nothing.is_clean(), "{nothing}");
    assert!(nothing.to_string().contains("NOTHING IS PROVEN"), "{nothing}");
    assert_eq!(nothing.unreached.len(), CATALOGUE.routes().count());
    assert_eq!(nothing.unreached[0].reason, "answered 403");

    // Public routes are reached, and nothing is known of the others.
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

    // One alone: nobody knows what it has done.
    let silent = conformance(|asked| {
        if asked.method == "POST" && asked.target.ends_with("/users%00") {
            std::thread::sleep(Duration::from_secs(1));
        }
        right(asked)
    });
    let only = ["encoded letters", "slashes", "dots", "semicolons", "case", "two tenants", "credentials", "corpus"];
    let report = only.into_iter().fold(silent, Conformance::without).time_limit(Duration::from_millis(300)).run();
    assert!(report.stopped.is_none() && report.breaches.is_empty() && !report.unanswered.is_empty(), "{report}");
    assert!(!report.is_clean(), "{report}");
}

/// Callers who may get an error as well, by which nobody can tell it from a refusal.
#[test]
fn what_nobody_reaches_is_not_complete() {
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
#[should_panic(expected = "is named `replay_it`")]
fn a_body_for_no_route_is_refused() {
    let _ = conformance(right).body_of("replay_it", "text/plain", "abc");
}

/// A second answer to one request is not taken for that to the next one.
#[test]
fn every_answer_is_that_of_its_request() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            std::thread::spawn(move || {
                let mut request = [0; 1024];
                while stream.read(&mut request).is_ok_and(|read| read > 0) {
                    let status = if request.starts_with(b"GET /first ") { "201 Created" } else { "202 Accepted" };
                    let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
                    stream.write_all(answer.as_bytes()).unwrap();
                    if request.starts_with(b"GET /first ") {
                        std::thread::sleep(Duration::from_millis(20));
                        stream.write_all(b"HTTP/1.1 203 Second\r\nContent-Length: 0\r\n\r\n").unwrap();
                    }
                }
            });
        }
    });
    let mut client = Client::new(address, Duration::from_secs(2));
    let mut status = |request: &str| match client.send(request.as_bytes(), "GET").unwrap() {
        Outcome::Answered(answer) => answer.status(),
        outcome => panic!("{outcome:?}"),
    };
    assert_eq!(status("GET /first HTTP/1.1\r\n\r\n"), 201);
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(status("GET /second HTTP/1.1\r\n\r\n"), 202);
    // Nobody has read the body: a connection with it is not used again, whatever the body ends with.
    assert_eq!(status("POST /second HTTP/1.1\r\nContent-Length: 4\r\n\r\n\r\n\r\n"), 202);
    assert!(!client.keeps_its_connection());
}

#[test]
#[should_panic(expected = "BREACH: no token: `GET /api/environments/e1/users` by nobody was answered 200")]
fn assert_clean_names_the_breach() {
    conformance(|asked| due(&asked.method, &asked.target, Some(&everything()))).run().assert_clean();
}

/// By the header the tenant that was worked for is known, not only the one that the path names.
#[test]
fn handlers_name_their_tenant() {
    let of_the_token: fn(&Asked) -> Option<String> = |asked| {
        let handler = right(asked)?;
        Some(match asked.grant() {
            Some(grant) => format!("{handler} of {}", grant.tenants().iter().next()?),
            None => handler,
        })
    };
    let of_another: fn(&Asked) -> Option<String> = |asked| right(asked).map(|handler| format!("{handler} of e9"));
    let run = |rule| conformance(rule).tenant_header("x-tenant").handler_header("x-handler").without("corpus").run();
    run(of_the_token).assert_clean();
    let report = run(of_another);
    let reason = "`GET /api/environments/{environment}/users` ran for the tenant `e9`";
    assert!(report.breaches.iter().any(|breach| breach.class == "right" && breach.reason == reason), "{report}");
}

#[test]
fn mounted_elsewhere() {
    let rule: fn(&Asked) -> Option<String> = |asked| {
        let below = asked.target.strip_prefix("/v9")?;
        due(&asked.method, &format!("/api{below}"), asked.grant().as_ref())
    };
    let report = conformance(rule).without("corpus").mounted_at("/v9").run();
    report.assert_clean();
    assert!(report.unreached.is_empty(), "{report}");
    assert!(!conformance(rule).without("corpus").run().is_clean(), "nothing lies at the catalogue's own base");
}

#[test]
fn a_failure_of_grpc_is_no_success() {
    for (code, expected) in [(None, true), (Some("0"), true), (Some("16"), false)] {
        let headers = code.map(|code| ("grpc-status".to_owned(), code.to_owned())).into_iter().collect();
        assert_eq!(Answer { status: 200, headers, body: Vec::new() }.is_success(), expected, "{code:?}");
    }
}

#[test]
fn a_class_can_be_left_out() {
    let rule: fn(&Asked) -> Option<String> = |asked| {
        let (target, token) = asked.target.split_once("?access_token=").unwrap_or((&asked.target, ""));
        due(&asked.method, target, known(token).or_else(|| asked.grant()).as_ref())
    };
    conformance(rule).without("credentials").run().assert_clean();
}

#[test]
fn tokens_are_shown_nowhere() {
    let conformance = conformance(right);
    assert!(!format!("{conformance:?}").contains("secret"), "{conformance:?}");
    // One that looks otherwise once it is escaped.
    let quoted = "secret\\-\"quoted'\u{e9}";
    let conformance = conformance.token(quoted, known("secret-both-e1").unwrap());
    for route in CATALOGUE.routes() {
        for planned in conformance.planned(route, true) {
            let shown = conformance.shown(&planned);
            assert!(!shown.contains("secret") && !shown.contains("quoted"), "{shown}");
        }
    }
    let reached = Reached::Handler { route: format!("{quoted}\u{1b}[2J"), tenant: None };
    let planned = conformance.planned(CATALOGUE.routes().next().unwrap(), false).swap_remove(0);
    let reason = conformance.judge(&planned, &reached).unwrap();
    assert_eq!(reason, "`<token>\\u{1b}[2J` ran, which is no route of the catalogue");
}

#[test]
fn answers_are_bounded_and_read_to_their_end() {
    for (sent, status, body) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n1;x\r\n!\r\n0\r\n\r\n", 200, "ok!"),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", 403, ""),
        ("HTTP/1.1 204 No Content\r\n\r\n", 204, ""),
        ("HTTP/1.0 404 Not Found\r\n\r\nuntil the end", 404, "until the end"),
        // The head is there: a handler has run, whatever became of the body.
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", 200, "short"),
        ("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nshort", 200, "short"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n9\r\nshort", 200, "okshort"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno chunk\r\n", 200, ""),
        ("HTTP/1.1 101 Switching Protocols\r\n\r\n\x01\x02", 101, ""),
        ("nothing of HTTP\r\n\r\n", 0, ""),
        ("", 0, ""),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 64];
            let _ = stream.read(&mut request);
            stream.write_all(sent.as_bytes()).unwrap();
        });
        let outcome = Client::new(address, Duration::from_secs(2)).send(b"GET / HTTP/1.1\r\n\r\n", "GET").unwrap();
        let answer = if let Outcome::Answered(answer) = outcome { answer } else { Answer::default() };
        assert_eq!((answer.status(), &*String::from_utf8_lossy(answer.body())), (status, body), "{sent:?}");
        server.join().unwrap();
    }
}
