use super::*;
use alloc::string::{String, ToString};
use proptest::prelude::*;

use crate::oracle::broken_rules;

/// A segment, and the results of `check_segment` and `check_segment_raw`.
type Row = (&'static [u8], Option<Malformation>, Result<bool, Malformation>);

const OK: Option<Malformation> = None;

/// The paths of the groups C to F of the attack corpus, each with the rule that refuses it: the
/// rows that expect the status 400, and the rows that must be accepted.
const PATHS: &[(&[u8], Option<Malformation>)] = {
    use Malformation::*;
    &[
        (b"/environments/E1/users/../tokens", Some(DotSegment)),
        (b"/environments/E1/users/..", Some(DotSegment)),
        (b"/environments/E1/users/.", Some(DotSegment)),
        (b"/x/../environments/E1/tokens", Some(DotSegment)),
        (b"/environments/E1/../E2/users/U1", Some(DotSegment)),
        (b"/environments/E2/../E1/users/U1", Some(DotSegment)),
        (b"/environments/E1/users/.%2E/tokens", Some(DotSegment)),
        (b"/environments/E1/users/%2E", Some(DotSegment)),
        (b"/environments/E1../users/U1", OK),
        (b"/environments/E1/users/..;/tokens", Some(Semicolon)),
        (b"/environments/E1/users/...", OK),
        (b"/%65nvironments/E1/tokens", OK),
        (b"/environments/E1/users%2FU1", Some(ForbiddenEscape)),
        (b"/environments/E1/users/U1%2Fbalances", Some(ForbiddenEscape)),
        (b"/environments/E1/users/U1%2f..%2f..%2ftokens", Some(ForbiddenEscape)),
        (b"/environments/E1/users/%2F", Some(ForbiddenEscape)),
        (b"/environments/E1/users/U1%5C..%5Ctokens", Some(ForbiddenEscape)),
        (b"/environments/E1\\..\\E2/users/U1", Some(NotAPathCharacter)),
        (b"/environments/E1/users/U1%252Fbalances", Some(ForbiddenEscape)),
        (b"/%2565nvironments/E1/tokens", Some(ForbiddenEscape)),
        (b"/environments/E1/users/%ZZ", Some(BadEscape)),
        (b"/environments/E1/users/%u002e%u002e", Some(BadEscape)),
        (b"/environments/E1/users/a%2Db", OK),
        (b"/environments/%451/users/U1", OK),
        (b"/environments/E1/users/U1%3Fa=1", OK),
        (b"/environments/E1/users/U1%23x", OK),
        (b"/environments/E1/users/%EF%BC%8F", OK),
        (b"/environments/E1/users/U1%00.json", Some(ForbiddenEscape)),
        (b"/environments/E1/users/%0a", Some(ForbiddenEscape)),
        (b"/environments/E1/tokens%0a", Some(ForbiddenEscape)),
        (b"/environments/E1/%0Dtokens", Some(ForbiddenEscape)),
        (b"/environments/E1/tokens%20", Some(OuterWhiteSpace)),
        (b"/environments/E1/users/%20", Some(OuterWhiteSpace)),
        (b"/environments/E1/users/%C0%AE%C0%AE", Some(InvalidUtf8)),
        (b"/environments/E1/users/%C0%AFtokens", Some(InvalidUtf8)),
        (b"/environments/E1/users/\xC0\xAF", Some(NotAPathCharacter)),
        (b"/environments/E1/users/%ED%A0%80", Some(InvalidUtf8)),
        (b"/environments/E1/users/\x09U1", Some(NotAPathCharacter)),
        (b"/environments/E1/users/<U1>", Some(NotAPathCharacter)),
        (b"/environments/E1;y/tokens", Some(Semicolon)),
        (b"/environments/E1/users/U1;jsessionid=1", Some(Semicolon)),
        (b"/;/environments/E1/tokens", Some(Semicolon)),
        // Empty segments are not malformed; they match no route.
        (b"/", OK),
        (b"//", OK),
        (b"///environments//E1/", OK),
        (b"", Some(NotOriginForm)),
        (b"*", Some(NotOriginForm)),
        (b"environments/E1", Some(NotOriginForm)),
        (b"http://h/", Some(NotOriginForm)),
    ]
};

#[test]
fn paths_of_the_attack_corpus() {
    for (path, expected) in PATHS {
        assert_eq!(check_path(path).err(), *expected, "{}", path.escape_ascii());
    }
}

#[test]
fn segments() {
    use Malformation::*;
    let table: &[Row] = &[
        (b"", OK, Ok(false)),
        (b"a/b", Some(NotAPathCharacter), Err(NotAPathCharacter)),
        (b"a|b", Some(UnescapedDelimiter), Ok(true)),
        (b"[a]^|", Some(UnescapedDelimiter), Ok(true)),
        (b"a|;", Some(UnescapedDelimiter), Ok(true)),
        (b"a;|", Some(Semicolon), Ok(true)),
        (b"|<", Some(NotAPathCharacter), Err(NotAPathCharacter)),
        (b"|\\", Some(NotAPathCharacter), Err(NotAPathCharacter)),
        (b"a b", Some(NotAPathCharacter), Err(NotAPathCharacter)),
        (b"a\"b", Some(NotAPathCharacter), Err(NotAPathCharacter)),
        (b"a`b", Some(NotAPathCharacter), Err(NotAPathCharacter)),
        (b"{a}", Some(NotAPathCharacter), Err(NotAPathCharacter)),
        (b"a%7Cb%5B%5D%5E", OK, Ok(false)),
        (b"a\x7f", Some(NotAPathCharacter), Err(NotAPathCharacter)),
        (b"%2F|", Some(ForbiddenEscape), Ok(true)),
        (b"%", Some(BadEscape), Ok(true)),
        (b"%4", Some(BadEscape), Ok(true)),
        (b"%4|", Some(BadEscape), Ok(true)),
        (b"%+41", Some(BadEscape), Ok(true)),
        (b"..%", Some(BadEscape), Ok(true)),
        (b"%2e%2E", Some(DotSegment), Err(DotSegment)),
        (b"%2e%2E%2e", OK, Ok(false)),
        (b"..;v=1", Some(Semicolon), Ok(true)),
        (b"a%3Bb", Some(ForbiddenEscape), Ok(true)),
        (b"%7F", Some(ForbiddenEscape), Ok(true)),
        (b"%1F", Some(ForbiddenEscape), Ok(true)),
        (b"a%C2%85b", Some(ForbiddenEscape), Ok(true)),
        (b"%C2%80", Some(ForbiddenEscape), Ok(true)),
        (b"%C2%9F", Some(ForbiddenEscape), Ok(true)),
        (b"%C2%A0a", Some(OuterWhiteSpace), Ok(true)),
        (b"a%E2%80%83", Some(OuterWhiteSpace), Ok(true)),
        (b"a%20b", OK, Ok(false)),
        (b"%C3%A9", OK, Ok(false)),
        (b"%C3", Some(InvalidUtf8), Ok(true)),
        (b"%C3a", Some(InvalidUtf8), Ok(true)),
        (b"%C3%C3%A9", Some(InvalidUtf8), Ok(true)),
        (b"%A9", Some(InvalidUtf8), Ok(true)),
        (b"%E0%80%AF", Some(InvalidUtf8), Ok(true)),
        (b"%F0%80%80%AF", Some(InvalidUtf8), Ok(true)),
        (b"%F4%90%80%80", Some(InvalidUtf8), Ok(true)),
        (b"%F0%9F%98%80", OK, Ok(false)),
    ];
    for (segment, strict, raw) in table {
        assert_eq!(check_segment(segment).err(), *strict, "{}", segment.escape_ascii());
        assert_eq!(check_segment_raw(segment), *raw, "{}", segment.escape_ascii());
    }
}

#[test]
fn decoding() {
    assert!(matches!(decode(b"a-b"), Some(Cow::Borrowed("a-b"))));
    assert!(matches!(decode(b""), Some(Cow::Borrowed(""))));
    for (raw, expected) in [
        ("a%2Db", Some("a-b")),
        ("%2565", Some("%65")),
        ("%C3%A9", Some("\u{e9}")),
        ("%C3", None),
        ("%4", None),
        ("%G1", None),
    ] {
        assert_eq!(decode(raw.as_bytes()).as_deref(), expected, "{raw}");
    }
    assert_eq!(decode(b"\xC0"), None);
    assert_eq!(decode_bytes(b"x%C0").as_deref(), Some(&b"x\xC0"[..]));
}

#[test]
fn messages_differ_and_are_ascii() {
    use Malformation::*;
    let all = [
        NotAPathCharacter,
        UnescapedDelimiter,
        BadEscape,
        ForbiddenEscape,
        InvalidUtf8,
        OuterWhiteSpace,
        DotSegment,
        Semicolon,
        NotOriginForm,
    ];
    let mut seen: Vec<String> = all.iter().map(ToString::to_string).collect();
    assert!(seen.iter().all(|text| text.is_ascii() && !text.ends_with('.')));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), all.len());
}

