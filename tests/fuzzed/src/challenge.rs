//! The builders of header values, on any text.

use http::HeaderValue;

use crate::challenge_source::{Challenge, Challenges, Scheme, accepted_scopes, allow, may_be_quoted};
use crate::hostile::{challenge_parameters, needs_no_escape, parameters_after};
use crate::reached::reach;

/// The first line is a realm. The others are scopes, and an empty line separates alternatives.
pub(crate) fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (realm, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let alternatives: Vec<Vec<&str>> = rest.split("\n\n").map(|term| term.split('\n').collect()).collect();
    let scopes = alternatives.first().map_or(&[][..], Vec::as_slice);

    reach(if needs_no_escape(realm) { "realm kept" } else { "realm filtered" });
    for challenge in
        [Challenge::Absent, Challenge::InvalidRequest, Challenge::InvalidToken, Challenge::InsufficientScope(scopes)]
    {
        let [bearer] = &Challenges::default().to_headers(challenge, realm, &[])[..] else { panic!("one scheme") };
        let parameters = challenge_parameters(bearer);
        let find = |name: &str| parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        assert_eq!(find("realm"), Some(safe(realm).as_str()));
        let (error, names) = match challenge {
            Challenge::Absent => (None, 1),
            Challenge::InvalidRequest => (Some("invalid_request"), 3),
            Challenge::InvalidToken => (Some("invalid_token"), 3),
            Challenge::InsufficientScope(_) => {
                reach("scopes");
                assert_eq!(find("scope"), Some(safe(&scopes.join(" ")).as_str()));
                (Some("insufficient_scope"), 3)
            }
        };
        assert_eq!((find("error"), parameters.len()), (error, names));
    }

    others(realm, scopes);
    list(accepted_scopes(&alternatives), &alternatives.iter().map(|term| term.join(" ")).collect::<Vec<_>>(), "; ");
    let mut methods: Vec<&str> = rest.split('\n').collect();
    let allowed = allow(methods.iter().copied());
    reach(if allowed.is_some() { "allow" } else { "no header" });
    methods.sort_unstable();
    list(allowed, &methods, ", ");
}

/// Checks the challenges of all schemes, if the client has used the last one. The text is both the
/// realm and the name of a cookie.
fn others(text: &str, scopes: &[&str]) {
    let hint = scopes.first().copied().filter(|hint| may_be_quoted(hint));
    let parameters: Vec<_> = hint.into_iter().map(|hint| ("hint".into(), hint.into())).collect();
    let key = Scheme::ApiKey(Some(("cookie", text.into())));
    let challenges = Challenges::new(&[Scheme::Bearer, Scheme::Basic, key], 2);
    let found = challenges.to_headers(Challenge::InvalidToken, text, &parameters);
    let parsed: Vec<_> = ["Bearer ", "Basic ", "ApiKey "]
        .iter()
        .zip(&found)
        .map(|(scheme, value)| parameters_after(scheme, value))
        .collect();
    assert_eq!((found.len(), parsed.len()), (3, 3));
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let realm = pair("realm", &safe(text));
    let hint = hint.map(|hint| pair("hint", hint));
    assert_eq!(parsed[0], [realm.clone()].into_iter().chain(hint).collect::<Vec<_>>());
    assert_eq!(parsed[1], [realm.clone(), pair("charset", "UTF-8")]);
    assert_eq!(parsed[2][..3], [realm, pair("in", "cookie"), pair("name", &safe(text))]);
    assert_eq!(parsed[2][3], pair("error", "invalid_token"));
}

/// The part of a text that a quoted string may contain.
fn safe(text: &str) -> String {
    text.chars().filter(|character| needs_no_escape(character.encode_utf8(&mut [0; 4]))).collect()
}

/// Checks that a header holds the whole text or is missing. It must exist if all members are
/// visible text.
fn list<T: AsRef<str>>(header: Option<HeaderValue>, members: &[T], separator: &str) {
    let text = members.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(separator);
    match header {
        Some(value) => assert_eq!(value.as_bytes(), text.as_bytes()),
        None => assert!(text.contains(char::is_control), "{text:?} could stand in a header"),
    }
}
