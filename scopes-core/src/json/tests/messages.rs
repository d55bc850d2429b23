//! Messages about JSON name its members, and some messages exist only for JSON.

use alloc::format;
use alloc::string::ToString;

use super::document;
use crate::catalogue::UntypedCatalogue;
use crate::json::declaration_from_json;

/// Compares every message that differs from the macro's, for the mistakes that JSON can contain.
#[test]
fn messages_name_members_and_no_syntax_of_the_macro() {
    let routes = |routes: &str| format!(r#""scopes": [{{"scope": "a", "routes": [{routes}]}}]"#);
    let tenant = |routes: &str| {
        format!(r#""tenant": "t", "scopes": [{{"scope": "a", "routes": [["GET", "/{{t}}"], {routes}]}}]"#)
    };
    let scopes = |scopes: &str| format!(r#""scopes": [{scopes}]"#);
    for (members, expected) in [
        (scopes(r#"{"scope": ":"}"#), r#"to make a dotted name of, write `"dotted": "some.name"`"#),
        (scopes(r#"{"scope": "a:b"}, {"scope": "a.b"}"#), r#"write `"dotted": "another.name"`"#),
        (scopes(r#"{"scope": "a.b_c"}, {"scope": "a.b.c"}"#), r#"write `"dotted": "another.name"`"#),
        (scopes(r#"{"scope": "ALL"}"#), r#"which every catalogue has, write `"dotted": "another.name"`"#),
        (scopes(r#"{"scope": "a:self"}"#), "give the scope another dotted name with `dotted`"),
        (scopes(r#"{"scope": "Scope:a"}"#), "give the scope another dotted name with `dotted`"),
        (
            scopes(r#"{"scope": "a", "dotted": "x.y"}, {"scope": "x.y", "dotted": "z"}"#),
            r#"`x.y` means both scope `a` and scope `x.y`, write `"dotted": "another.name"`"#,
        ),
        (r#""base": "/{x}""#.into(), "put parameters in the routes' paths"),
        (
            routes(r#"{"method": "GET", "path": "/x", "name": "n"}, {"method": "GET", "path": "/y", "name": "n"}"#),
            "two routes are named `n`, give one of them another name with `name`",
        ),
        (
            routes(r#"{"method": "GET", "path": "/x/"}"#),
            r#"path `/x/` ends in `/`, remove it, or write `"trailing_slash": true` if it is meant"#,
        ),
        (
            routes(r#"{"method": "GET", "path": "/x", "trailing_slash": true}"#),
            "`trailing_slash` on `/x`, which does not end in `/`",
        ),
        (routes(r#"["GET", "/{$}"]"#), r#"a path that ends in `/` is a route with `"trailing_slash": true`"#),
        (
            tenant(r#"["GET", "/x"]"#),
            r#"write `"unbound": "why"` if the handler compares the owner, or `"global": "why"` if"#,
        ),
        (
            tenant(r#"{"method": "GET", "path": "/x/{t}", "global": "why"}"#),
            "`global` on `/x/{t}`, which has the tenant's parameter `t`, remove it",
        ),
        (
            r#""tenant": "t", "scopes": [{"scope": "a", "unbound": "why", "routes": [["GET", "/{t}"]]}]"#.into(),
            "`unbound` where every route has the tenant's parameter `t`, remove it",
        ),
        (routes(r#"{"method": "GET", "path": "/x", "global": "why"}"#), "`global` has no meaning here"),
        (
            r#""tenant": "t", "scopes": [
                {"scope": "a", "routes": [["GET", "/{t}"], {"method": "GET", "path": "/x", "global": "why"}]},
                {"scope": "b", "routes": [{"method": "GET", "path": "/x", "unbound": "why"}]}
            ]"#
            .into(),
            "is `global` in one place and `unbound` in another",
        ),
        (
            format!(
                r#"{}, "requirements": [{{"route": ["GET", "/x"], "any_of": [["a"], ["b", "a"]]}}]"#,
                scopes(r#"{"scope": "a"}, {"scope": "b"}"#)
            ),
            r#"`a` alone suffices, so `["a", "b"]` would never count"#,
        ),
        (
            format!(
                r#"{}, "requirements": [{{"route": ["GET", "/x"], "any_of": [["a", "a"]]}}]"#,
                scopes(r#"{"scope": "a"}"#)
            ),
            "`a` is named twice in this alternative",
        ),
        (
            r#""strict": true, "scopes": [
                {"scope": "a", "routes": [["GET", "/a/{x}/c"]]}, {"scope": "b", "routes": [["GET", "/a/b/{y}"]]}
            ]"#
            .into(),
            r#"`strict` refuses that, change one of the paths or write `"overlaps": "why"` on the second"#,
        ),
        (
            routes(r#"{"method": "GET", "path": "/x", "overlaps": "why"}"#),
            r#"`overlaps` accepts what only a strict catalogue refuses, remove it, or write `"strict": true`"#,
        ),
        (
            format!(r#""strict": true, {}"#, routes(r#"{"method": "GET", "path": "/x", "overlaps": ["why"]}"#)),
            "`overlaps` on `GET /x` accepts nothing, because no route that crosses this one wins over it, remove it",
        ),
        (
            format!(r#""strict": true, {}"#, routes(r#"{"method": "GET", "path": "/x", "overlaps": [" "]}"#)),
            "`overlaps` needs a reason",
        ),
    ] {
        let error = UntypedCatalogue::from_json(&document(&members)).unwrap_err().to_string();
        assert!(error.contains(expected), "{members}: {error}");
        let foreign = ["#[", "#![", "`as`", " as another.name", " as some.name", "all(", "under", "routes;"];
        assert!(!foreign.iter().any(|syntax| error.contains(syntax)), "{error}");
        // A program that reads and compiles in two steps gets the same message.
        let (declaration, _) = declaration_from_json(&document(&members)).unwrap();
        let errors = UntypedCatalogue::from_declaration(&declaration).unwrap_err().to_string();
        assert!(errors.contains(expected), "{errors}");
    }
}

#[test]
fn a_known_overlap_is_accepted() {
    for (overlaps, routes, accepted) in [
        (r#""known""#, r#"["GET", "/a/b/{y}"]"#, true),
        (r#"["known"]"#, r#"["GET", "/a/b/{y}"]"#, true),
        (r#"["known", "as well"]"#, r#"["GET", "/a/b/{y}"], ["GET", "/a/d/{y}"]"#, true),
        (r#""known""#, r#"["GET", "/a/b/{y}"], ["GET", "/a/d/{y}"]"#, false),
        ("null", r#"["GET", "/a/b/{y}"]"#, false),
        ("[]", r#"["GET", "/a/b/{y}"]"#, false),
    ] {
        for requirements in ["[]", r#"[{"route": ["GET", "/a/{x}/c"], "any_of": [["a", "b"], ["c"]]}]"#] {
            let text = document(&format!(
                r#""strict": true, "requirements": {requirements}, "scopes": [
                    {{"scope": "a", "routes": [{{"method": "GET", "path": "/a/{{x}}/c", "overlaps": {overlaps}}}]}},
                    {{"scope": "b", "routes": [{routes}]}}, {{"scope": "c"}}
                ]"#
            ));
            let compiled = UntypedCatalogue::from_json(&text);
            assert_eq!(compiled.is_ok(), accepted, "{text}: {compiled:?}");
        }
    }
}