/// Pieces at the boundaries between the rules.
fn segment() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        6 => "[a-z.%;|^\\[\\]]".prop_map(String::into_bytes),
        6 => any::<u8>().prop_map(|byte| alloc::format!("%{byte:02X}").into_bytes()),
        6 => any::<char>().prop_map(|c| c.to_string().bytes().flat_map(|byte| alloc::format!("%{byte:02x}").into_bytes()).collect()),
        3 => prop::sample::select(&["%2e", "%20", "%C2", "%85", "%A0", "%E0", "%9F", "%F0", "%80", "%", "%4", "."][..])
            .prop_map(|piece| piece.as_bytes().to_vec()),
        1 => any::<u8>().prop_filter("a slash ends a segment", |byte| *byte != b'/').prop_map(|byte| alloc::vec![byte]),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_the_oracle(segment in segment()) {
        let (always, unless_raw) = broken_rules(&segment);
        prop_assert_eq!(check_segment(&segment).is_err(), always || unless_raw);
        prop_assert_eq!(check_segment_raw(&segment).ok(), (!always).then_some(unless_raw));
    }

    #[test]
    fn a_clean_segment_decodes(segment in segment()) {
        if check_segment(&segment).is_ok() {
            let decoded = decode(&segment);
            prop_assert!(decoded.is_some_and(|text| !text.contains(['/', '\\', '%', ';']) && text != ".." && text != "."));
        }
    }

    #[test]
    fn a_path_is_its_segments(segments in prop::collection::vec(segment(), 1..4)) {
        let path = segments.iter().fold(Vec::new(), |mut path, segment| {
            path.push(b'/');
            path.extend_from_slice(segment);
            path
        });
        let first = segments.iter().find_map(|segment| check_segment(segment).err());
        prop_assert_eq!(check_path(&path).err(), first);
    }
}
