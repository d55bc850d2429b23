//! Tokens in places where a server must not look for one, and malformed tokens in the place where
//! it does.

use super::classes;
use super::derive::{Trick, encoded};

/// Names by which servers are known to take tokens from a query or a body. The first is that of RFC
/// 6750.
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
/// Each of these is tried alone, since they are the most frequent.
const ALONE: usize = 6;
/// So many of the others share a request, so that the report can still show all of them.
const TOGETHER: usize = 6;
/// Fewer do where tokens are long: no request is to be refused for its length.
const LONGEST: usize = 2048;

/// Requests with a good token in a wrong place or form. They count as requests without a token.
pub(super) fn misplaced(method: &str, path: &str, token: &str) -> Vec<Trick> {
    let plain = || Trick::new(classes::CREDENTIALS, method, path);
    let mut all: Vec<Trick> = [
        format!("Authorization: {token}"),
        format!("Authorization: Basic {token}"),
        format!("Authorization: Token {token}"),
        format!("Authorization: Bearer{token}"),
        format!("Authorization: Bearer {token}, Bearer {token}"),
        format!("Authorization: Bearer {token} {token}"),
        format!("Authorization: Bearer {token}x"),
        format!(
            "Authorization: Bearer {}",
            token.split_at_checked(token.len().saturating_sub(1)).map_or("", |(most, _)| most)
        ),
        format!("Authorization: Bearer {token}%00"),
        "Authorization: Bearer ".into(),
        "Authorization: Bearer".into(),
        "Authorization:".into(),
        "Authorization: Bearer null".into(),
        "Authorization: Bearer undefined".into(),
        "Authorization: Bearer *".into(),
        "Authorization: Bearer ' OR '1'='1".into(),
        format!("Authorization: Bearer {}", "a".repeat(20_000)),
        format!("Proxy-Authorization: Bearer {token}"),
        format!("X-Api-Key: {token}"),
        format!("X-Forwarded-Authorization: Bearer {token}"),
        format!("Cookie: token={token}; access_token={token}"),
    ]
    .into_iter()
    .map(|line| plain().header(line))
    .collect();
    let bearer = format!("Authorization: Bearer {token}");
    all.push(plain().header(bearer.clone()).header("Authorization: Bearer unknown"));
    all.push(plain().header("Authorization: Bearer unknown").header(bearer.clone()));
    all.push(plain().header(bearer.clone()).header("Authorization: Basic dTpw"));
    all.push(plain().header(bearer.clone()).header(bearer));
    all.extend(in_another_case(method, path, token));
    all.extend(in_the_query(method, path, token));
    all.extend(in_the_body(method, path, token));
    all
}

/// The token itself, in letters of the other case.
fn in_another_case(method: &str, path: &str, token: &str) -> Vec<Trick> {
    let mut others = vec![token.to_ascii_uppercase(), token.to_ascii_lowercase()];
    others.retain(|other| other != token);
    let trick = |other| Trick::new(classes::TOKEN_CASE, method, path).header(format!("Authorization: Bearer {other}"));
    others.into_iter().map(trick).collect()
}

fn in_the_query(method: &str, path: &str, token: &str) -> Vec<Trick> {
    let value = in_a_form(token);
    let (alone, others) = NAMES.split_at(ALONE);
    let together = (LONGEST / (value.len() + 16)).clamp(1, TOGETHER);
    let groups = alone.chunks(1).chain(others.chunks(together));
    let mut queries: Vec<String> = groups.map(|names| pairs(names, &value)).collect();
    queries.push(format!("Authorization=Bearer%20{value}"));
    let trick = |query| Trick::new(classes::QUERY_TOKENS, method, format!("{path}?{query}"));
    queries.into_iter().map(trick).collect()
}

/// A form as in RFC 6750, section 2.2, and the same as JSON.
fn in_the_body(method: &str, path: &str, token: &str) -> Vec<Trick> {
    let value = in_json(token);
    let members = NAMES.map(|name| format!("\"{name}\":\"{value}\"")).join(",");
    let bodies = [
        ("application/x-www-form-urlencoded", pairs(&NAMES, &in_a_form(token))),
        ("application/json", format!("{{{members}}}")),
    ];
    let trick = |(kind, body)| Trick::new(classes::BODY_TOKENS, method, path).body(kind, body);
    bodies.into_iter().map(trick).collect()
}

fn pairs(names: &[&str], value: &str) -> String {
    names.iter().map(|name| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// The token percent-encoded, as a value of a query or a form: a raw `+` would be read as a space.
pub(super) fn in_a_form(token: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    token.bytes().map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { encoded(byte) }).collect()
}

/// The token within the quotes of a JSON string.
pub(super) fn in_json(token: &str) -> String {
    token.replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_sent_and_nothing_is_too_long() {
        for token in ["t", "ab+c/d==", &"x".repeat(1500), &"x".repeat(6000)] {
            let all = in_the_query("GET", "/p", token);
            let sent: Vec<String> = all.iter().map(|trick| String::from_utf8(trick.target.clone()).unwrap()).collect();
            let value = in_a_form(token);
            for name in NAMES {
                let pair = format!("{name}={value}");
                assert!(sent.iter().any(|target| target[3..].split('&').any(|found| found == pair)), "{name}");
            }
            assert!(all.len() <= NAMES.len() + 1, "{}", all.len());
            assert!(sent.iter().all(|target| target.len() <= LONGEST.max(value.len()) + 64), "{token}");
        }
        assert_eq!(in_a_form("ab+c/d=="), "ab%2bc%2fd%3d%3d");
    }

    #[test]
    fn another_case_is_another_token() {
        let lines = |token: &str| in_another_case("GET", "/p", token).into_iter().flat_map(|trick| trick.headers);
        assert_eq!(lines("aB").collect::<Vec<_>>(), ["Authorization: Bearer AB", "Authorization: Bearer ab"]);
        assert_eq!(lines("a1").collect::<Vec<_>>(), ["Authorization: Bearer A1"]);
        assert_eq!(lines("17").count(), 0);
    }
}
