//! Place and form of tokens, source by source.

use Credentials::{Absent, Malformed, OtherScheme};
use http::{HeaderMap, HeaderValue};

use super::*;

/// Headers by name and value.
type Lines<'a> = &'a [(&'static str, &'a [u8])];

fn headers(lines: Lines<'_>) -> HeaderMap {
    let mut map = HeaderMap::new();
    for &(name, value) in lines {
        map.append(name, HeaderValue::from_bytes(value).unwrap());
    }
    map
}

#[test]
fn authorization() {
    let cases: &[(&[&[u8]], Credentials<'_>)] = &[
        (&[], Absent),
        (&[b""], OtherScheme),
        (&[b"Bearer t"], Credentials::borrowed("t")),
        (&[b"bearer t"], Credentials::borrowed("t")),
        (&[b"BEARER t"], Credentials::borrowed("t")),
        (&[b"Bearer   t"], Credentials::borrowed("t")),
        (&[b"Bearer aZ09-._~+/=="], Credentials::borrowed("aZ09-._~+/==")),
        // Other schemes are left to other layers, but they do not count as absent.
        (&[b"Basic dTpw"], OtherScheme),
        (&[b"Digest username=\"x\""], OtherScheme),
        (&[b"BearerX t"], OtherScheme),
        (&[b"Bearer-t"], OtherScheme),
        (&[b"dyn_token"], OtherScheme),
        // The scheme without a token, or with an invalid one.
        (&[b"Bearer"], Malformed),
        (&[b"Bearer "], Malformed),
        (&[b"Bearer\tt"], Malformed),
        (&[b"Bearer=t"], Malformed),
        (&[b"Bearer, Bearer t"], Malformed),
        (&[b"Bearer a b"], Malformed),
        (&[b"Bearer a,b"], Malformed),
        (&[b"Bearer a "], Malformed),
        (&[b"Bearer \ta"], Malformed),
        (&[b"Bearer \"a\""], Malformed),
        (&[b"Bearer =a"], Malformed),
        (&[b"Bearer a=b"], Malformed),
        (&[b"Bearer =="], Malformed),
        (&[b"Bearer \xff"], Malformed),
        (&[b"Bearer t\xc3\xa9"], Malformed),
        // Two headers are refused, whatever they hold.
        (&[b"Bearer a", b"Bearer a"], Malformed),
        (&[b"Bearer a", b"Basic b"], Malformed),
        (&[b"Basic b", b"Bearer a"], Malformed),
        (&[b"", b"Bearer a"], Malformed),
    ];
    for (lines, expected) in cases {
        let lines: Vec<_> = lines.iter().map(|line| ("authorization", *line)).collect();
        assert_eq!(bearer(&headers(&lines), &TokenSource::bearer()), *expected, "{lines:?}");
    }
}

#[test]
fn length() {
    for (length, good) in [(1, true), (8192, true), (8193, false), (60_000, false)] {
        let value = format!("Bearer {}", "a".repeat(length));
        let map = headers(&[("authorization", value.as_bytes())]);
        assert_eq!(matches!(bearer(&map, &TokenSource::bearer()), Credentials::Token(_)), good, "{length}");
    }
}

#[test]
fn other_header() {
    let source = TokenSource::header("x-api-key").unwrap();
    let cases: &[(Lines<'_>, Credentials<'_>)] = &[
        (&[], Absent),
        (&[("authorization", b"Bearer t")], OtherScheme),
        (&[("x-api-key", b"")], Malformed),
        (&[("x-api-key", b"t")], Credentials::borrowed("t")),
        (&[("x-api-key", b"perm:dGVz.NTU")], Credentials::borrowed("perm:dGVz.NTU")),
        (&[("x-api-key", b"42|abc=%41{;}")], Credentials::borrowed("42|abc=%41{;}")),
        (&[("x-api-key", b"=")], Credentials::borrowed("=")),
        (&[("x-api-key", b"Bearer t")], Malformed),
        (&[("x-api-key", b"a,b")], Malformed),
        (&[("x-api-key", b"a\tb")], Malformed),
        (&[("x-api-key", b"\"a\"")], Malformed),
        (&[("x-api-key", b"'a'")], Malformed),
        (&[("x-api-key", b"\xff")], Malformed),
        (&[("x-api-key", b"\xc3\xa9")], Malformed),
        (&[("x-api-key", b"a"), ("x-api-key", b"b")], Malformed),
    ];
    for (lines, expected) in cases {
        assert_eq!(bearer(&headers(lines), &source), *expected, "{lines:?}");
    }
}

#[test]
fn cookies() {
    let source = TokenSource::cookie("token");
    let cases: &[(&[&[u8]], Credentials<'_>)] = &[
        (&[], Absent),
        (&[b"other=1"], Absent),
        (&[b"token"], Absent),
        (&[b"token="], Absent),
        (&[b"Token=t"], Absent),
        (&[b"xtoken=t"], Absent),
        (&[b"token=t"], Credentials::borrowed("t")),
        (&[b"a=1; token=t; b=2"], Credentials::borrowed("t")),
        (&[b"a=1;token=t"], Credentials::borrowed("t")),
        (&[b"a=1", b"token=t"], Credentials::borrowed("t")),
        (&[b"token=t=="], Credentials::borrowed("t==")),
        (&[b"a=\xff; token=t"], Credentials::borrowed("t")),
        // Decoded once.
        (&[b"token=a%7Cb"], Credentials::borrowed("a|b")),
        (&[b"token=a%7cb%3D"], Credentials::borrowed("a|b=")),
        (&[b"token=a%257Cb"], Credentials::borrowed("a%7Cb")),
        (&[b"token=a%3Bb"], Credentials::borrowed("a;b")),
        (&[b"token=a+b"], Credentials::borrowed("a+b")),
        (&[b"token=%"], Malformed),
        (&[b"token=a%7"], Malformed),
        (&[b"token=%zz"], Malformed),
        (&[b"token=%+1"], Malformed),
        (&[b"token=a%2Cb"], Malformed),
        (&[b"token=a%20b"], Malformed),
        (&[b"token=a%00"], Malformed),
        (&[b"token=%C3%A9"], Malformed),
        (&[b"token=%22a%22"], Malformed),
        // The name is not decoded, and is case-sensitive.
        (&[b"%74oken=t"], Absent),
        (&[b"$Version=1; $token=t"], Absent),
        (&[b"=token=t"], Absent),
        (&[b"token =t"], Credentials::borrowed("t")),
        (&[b"token=a; token =b"], Malformed),
        (&[b"token=\tt"], Credentials::borrowed("t")),
        (&[b"token=a b"], Malformed),
        (&[b"token=\"t\""], Malformed),
        (&[b"token=a; token=a"], Malformed),
        (&[b"token=a", b"token=b"], Malformed),
        (&[b"token=; token=b"], Malformed),
    ];
    for (lines, expected) in cases {
        let lines: Vec<_> = lines.iter().map(|line| ("cookie", *line)).collect();
        assert_eq!(bearer(&headers(&lines), &source), *expected, "{lines:?}");
    }
}

#[test]
fn prefixes_of_cookies_have_a_case() {
    let source = TokenSource::cookie("__Host-session");
    for (line, expected) in [
        (&b"__Host-session=t"[..], Credentials::borrowed("t")),
        (b"__host-session=t", Absent),
        (b"__HOST-session=t", Absent),
        (b"=__Host-session=t", Absent),
        (b"session=t", Absent),
        (b"\xc2\xa0__Host-session=t", Absent),
        (b"__Host-session=a; __host-session=b", Credentials::borrowed("a")),
    ] {
        assert_eq!(bearer(&headers(&[("cookie", line)]), &source), expected, "{}", line.escape_ascii());
    }
}

#[test]
fn any_visible_bearer() {
    let source = TokenSource::bearer_any_visible();
    for (line, expected) in [
        (&b"Bearer 42|abc"[..], Credentials::borrowed("42|abc")),
        (b"bearer perm:x", Credentials::borrowed("perm:x")),
        (b"Bearer a,b", Malformed),
        (b"Bearer a b", Malformed),
        (b"Bearer", Malformed),
        (b"Bearer ", Malformed),
        (b"42|abc", OtherScheme),
        (b"Basic dTpw", OtherScheme),
    ] {
        assert_eq!(bearer(&headers(&[("authorization", line)]), &source), expected, "{}", line.escape_ascii());
    }
    assert_eq!(bearer(&headers(&[("authorization", b"Bearer 42|abc")]), &TokenSource::bearer()), Malformed);
}

#[test]
fn custom_sources() {
    let made_of = |read: fn(RequestHeaders<'_>) -> Credentials<'_>| TokenSource::custom(&["x-one"], read).unwrap();
    fn first(headers: RequestHeaders<'_>) -> Credentials<'_> {
        headers.values("x-one").next().map_or(Absent, |value| Credentials::Token(String::from_utf8_lossy(value)))
    }
    let source = made_of(first);
    for (lines, expected) in [
        (&[][..], Absent),
        (&[("x-one", &b"a|b"[..])], Credentials::borrowed("a|b")),
        (&[("x-one", b"a b")], Malformed),
        (&[("x-one", b"")], Malformed),
        (&[("x-one", b"\xff")], Malformed),
    ] {
        assert_eq!(bearer(&headers(lines), &source), expected, "{lines:?}");
    }
    let broken = made_of(|_| panic!("the token is secret"));
    assert_eq!(bearer(&headers(&[]), &broken), Malformed);
}

#[test]
fn names_of_headers() {
    for (name, good) in [
        ("x-api-key", true),
        ("X-Api-Key", true),
        ("authorization", true),
        ("", false),
        ("x api", false),
        ("Cookie", false),
    ] {
        assert_eq!(TokenSource::header(name).is_ok(), good, "{name:?}");
    }
    assert!(TokenSource::custom(&["cookie"], |_| Absent).is_ok() && TokenSource::custom(&["a b"], |_| Absent).is_err());
    // The whole value is the token: package registries use `Authorization` without a scheme.
    let source = TokenSource::header("authorization").unwrap();
    assert_eq!(bearer(&headers(&[("authorization", b"abc")]), &source), Credentials::borrowed("abc"));
    assert_eq!(bearer(&headers(&[("authorization", b"Bearer abc")]), &source), Malformed);
}

#[test]
fn debug_shows_places_only() {
    let custom = TokenSource::custom(&["x-one"], |_| Absent).unwrap();
    let shown = [TokenSource::bearer(), TokenSource::header("X-Key").unwrap(), TokenSource::cookie("s"), custom];
    assert_eq!(format!("{shown:?}"), "[Bearer, Header(\"x-key\"), Cookie(\"s\"), Custom([\"x-one\"])]");
}
