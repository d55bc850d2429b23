use super::*;
use alloc::string::ToString;
use alloc::vec::Vec;
use proptest::prelude::*;

#[test]
fn wire_names() {
    for name in [
        "a",
        "environment.users.read",
        "legacy:status",
        "https://www.googleapis.com/auth/drive",
        "*",
        "!",
        "~",
        "[]",
        &"a".repeat(255),
    ] {
        assert_eq!(check_wire_name(name), Ok(()), "{name}");
    }
    for (name, offset, character) in [
        ("users read", 5, ' '),
        ("a\"b", 1, '"'),
        ("a\\b", 1, '\\'),
        ("\ta", 0, '\t'),
        ("a\u{7f}", 1, '\u{7f}'),
        ("caf\u{e9}", 3, '\u{e9}'),
    ] {
        assert_eq!(check_wire_name(name), Err(NameError::WireCharacter { offset, character }), "{name:?}");
    }
    assert_eq!(check_wire_name(""), Err(NameError::Empty));
    assert_eq!(check_wire_name(&"a".repeat(256)), Err(NameError::TooLong { length: 256 }));
}

#[test]
fn derived_dotted_names() {
    for (wire, expected) in [
        ("legacy:status", Some("legacy.status")),
        ("https://www.googleapis.com/auth/drive", Some("https.www.googleapis.com.auth.drive")),
        ("repo_deployment", Some("repo_deployment")),
        ("organization_self_hosted_runners:read", Some("organization_self_hosted_runners.read")),
        ("read:self_service_profiles", Some("read.self_service_profiles")),
        ("_a:__b-c_:_:d__e", Some("a.b.c.d__e")),
        ("___", None),
        ("::a--b::", Some("a.b")),
        ("3d:read", Some("3d.read")),
        ("openid", Some("openid")),
        ("*", None),
        ("", None),
    ] {
        assert_eq!(dotted(wire).as_deref(), expected, "{wire}");
    }
}

#[test]
fn dotted_names() {
    for name in [
        "a",
        "environment.apiTokens.read",
        "match.type",
        "a.Scope",
        "3d.read",
        "_a.read_write",
        "scope",
        "r.Self_",
        "a._1",
    ] {
        assert_eq!(check_dotted(name), Ok(()), "{name}");
    }
    let keyword = |offset, segment: &str| NameError::Keyword { offset, segment: segment.to_owned() };
    let reserved = |offset, segment: &str| NameError::Reserved { offset, segment: segment.to_owned() };
    for (name, expected) in [
        ("", NameError::Empty),
        (".", NameError::EmptySegment { offset: 0 }),
        (".a", NameError::EmptySegment { offset: 0 }),
        ("a.", NameError::EmptySegment { offset: 2 }),
        ("a..b", NameError::EmptySegment { offset: 2 }),
        ("a.b-c", NameError::DottedCharacter { offset: 3, character: '-' }),
        ("caf\u{e9}", NameError::DottedCharacter { offset: 3, character: '\u{e9}' }),
        ("self.read", keyword(0, "self")),
        ("a.super", keyword(2, "super")),
        ("a.crate.b", keyword(2, "crate")),
        ("a.Self", keyword(2, "Self")),
        ("a._", reserved(2, "_")),
        ("__a", reserved(0, "__a")),
        ("a.__private", reserved(2, "__private")),
    ] {
        assert_eq!(check_dotted(name), Err(expected), "{name}");
    }
    for segment in TAKEN {
        let error = check_dotted(&[segment, ".read"].concat()).unwrap_err();
        assert_eq!(error, NameError::Taken { segment: segment.to_owned() });
        assert!(error.to_string().contains(segment));
    }
}

#[test]
fn errors_point_at_the_mistake() {
    for (name, offset, message) in [
        ("a b", 1, "` ` cannot be part of a scope's name, write visible ASCII without `\"` and `\\`"),
        ("a\nb", 1, "`\\n` cannot be part of a scope's name, write visible ASCII without `\"` and `\\`"),
        ("", 0, "the name is empty, write one such as `users.read`"),
    ] {
        let error = check_wire_name(name).unwrap_err();
        assert_eq!((error.offset(), error.to_string().as_str()), (offset, message));
    }
    for (name, offset, message) in [
        ("a.b c", 3, "` ` cannot be part of a dotted name, write letters, digits or `_`"),
        ("a..b", 2, "a dotted name has no empty segment, write a single `.` between two names"),
        ("a.__b", 2, "`__b` is reserved: write a segment that is not `_` and does not begin with `__`"),
        (
            "permits.read",
            0,
            "`permits` is an item of every catalogue and cannot begin a name: give the scope another dotted name with `as`",
        ),
    ] {
        let error = check_dotted(name).unwrap_err();
        assert_eq!((error.offset(), error.to_string().as_str()), (offset, message));
    }
}

