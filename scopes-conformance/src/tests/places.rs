//! Servers that take tokens from a header, a cookie or Basic credentials: correct ones, and each
//! with a mistake.

use super::super::place::base64;
use super::*;

/// The texts that a request has in a place.
fn texts(asked: &Asked, place: &TokenPlace) -> Vec<String> {
    let of = |name: &str| {
        let name = name.to_owned();
        asked.headers.iter().filter(move |(found, _)| found.eq_ignore_ascii_case(&name)).map(|(_, value)| value.clone())
    };
    match place {
        TokenPlace::Bearer => of("authorization").map(|value| after(&value, "Bearer ")).collect(),
        TokenPlace::Basic => of("authorization").map(|value| after(&value, "Basic ")).collect(),
        TokenPlace::Header(name) => of(name).collect(),
        TokenPlace::Cookie(name) => {
            let pairs: Vec<String> = of("cookie").collect();
            let pairs = pairs.iter().flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
            pairs.filter(|(found, _)| found == name).map(|(_, value)| value.to_owned()).collect()
        }
    }
}

/// Credentials of another scheme are not a token, but they still count as a second header.
fn after(value: &str, scheme: &str) -> String {
    value.strip_prefix(scheme).unwrap_or("of another scheme").to_owned()
}

/// A token of the tests in the form that a place needs.
fn sent(place: &TokenPlace, token: &str) -> String {
    if matches!(place, TokenPlace::Basic) { base64(&credentials(token)) } else { token.to_owned() }
}

fn credentials(token: &str) -> String {
    format!("User:{token}")
}

/// The grant of a text from a place.
fn granted(place: &TokenPlace, text: &str) -> Option<Grant<TestScope>> {
    TOKENS.iter().find(|token| sent(place, token) == text).and_then(|token| known(token))
}

/// Accepts the text of the place only if it is the only one.
fn only_one(asked: &Asked, place: &TokenPlace) -> Option<Grant<TestScope>> {
    match &*texts(asked, place) {
        [text] => granted(place, text),
        _ => None,
    }
}

/// A server that finds the grant with this function, and refuses requests that a page of another
/// site has caused.
fn server(grant: impl Fn(&Asked) -> Option<Grant<TestScope>> + Send + Sync + 'static) -> SocketAddr {
    careless_server(move |asked| grant(asked).filter(|_| !is_from_another_site(asked)))
}

/// A server that finds the grant with this function.
fn careless_server(grant: impl Fn(&Asked) -> Option<Grant<TestScope>> + Send + Sync + 'static) -> SocketAddr {
    serve_answers(move |asked| Some(answer(asked, due(&asked.method, &asked.target, grant(asked).as_ref()))))
}

fn is_from_another_site(asked: &Asked) -> bool {
    let says_so = match (asked.header("sec-fetch-site"), asked.header("origin")) {
        (Some(site), _) => !matches!(site, "same-origin" | "none"),
        (None, origin) => origin.is_some(),
    };
    says_so && !matches!(&*asked.method, "GET" | "HEAD")
}

fn attacks(place: &TokenPlace, address: SocketAddr) -> Conformance<TestScope> {
    let start =
        without_tricks_but(&["credentials", "repeated tokens", "token case"], Conformance::new(address, &CATALOGUE));
    let start = start.tokens_in(place.clone()).value("user", "u7").time_limit(Duration::from_secs(2));
    TOKENS.iter().fold(start, |all, token| {
        let raw = if matches!(place, TokenPlace::Basic) { credentials(token) } else { (*token).to_owned() };
        all.token(raw, known(token).unwrap())
    })
}

fn places() -> [TokenPlace; 4] {
    let header = TokenPlace::Header("X-Api-Key".to_owned());
    [TokenPlace::Bearer, header, TokenPlace::Cookie("session".to_owned()), TokenPlace::Basic]
}

#[test]
fn sound_servers_are_clean() {
    for place in places() {
        let of_server = place.clone();
        let report = attacks(&place, server(move |asked| only_one(asked, &of_server))).run();
        report.assert_complete();
        assert!(report.requests > 700, "{place:?}: {report}");
    }
}

/// Browsers send cookies and remembered passwords by themselves, whatever page causes the request.
#[test]
fn pages_of_other_sites_change_nothing() {
    for place in places() {
        let of_server = place.clone();
        let report = attacks(&place, careless_server(move |asked| only_one(asked, &of_server))).run();
        let found: Vec<_> = report.breaches.iter().filter(|breach| breach.class == "other sites").collect();
        let is_sent_by_browsers = matches!(place, TokenPlace::Cookie(_) | TokenPlace::Basic);
        assert_eq!(!found.is_empty(), is_sent_by_browsers, "{place:?}: {report}");
        assert!(found.iter().all(|breach| breach.request.starts_with("POST ")), "{place:?}: {report}");
        assert_eq!(found.len(), report.breaches.len(), "{place:?}: {report}");
    }
}

