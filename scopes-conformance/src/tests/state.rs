//! Data that handlers need: queries, values that deletions use up, a reset, and tokens that have
//! revoked themselves.

use std::collections::BTreeSet;
use std::sync::Mutex;

use super::*;

scopes::scopes! {
    mod stored;

    users.read { GET "/users/:user" as get_user; GET "/pulses" as list_pulses; }
    users.delete {
        DELETE "/users/:user" as delete_user;
        DELETE "/v2/users/:user" as delete_user_v2;
        DELETE "/users/:user/keys/:key" as delete_key;
    }
    authenticated("a session") { GET "/session"; POST "/session/end"; PUT "/session"; }
}

const CALLERS: [(&str, stored::Scope); 2] =
    [("secret-reader", stored::Scope::UsersRead), ("secret-deleter", stored::Scope::UsersDelete)];

/// The data of the server.
#[derive(Clone, Debug, Default)]
struct Store {
    users: BTreeSet<String>,
    revoked: BTreeSet<String>,
}

fn full() -> Store {
    Store { users: ["u1", "u2"].map(str::to_owned).into(), ..Store::default() }
}

/// Returns the token if the caller is authorized. Only then the server reads the rest of the
/// request.
fn allowed(asked: &Asked, store: &Store) -> Option<String> {
    let mut all = asked.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("authorization"));
    let token = all.next().and_then(|(_, value)| value.strip_prefix("Bearer ")).filter(|_| all.next().is_none());
    let (token, scope) = CALLERS.iter().find(|(known, _)| Some(*known) == token && !store.revoked.contains(*known))?;
    let grant = stored::Grant::new(*scope);
    let method = Method::from_bytes(asked.method.as_bytes()).ok()?;
    let decision = stored::CATALOGUE.decide(&method, &asked.target, Some(&grant));
    decision.is_allowed().then(|| (*token).to_owned())
}

fn status(status: &str) -> String {
    format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
}

