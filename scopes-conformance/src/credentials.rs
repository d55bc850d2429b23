//! Tokens in places where the server must not look for one, and malformed tokens in the place where
//! it looks.

use super::classes;
use super::escapes::escaped;
use super::place::{TokenPlace, in_json, is_same_line};
use super::tricks::Trick;

/// Names under which servers are known to take tokens from a query or a body. RFC 6750 defines the
/// first.
const NAMES: [&str; 24] = [
    "access_token",
    "token",
    "api_key",
    "key",
    "jwt",
    "auth",
    "apikey",
    "apiKey",
    "api-key",
    "accessToken",
    "auth_token",
    "authToken",
    "authorization",
    "Authorization",
    "bearer",
    "bearer_token",
    "id_token",
    "session",
    "session_id",
    "sid",
    "password",
    "code",
    "ticket",
    "k",
];
/// The number of names that are tried alone, because they are the most frequent.
const ALONE: usize = 6;
/// The number of other names that share a request: few enough for the report to show all of them.
const TOGETHER: usize = 6;
/// The greatest length of a query that several names share. If tokens are long, fewer names share a
/// query, because a server should not refuse it for its length.
const LONGEST: usize = 2048;

/// The method and the path of the route under attack.
pub(super) struct Target<'t> {
    pub(super) method: &'t str,
    pub(super) path: &'t str,
}

impl Target<'_> {
    fn trick(&self, class: &'static str) -> Trick {
        Trick::new(class, self.method, self.path)
    }
}

/// Requests with a good token in a wrong place or form. They count as requests without a token.
///
/// `place` is where the token belongs. `taken` lists all places where the server looks for tokens.
pub(super) fn misplaced(target: &Target<'_>, place: &TokenPlace, taken: &[&TokenPlace], token: &str) -> Vec<Trick> {
    let plain = || target.trick(classes::CREDENTIALS);
    let right = place.line(token);
    let mut lines = elsewhere(taken, token);
    lines.extend(place.almost(token).iter().map(|text| place.written(text)));
    lines.extend(INSTEAD.iter().map(|text| place.written(text)));
    lines.push(place.written(&"a".repeat(20_000)));
    let mut all: Vec<Trick> = lines.into_iter().map(|line| plain().header(line)).collect();
    // A client may send two cookies of one name (RFC 6265, section 5.4), so a server may take the
    // first.
    let repeated = || target.trick(classes::REPEATED_TOKENS);
    if !matches!(place, TokenPlace::Cookie(_)) {
        let [_, unknown] = place.unknown();
        all.push(repeated().header(right.clone()).header(unknown.clone()));
        all.push(repeated().header(unknown).header(right.clone()));
        all.push(repeated().header(right.clone()).header(right.clone()));
    }
    match place {
        TokenPlace::Bearer => all.push(repeated().header(right).header("Authorization: Basic dTpw")),
        TokenPlace::Basic => all.push(repeated().header(right).header("Authorization: Bearer x")),
        TokenPlace::Header(_) | TokenPlace::Cookie(_) => {}
    }
    all.extend(place.in_another_case(token).into_iter().map(|line| target.trick(classes::TOKEN_CASE).header(line)));
    all.extend(in_the_query(target.method, target.path, token));
    all.extend(in_the_body(target.method, target.path, token));
    all
}

/// Texts that some servers are known to accept as a token.
const INSTEAD: [&str; 5] = ["", "null", "undefined", "*", "' OR '1'='1"];