/// A server that looks at only one of the two headers is found.
#[test]
fn each_header_that_tells_the_site_is_tried() {
    let cookie = &places()[2];
    for (ignored, told) in [("sec-fetch-site", "Sec-Fetch-Site: cross-site"), ("origin", "Origin: null")] {
        let address = careless_server(move |asked| {
            let is_ignored = asked.header(ignored).is_some();
            only_one(asked, &places()[2]).filter(|_| is_ignored || !is_from_another_site(asked))
        });
        let report = attacks(cookie, address).run();
        assert!(report.breaches.iter().any(|breach| breach.request.ends_with(told)), "{report}");
        assert!(report.breaches.iter().all(|breach| breach.class == "other sites"), "{report}");
    }
}

/// If the test sends tokens in a wrong place, no token opens a route, and the report must not be
/// clean.
#[test]
fn a_wrong_place_is_told() {
    let report = attacks(&TokenPlace::Bearer, server(|asked| only_one(asked, &places()[1]))).run();
    assert_eq!(report.reached_by_token, 0, "{report}");
    let is_idle = |problem: &Problem| matches!(problem, Problem::Token { reason: TokenProblem::Idle, .. });
    assert_eq!(report.problems.iter().filter(|problem| is_idle(problem)).count(), 3, "{report}");
}

/// Each row: what the server accepts besides the right token, and the request that finds it.
#[test]
fn broken_servers_are_found() {
    type Mistake = fn(&Asked, &TokenPlace) -> Option<Grant<TestScope>>;
    let header = &places()[1];
    let mistakes: [(&TokenPlace, Mistake, &str, &str); 12] = [
        (header, |asked, _| only_one(asked, &TokenPlace::Bearer), "credentials", "Authorization: Bearer <token>"),
        (&places()[2], |asked, _| only_one(asked, &TokenPlace::Bearer), "credentials", "Authorization: Bearer <token>"),
        (
            header,
            |asked, place| granted(place, texts(asked, place).first()?),
            "repeated tokens",
            "X-Api-Key: <token>, X-Api-Key: x",
        ),
        (
            header,
            |asked, place| granted(place, texts(asked, place).last()?),
            "repeated tokens",
            "X-Api-Key: x, X-Api-Key: <token>",
        ),
        (
            header,
            |asked, place| granted(place, &texts(asked, place).first()?.to_lowercase()),
            "token case",
            "X-Api-Key: <token>",
        ),
        (
            header,
            |asked, place| texts(asked, place).first()?.is_empty().then(everything),
            "malformed token",
            "X-Api-Key: ",
        ),
        (
            &places()[2],
            |asked, place| granted(place, texts(asked, place).first()?.split(',').next()?),
            "credentials",
            "Cookie: session=<token>, <token>",
        ),
        (
            &places()[2],
            |asked, _| only_one(asked, &TokenPlace::Cookie("token".into())),
            "credentials",
            "Cookie: token=<token>; access_token=<token>",
        ),
        (
            &places()[2],
            |asked, place| texts(asked, place).first()?.starts_with("unknown").then(everything),
            "unknown token",
            "Cookie: session=unknown-0123456789",
        ),
        (
            &places()[3],
            |asked, place| (*texts(asked, place).first()? == base64("User:")).then(everything),
            "credentials",
            "Authorization: Basic <token>",
        ),
        (
            &places()[3],
            |asked, _| {
                let plain = asked.header("authorization")?.strip_prefix("Basic User:")?;
                known(plain)
            },
            "credentials",
            "Authorization: Basic <token>",
        ),
        (
            &places()[3],
            |asked, place| texts(asked, place).first()?.starts_with("dW5rbm93").then(everything),
            "unknown token",
            "Authorization: Basic dW5rbm93",
        ),
    ];
    for (place, mistake, class, request) in mistakes {
        let of_server = place.clone();
        let address = server(move |asked| only_one(asked, &of_server).or_else(|| mistake(asked, &of_server)));
        let report = attacks(place, address).run();
        let found = |breach: &&Breach| breach.class == class && breach.request.contains(request);
        assert!(report.breaches.iter().any(|breach| found(&breach)), "{class}: {request}: {report}");
        let shown = format!("{report:?}{report}").to_lowercase();
        assert!(!shown.contains("secret"), "{shown}");
        for token in TOKENS {
            for text in [credentials(token), format!("{}x", credentials(token))] {
                assert!(!format!("{report:?}").contains(&base64(&text)), "{report}");
            }
        }
    }
}

/// A server with keys and sessions. The token of one place must not count in the other, unless the
/// test gives it for both places.
#[test]
fn places_of_single_tokens() {
    let [_, header, cookie, _] = places();
    let by_both = |asked: &Asked| only_one(asked, &places()[1]).or_else(|| only_one(asked, &places()[2]));
    let (key, session) = ("secret-writer-e1", "secret-both-e2");
    let (of_key, of_session) = (known(key).unwrap(), known(session).unwrap());
    let start =
        |address| without_tricks_but(&["credentials"], Conformance::new(address, &CATALOGUE)).value("user", "u7");
    let auditor = known(TOKENS[2]).unwrap();
    let report = start(server(by_both))
        .tokens_in(header.clone())
        .token(key, of_key)
        .token(TOKENS[2], auditor)
        .token_in(cookie.clone(), session, of_session.clone())
        .run();
    report.assert_complete();
    // The same token may be given for two places. It does not count as repeated.
    let twice =
        start(server(by_both)).token_in(header, session, of_session.clone()).token_in(cookie, session, of_session);
    assert_eq!(twice.setup.mistakes(), []);
}