#[test]
fn cases() {
    for (dotted, expected) in [
        ("environment.apiTokens.read", "EnvironmentApiTokensRead"),
        ("legacy.status", "LegacyStatus"),
        ("read_write", "ReadWrite"),
        ("a.b_c._d", "ABCD"),
        ("3d.read", "_3dRead"),
        ("_1.read", "_1Read"),
        ("_self", "Self_"),
        ("match.type", "MatchType"),
        ("URL.read", "URLRead"),
    ] {
        assert_eq!(pascal_case(dotted), expected, "{dotted}");
    }
    for (text, expected) in [
        ("environmentId", "environment_id"),
        ("eventTypes", "event_types"),
        ("HTTPServer", "http_server"),
        ("userID", "user_id"),
        ("oauth2Token", "oauth2_token"),
        ("v0", "v0"),
        ("a-b.c__d", "a_b_c_d"),
        ("ABC", "abc"),
        ("aB", "a_b"),
        ("~", ""),
    ] {
        assert_eq!(snake_case(text), expected, "{text}");
    }
}

#[test]
fn identifiers() {
    for (segment, expected) in [
        ("type", "r#type"),
        ("gen", "r#gen"),
        ("async", "r#async"),
        ("3d", "_3d"),
        ("read", "read"),
        ("union", "union"),
        ("Type", "Type"),
    ] {
        assert_eq!(identifier(segment), expected, "{segment}");
    }
}

#[test]
fn route_names() {
    for (method, path, expected) in [
        ("GET", "/environments/{environmentId}/users/{userId}", "get_environments_by_environment_id_users_by_user_id"),
        (
            "POST",
            "/environments/:environmentId/users/{userId}:replay",
            "post_environments_by_environment_id_users_by_user_id_replay",
        ),
        ("GET", "/eventTypes", "get_event_types"),
        ("GET", "/files/{*rest}", "get_files_by_rest"),
        ("GET", "/v{n}/x.json", "get_v_by_n_x_json"),
        ("M-SEARCH", "/~/a", "m_search_a"),
        ("GET", "/", "get"),
        ("MOVE", "/", "move_"),
        ("2X", "/", "_2x"),
        ("!", "/", "route"),
        ("!", "/type", "type_"),
    ] {
        let template = Template::parse(path).unwrap();
        assert_eq!(route_name(method, &template), expected, "{method} {path}");
    }
}

fn is_identifier(text: &str) -> bool {
    let (raw, bare) = text.strip_prefix("r#").map_or((false, text), |bare| (true, bare));
    !bare.is_empty()
        && bare != "_"
        && !bare.starts_with(|first: char| first.is_ascii_digit())
        && bare.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
        && !NEVER_RAW.contains(&bare)
        && raw == KEYWORDS.contains(&bare)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn checked_names_make_identifiers(name in "(_{0,2}[a-zA-Z0-9é-]{0,3}|type|self|Self)([.](_{0,2}[a-z0-9]{0,2}|move)){0,2}") {
        if check_dotted(&name).is_ok() {
            prop_assert!(name.split('.').all(|segment| is_identifier(&identifier(segment))), "{}", name);
            prop_assert!(is_identifier(&pascal_case(&name)), "{}", pascal_case(&name));
        }
    }

    #[test]
    fn derived_names_have_good_segments(wire in "[!-~]{1,12}") {
        if let Some(name) = dotted(&wire) {
            let sound = matches!(check_dotted(&name), Ok(()) | Err(NameError::Keyword { .. } | NameError::Taken { .. }));
            prop_assert!(sound, "{}", name);
        }
    }

    #[test]
    fn route_names_are_identifiers(
        method in "[A-Z0-9!~-]{1,4}|MOVE|TRY",
        path in prop::collection::vec("[a-zA-Z0-9~-]{1,4}|type|v[{][!-~&&[^{}/:*?#%]]{1,3}[}]", 0..4),
    ) {
        // Two parameters may have the same name by chance, which is an error.
        if let Ok(template) = Template::parse(&["/", &path.join("/")].concat()) {
            let name = route_name(&method, &template);
            prop_assert!(is_identifier(&name) && !name.starts_with("r#"), "{}", name);
        }
    }

    #[test]
    fn snake_case_of_snake_case_is_itself(text in "[a-zA-Z0-9_.-]{0,12}") {
        let once = snake_case(&text);
        prop_assert_eq!(snake_case(&once), once.clone());
        let parts: Vec<&str> = once.split('_').collect();
        prop_assert!(once.is_empty() || parts.iter().all(|part| !part.is_empty()));
    }
}