/// The answer of a correct server. It answers 401 to an unknown token.
fn answered(asked: &Asked, store: &mut Store) -> String {
    let Some(token) = allowed(asked, store) else { return status("401 Unauthorized") };
    let (path, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let found = match (&*asked.method, &*segments) {
        ("GET" | "HEAD", ["users", user]) => store.users.contains(*user),
        ("GET" | "HEAD", ["pulses"]) => query.split('&').any(|pair| pair == "pulsetime=5"),
        ("DELETE", ["users", user, "keys", _]) => store.users.contains(*user),
        ("DELETE", ["users", user] | ["v2", "users", user]) => store.users.remove(*user),
        ("POST", ["session", "end"]) => store.revoked.insert(token),
        (_, ["session"]) => true,
        _ => false,
    };
    status(if found { "200 OK" } else { "404 Not Found" })
}

fn attacks(store: &Arc<Mutex<Store>>) -> Conformance<stored::Scope> {
    let store = Arc::clone(store);
    attacks_by(move |asked| answered(asked, &mut store.lock().unwrap()))
}

fn attacks_by(rule: impl Fn(&Asked) -> String + Send + Sync + 'static) -> Conformance<stored::Scope> {
    let address = serve_answers(move |asked| Some(rule(asked)));
    let start = Conformance::new(address, &stored::CATALOGUE).time_limit(Duration::from_secs(2));
    let start = OF_TRICKS.into_iter().fold(start, Conformance::without);
    CALLERS.into_iter().fold(start, |all, (token, scope)| all.token(token, stored::Grant::new(scope)))
}

/// A test on a full store, without the route that ends a session.
fn without_session(store: &Arc<Mutex<Store>>) -> Conformance<stored::Scope> {
    let store = Arc::clone(store);
    attacks_by(move |asked| {
        let mut store = store.lock().unwrap();
        let answer = answered(asked, &mut store);
        store.revoked.clear();
        answer
    })
}

fn unreached(report: &Report) -> Vec<&str> {
    report.unreached.iter().map(|unreached| &*unreached.route).collect()
}

#[test]
fn deletions_use_values_up() {
    let store = Arc::new(Mutex::new(full()));
    let start = || without_session(&store).query_of("list_pulses", "pulsetime=5");
    let report = start().value("user", "u1").run();
    // The route with more segments was requested first and used up the value.
    assert_eq!(unreached(&report), ["DELETE /users/{user}"], "{report}");
    *store.lock().unwrap() = full();
    // The key is deleted before its user, although its route is declared later.
    let report = start().values("user", ["u1", "u2"]).run();
    report.assert_complete();
    assert!(store.lock().unwrap().users.is_empty());
}

#[test]
fn what_was_changed_is_restored() {
    let store = Arc::new(Mutex::new(Store::default()));
    let start = || without_session(&store).query_of("list_pulses", "pulsetime=5").value("user", "u1");
    assert!(!start().run().unreached.is_empty());
    let restored = Arc::clone(&store);
    start().reset(move || *restored.lock().unwrap() = full()).run().assert_complete();
}

#[test]
fn queries_are_sent_with_every_request_for_their_route() {
    let store = Arc::new(Mutex::new(full()));
    let start = || without_session(&store).values("user", ["u1", "u2"]);
    assert_eq!(unreached(&start().run()), ["GET /pulses"]);
    // The query can also be set by method and template.
    *store.lock().unwrap() = full();
    start().query_of("GET /pulses", "pulsetime=5").run().assert_complete();
    // Without the query, this server would refuse unauthorized callers only because the query is
    // missing.
    let store = Arc::new(Mutex::new(full()));
    let open = attacks_by(move |asked| {
        let is_open = asked.target.starts_with("/pulses?pulsetime=5");
        if is_open { status("200 OK") } else { answered(asked, &mut store.lock().unwrap()) }
    });
    let report = open.query_of("list_pulses", "pulsetime=5").run();
    let found = |breach: &&Breach| breach.class == "no token" && breach.request == "GET /pulses?pulsetime=5";
    assert!(report.breaches.iter().any(|breach| found(&breach)), "{report}");
}

#[test]
fn tricks_have_the_query() {
    let conformance = Conformance::new(([127, 0, 0, 1], 9).into(), &stored::CATALOGUE).query_of("list_pulses", "a=1");
    let route = stored::CATALOGUE.routes().find(|route| route.name() == "list_pulses").unwrap();
    let mut planned = conformance.setup.planned(route, false);
    conformance.setup.add_query(route, &mut planned);
    for planned in &planned {
        let target = String::from_utf8_lossy(&planned.trick.target);
        assert!(target.ends_with("?a=1") || target.ends_with("&a=1") || target.contains('#'), "{target}");
        let is_rewritten = planned.trick.headers.iter().any(|line| line.starts_with("X-Original-URL: /pulses?a=1"));
        assert!(is_rewritten || !planned.trick.headers.iter().any(|line| line.starts_with("X-Original-URL: /pulses")));
    }
}

#[test]
fn mistakes_are_told() {
    let start = || attacks(&Arc::default());
    for (conformance, expected) in [
        (
            start().query_of("list_puls", "a=1"),
            "no route of the catalogue is named `list_puls`; did you mean `list_pulses`?",
        ),
        (
            start().query_of("list_pulses", "a b"),
            "the query of `list_pulses` is empty, or holds a character that must be escaped",
        ),
        (
            start().query_of("list_pulses", ""),
            "the query of `list_pulses` is empty, or holds a character that must be escaped",
        ),
        (start().values("user", [""; 0]), "`values` gives none for `user`"),
        (start().values("usr", ["1"]), "no path of the catalogue has a parameter `usr`; did you mean `user`?"),
        (
            start().values("user", ["1", "a b"]),
            "`/users/a b` is not a path of `GET /users/{user}`, give another value: the path holds a byte that must be escaped",
        ),
    ] {
        let report = conformance.run();
        assert_eq!(report.problems.first().map(ToString::to_string).as_deref(), Some(expected));
        assert_eq!(report.requests, 0);
    }
}

/// The server knew the token before, so a later refusal has another reason.
#[test]
fn a_token_that_has_revoked_itself_is_told() {
    let report = attacks(&Arc::new(Mutex::new(full()))).values("user", ["u1", "u2"]).run();
    let put = report.unreached.iter().find(|unreached| unreached.route == "PUT /session").unwrap();
    let expected = "answered 401 to a token that has opened handlers before: it may have revoked itself, \
                    `POST /session/end` was the last";
    assert_eq!(put.reason, expected, "{report}");
    assert!(report.problems.is_empty(), "{report}");
}

/// A handler must have compared the resource before it can answer 304.
#[test]
fn not_modified_is_reached() {
    let not_modified = |asked: &Asked, handler: Option<String>| {
        let is_it = asked.target == "/api/eventTypes" && handler.is_some();
        if is_it { status("304 Not Modified") } else { answer(asked, handler) }
    };
    let sound = serve_answers(move |asked| Some(not_modified(asked, right(asked))));
    without_tricks(attacks_on(sound)).run().assert_complete();
    let open = serve_answers(move |asked| {
        let is_it = asked.target == "/api/eventTypes";
        Some(not_modified(asked, if is_it { Some("it".to_owned()) } else { right(asked) }))
    });
    let report = without_tricks(attacks_on(open)).run();
    assert!(report.breaches.iter().any(|breach| breach.class == "no token" && breach.status == 304), "{report}");
}

#[test]
fn what_was_not_tried_is_one_line() {
    let all = || stored::Grant::new(ScopeSet::all());
    let address = serve_answers(|_| Some(status("200 OK")));
    let report = without_tricks_of(Conformance::new(address, &stored::CATALOGUE).token("secret", all())).run();
    let expected = "\nnot tried: missing scope on 5 routes: every token holds its scopes (GET /users/{user}, \
                    GET /pulses, DELETE /users/{user}/keys/{key}, ..)\n";
    assert!(report.to_string().contains(expected), "{report}");
    assert_eq!(report.untried.len(), 5, "{report}");
}

fn without_tricks_of(conformance: Conformance<stored::Scope>) -> Conformance<stored::Scope> {
    OF_TRICKS.into_iter().fold(conformance, Conformance::without)
}