/// The token in headers where the server does not look for one.
fn elsewhere(taken: &[&TokenPlace], token: &str) -> Vec<String> {
    let mut lines: Vec<String> = vec![
        format!("Authorization: {token}"),
        format!("Authorization: Basic {token}"),
        format!("Authorization: Token {token}"),
        format!("Authorization: Bearer{token}"),
        format!("Authorization: Bearer {token}"),
        "Authorization:".into(),
        "Authorization: Bearer".into(),
        format!("Proxy-Authorization: Bearer {token}"),
        format!("X-Api-Key: {token}"),
        format!("X-Forwarded-Authorization: Bearer {token}"),
    ];
    if token.contains(':') {
        lines.push(TokenPlace::Basic.line(token));
    }
    lines.retain(|line| !taken.iter().any(|place| is_same_line(&place.line(token), line)));
    let is_free = |name: &&str| !taken.iter().any(|place| matches!(place, TokenPlace::Cookie(taken) if taken == name));
    let cookies: Vec<String> =
        ["token", "access_token"].iter().filter(|name| is_free(name)).map(|name| format!("{name}={token}")).collect();
    lines.extend((!cookies.is_empty()).then(|| format!("Cookie: {}", cookies.join("; "))));
    lines
}

fn in_the_query(method: &str, path: &str, token: &str) -> Vec<Trick> {
    let value = escaped(token);
    let (alone, others) = NAMES.split_at(ALONE);
    let together = (LONGEST / (value.len() + 16)).clamp(1, TOGETHER);
    let groups = alone.chunks(1).chain(others.chunks(together));
    let mut queries: Vec<String> = groups.map(|names| pairs(names, &value)).collect();
    queries.push(format!("Authorization=Bearer%20{value}"));
    let trick = |query| Trick::new(classes::QUERY_TOKENS, method, format!("{path}?{query}"));
    queries.into_iter().map(trick).collect()
}

/// The token in a form (RFC 6750, section 2.2), and the same fields as JSON.
fn in_the_body(method: &str, path: &str, token: &str) -> Vec<Trick> {
    let value = in_json(token);
    let members = NAMES.map(|name| format!("\"{name}\":\"{value}\"")).join(",");
    let bodies = [
        ("application/x-www-form-urlencoded", pairs(&NAMES, &escaped(token))),
        ("application/json", format!("{{{members}}}")),
    ];
    let trick = |(kind, body)| Trick::new(classes::BODY_TOKENS, method, path).body(kind, body);
    bodies.into_iter().map(trick).collect()
}

fn pairs(names: &[&str], value: &str) -> String {
    names.iter().map(|name| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_sent_and_nothing_is_too_long() {
        for token in ["t", "ab+c/d==", &"x".repeat(1500), &"x".repeat(6000)] {
            let all = in_the_query("GET", "/p", token);
            let sent: Vec<String> = all.iter().map(|trick| String::from_utf8(trick.target.clone()).unwrap()).collect();
            let value = escaped(token);
            for name in NAMES {
                let pair = format!("{name}={value}");
                assert!(sent.iter().any(|target| target[3..].split('&').any(|found| found == pair)), "{name}");
            }
            assert!(all.len() <= NAMES.len() + 1, "{}", all.len());
            assert!(sent.iter().all(|target| target.len() <= LONGEST.max(value.len()) + 64), "{token}");
        }
        assert_eq!(escaped("ab+c/d=="), "ab%2bc%2fd%3d%3d");
    }

    /// The token is sent in every place except those where the server looks for it.
    #[test]
    fn places_that_are_taken_are_left_out() {
        let header = TokenPlace::Header("x-api-key".to_owned());
        let cookie = TokenPlace::Cookie("token".to_owned());
        for (taken, left_out) in [
            (vec![&TokenPlace::Bearer], "Authorization: Bearer u:p"),
            (vec![&TokenPlace::Basic], "Authorization: Basic dTpw"),
            (vec![&header, &TokenPlace::Bearer], "X-Api-Key: u:p"),
            (vec![&cookie], "Cookie: token=u:p; access_token=u:p"),
        ] {
            let lines = elsewhere(&taken, "u:p");
            assert!(!lines.iter().any(|line| line == left_out), "{taken:?}: {lines:?}");
            assert!(lines.len() >= 10, "{taken:?}: {lines:?}");
        }
        assert!(elsewhere(&[&header], "t").contains(&"Authorization: Bearer t".to_owned()));
        assert!(elsewhere(&[&cookie], "t").contains(&"Cookie: access_token=t".to_owned()));
    }
}
