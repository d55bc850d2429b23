//! Catalogues from JSON.

mod messages;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use super::{ContentError, JsonError, declaration_from_json};
use crate::catalogue::UntypedCatalogue;
use crate::error::CatalogueErrorKind;
use crate::route::{Access, Tenancy};

/// `{"name": "api", ..}` with these members.
fn document(members: &str) -> String {
    format!(r#"{{"name": "api", {members}}}"#)
}

fn catalogue(members: &str) -> UntypedCatalogue {
    UntypedCatalogue::from_json(&document(members)).unwrap_or_else(|error| panic!("{members}: {error}"))
}

/// For each route, sorted: `GET /x: a; b c`.
fn requirements(catalogue: &UntypedCatalogue) -> Vec<String> {
    let mut lines: Vec<String> = catalogue
        .routes()
        .map(|route| format!("{} {}: {}", route.method(), route.path(), route.requirement().display(catalogue)))
        .collect();
    lines.sort();
    lines
}

#[test]
fn reads_everything_that_can_be_declared() {
    let catalogue = catalogue(
        r#"
        "description": "An API.", "base": "/api/v0", "tenant": "environmentId", "strict": true,
        "source": {"any": "thing"}, "notes": null, "templates": [1, 2],
        "scopes": [
            {"scope": "users.read", "description": "Read users.", "unbound": "compared in the handler", "routes": [
                ["GET", "/environments/:environmentId/users"],
                {"method": "GET", "path": "/users/{userId}", "name": "get_user", "description": "A user.",
                 "deprecated": "use the other one", "raw": ["userId"]},
                {"method": "GET", "path": "/environments/{environmentId}/files/", "trailing_slash": true}
            ]},
            {"scope": "legacy:status", "dotted": "old.status", "deprecated": "no longer needed", "routes": [
                {"method": "GET", "path": "/status", "global": "of no tenant"},
                {"method": "GET", "path": "/health/old", "global": "of no tenant",
                 "deprecated": {"sunset": "2027-05-01"}}
            ]},
            {"scope": "users.list", "title": "List users", "was": ["users.view", "people:list"], "deprecated":
             {"since": "2026-11-01", "sunset": "2027-05-01", "use": "users.read", "note": "one scope is enough"}},
            {"scope": "all.read", "includes": ["*.read"]}
        ],
        "public": [{"reason": "liveness probe", "routes": [["GET", "/health"]]}],
        "authenticated": [{"reason": "who am I", "global": "own data", "routes": [["GET", "/me"]]}],
        "external": [{"reason": "session", "routes": [["POST", "/user/tokens"]]}],
        "open": [["GET", "/docs/"]]"#,
    );
    assert_eq!((catalogue.name(), catalogue.description()), ("api", "An API."));
    assert_eq!((catalogue.base(), catalogue.tenant()), ("/api/v0", Some("environmentId")));
    let scopes: Vec<_> = catalogue.scopes().collect();
    assert_eq!(
        scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>(),
        ["users.read", "legacy:status", "users.list", "all.read"]
    );
    assert_eq!((scopes[0].description(), scopes[0].deprecated()), ("Read users.", None));
    assert_eq!((scopes[1].dotted(), scopes[1].deprecated()), ("old.status", Some("no longer needed")));
    assert_eq!((scopes[2].title(), scopes[1].title()), (Some("List users"), None));
    assert!(scopes[2].old_names().eq(["users.view", "people:list"]));
    assert_eq!(catalogue.scope_once_named("people:list"), Some(scopes[2].id()));
    let deprecation = scopes[2].deprecation().unwrap();
    assert_eq!(deprecation.reason(), "one scope is enough");
    assert_eq!(deprecation.successor().unwrap().id(), scopes[0].id());
    assert_eq!(deprecation.since().zip(deprecation.sunset()), "2026-11-01".parse().ok().zip("2027-05-01".parse().ok()));
    assert_eq!(scopes[3].includes().collect::<Vec<_>>(), ["*.read"]);
    assert_eq!(scopes[3].members().collect::<Vec<_>>(), [scopes[0].id()]);

    let route = |path: &str| catalogue.routes().find(|route| route.path() == path).unwrap_or_else(|| panic!("{path}"));
    assert_eq!(route("/environments/{environmentId}/users").tenancy(), Tenancy::Bound);
    let user = route("/users/{userId}");
    assert_eq!(
        (user.name(), user.description(), user.deprecated()),
        ("get_user", "A user.", Some("use the other one"))
    );
    assert_eq!(user.tenancy(), Tenancy::Unbound("compared in the handler"));
    assert!(user.parameters().all(|parameter| parameter.raw));
    assert!(route("/environments/{environmentId}/files/").has_trailing_slash());
    let old_probe = route("/health/old").deprecation().unwrap();
    assert_eq!((old_probe.reason(), old_probe.sunset()), ("", "2027-05-01".parse().ok()));
    assert_eq!(route("/status").tenancy(), Tenancy::Global("of no tenant"));
    assert_eq!(route("/health").access(), Access::Public("liveness probe"));
    assert_eq!(
        (route("/me").access(), route("/me").tenancy()),
        (Access::Authenticated("who am I"), Tenancy::Global("own data"))
    );
    assert_eq!(route("/user/tokens").access(), Access::External("session"));
    assert_eq!(route("/docs/").access(), Access::Public("declared open"));
    assert!(route("/docs/").has_trailing_slash());
    assert_eq!(catalogue.routes().len(), 9);
}

#[test]
fn a_requirement_replaces_the_lists() {
    let lists = r#""scopes": [
        {"scope": "a", "routes": [["GET", "/x/{id}"], ["GET", "/y"]]},
        {"scope": "b", "routes": [["GET", "/x/{id}"], ["POST", "/x/{id}"]]},
        {"scope": "c"}
    ]"#;
    for (requirements, expected) in [
        ("[]", "a; b"),
        (r#"[{"route": ["GET", "/x/{id}"], "any_of": [["a", "b"]]}]"#, "a b"),
        (r#"[{"route": ["GET", "/x/:id"], "any_of": [["b", "a"]]}]"#, "a b"),
        (r#"[{"route": ["GET", "/x/{id}"], "any_of": [["a"]]}]"#, "a"),
        (r#"[{"route": ["GET", "/x/{id}"], "any_of": [["c"]]}]"#, "c"),
        (r#"[{"route": ["GET", "/x/{id}"], "any_of": [["c"], ["b"]]}]"#, "b; c"),
        (r#"[{"route": ["GET", "/x/{id}"], "any_of": [["c", "b"], ["a"]]}]"#, "a; b c"),
    ] {
        let catalogue = catalogue(&format!(r#"{lists}, "requirements": {requirements}"#));
        let x = format!("GET /x/{{id}}: {expected}");
        assert_eq!(self::requirements(&catalogue), [x.as_str(), "GET /y: a", "POST /x/{id}: b"]);
    }
    // A route may be listed only in the requirements.
    let catalogue = catalogue(&format!(
        r#"{lists}, "requirements": [{{"route": {{"method": "GET", "path": "/z", "name": "z"}}, "any_of": [["a", "c"]]}}]"#
    ));
    assert_eq!(self::requirements(&catalogue).last().unwrap(), "POST /x/{id}: b");
    assert!(self::requirements(&catalogue).contains(&"GET /z: a c".into()));
}

#[test]
fn a_replaced_route_keeps_what_was_said_of_it() {
    for any_of in [r#"[["a", "b"]]"#, r#"[["b"]]"#, r#"[["a"]]"#] {
        let catalogue = catalogue(&format!(
            r#""tenant": "t",
            "scopes": [
                {{"scope": "a", "global": "of no tenant", "routes": [
                    {{"method": "GET", "path": "/x", "name": "ex", "description": "An X."}},
                    ["GET", "/t/{{t}}"]
                ]}},
                {{"scope": "b", "routes": [["GET", "/t/:t/b"]]}}
            ],
            "requirements": [
                {{"route": ["GET", "/x"], "any_of": {any_of}}},
                {{"route": ["GET", "/t/{{t}}"], "any_of": {any_of}}}
            ],
            "deprecated": [["GET", "/x"], ["GET", "/t/{{t}}/b"]]"#
        ));
        let route = |path: &str| catalogue.routes().find(|route| route.path() == path).unwrap();
        let x = route("/x");
        assert_eq!((x.name(), x.description(), x.deprecated()), ("ex", "An X.", Some("")), "{any_of}");
        assert_eq!(x.tenancy(), Tenancy::Global("of no tenant"));
        assert_eq!((route("/t/{t}").tenancy(), route("/t/{t}").deprecated()), (Tenancy::Bound, None));
        assert_eq!(route("/t/{t}/b").deprecated(), Some(""));
    }
}

#[test]
fn an_invalid_document_is_an_error_with_its_place() {
    for (text, line, column, message) in [
        ("", 1, 0, "EOF while parsing a value"),
        ("[]", 1, 0, "invalid type: sequence"),
        ("{}", 1, 2, "missing field `name`"),
        ("{\"name\": \"a\"} x", 1, 15, "trailing characters"),
        ("{\"name\": \"a\",\n \"scops\": []}", 2, 8, "unknown field `scops`"),
        ("{\"name\": \"a\", \"name\": \"b\"}", 1, 20, "duplicate field `name`"),
        ("{\"name\": \"a\", \"scopes\": [{\"scope\": \"s\", \"route\": []}]}", 1, 46, "unknown field `route`"),
        ("{\"name\": \"a\", \"open\": [[\"GET\"]]}", 1, 30, "invalid length 1, expected a route"),
        ("{\"name\": \"a\", \"open\": [[\"GET\", \"/x\", \"y\"]]}", 1, 41, "invalid length 3, expected a route"),
        ("{\"name\": \"a\", \"open\": [\"GET /x\"]}", 1, 31, "invalid type: string \"GET /x\", expected a route"),
        ("{\"name\": \"a\", \"open\": [{\"method\": \"GET\"}]}", 1, 40, "missing field `path`"),
        (
            "{\"name\": \"a\", \"open\": [{\"method\": \"GET\", \"path\": \"/\", \"tag\": 1}]}",
            1,
            60,
            "unknown field `tag`",
        ),
        ("{\"name\": \"a\", \"public\": [{\"routes\": []}]}", 1, 39, "missing field `reason`"),
        (
            "{\"name\": \"a\", \"requirements\": [{\"route\": [\"GET\", \"/x\"], \"any_of\": []}]}",
            1,
            68,
            "`any_of` names no scope",
        ),
        (
            "{\"name\": \"a\", \"scopes\": [{\"scope\": \"a\", \"deprecated\": {\"until\": \"x\"}}]}",
            1,
            62,
            "unknown field `until`, expected one of `note`, `since`, `sunset`, `use`",
        ),
        ("{\"name\": \"a\", \"deprecated\": [[\"GET\"]]}", 1, 36, "invalid length 1"),
    ] {
        match UntypedCatalogue::from_json(text) {
            Err(JsonError::Syntax { line: at_line, column: at_column, message: said }) => {
                assert!(said.starts_with(message) && !said.contains(" at line "), "{text}: {said}");
                assert_eq!(at_line, line, "{text}");
                assert!(at_column.abs_diff(column) <= 2, "{text}: {at_column}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn contradictions_are_found_all_at_once() {
    let error = UntypedCatalogue::from_json(&document(
        r#""scopes": [
            {"scope": "a", "global": "x", "unbound": "y", "routes": [["GET", "/x"],
                {"method": "GET", "path": "/y", "global": "x", "unbound": "y"}]}
        ],
        "requirements": [
            {"route": ["GET", "/x"], "any_of": [["a"]]},
            {"route": {"method": "GET", "path": "/x"}, "any_of": [["a"]]}
        ],
        "deprecated": [["GET", "/x"], ["GET", "/nowhere"], ["POST", "/x"]]"#,
    ))
    .unwrap_err();
    let expected = [
        ("/scopes/0", ContentError::GlobalAndUnbound),
        ("/scopes/0/routes/1", ContentError::GlobalAndUnbound),
        ("/requirements/1", ContentError::RepeatedRequirement),
        ("/deprecated/1", ContentError::UndeclaredRoute),
        ("/deprecated/2", ContentError::UndeclaredRoute),
    ];
    let mut expected: Vec<_> = expected.map(|(pointer, error)| (String::from(pointer), error)).into();
    let JsonError::Content(mut found) = error else { panic!("{error}") };
    found.sort_by(|a, b| a.0.cmp(&b.0));
    expected.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(found, expected);
}

#[test]
fn what_the_macro_refuses_is_refused_with_a_pointer() {
    for (members, pointer, expected) in [
        (r#""scopes": [{"scope": "a"}, {"scope": "a"}]"#, "/scopes/1/scope", "scope `a` is declared twice"),
        (
            r#""scopes": [{"scope": "a", "was": ["b", "a"]}]"#,
            "/scopes/0/was/1",
            "`a` is the scope's name of today, write a name that it had before",
        ),
        (r#""scopes": [{"scope": "a", "title": ""}]"#, "/scopes/0/title", "a title is one line of text"),
        (
            r#""scopes": [{"scope": "a", "deprecated": {"since": "2026-11-31"}}]"#,
            "/scopes/0/deprecated/since",
            "`2026-11-31` is not a date: month 11 of 2026 has 30 days",
        ),
        (
            r#""scopes": [{"scope": "a", "routes": [
                {"method": "GET", "path": "/x", "deprecated": {"since": "2026-11-02", "sunset": "2026-11-01"}}]}]"#,
            "/scopes/0/routes/0/deprecated/sunset",
            "the sunset `2026-11-01` comes before the deprecation `2026-11-02`",
        ),
        (
            r#""scopes": [{"scope": "a"}, {"scope": "b", "deprecated": {"use": "A"}}]"#,
            "/scopes/1/deprecated/use",
            "unknown scope `A`, did you mean `a`?",
        ),
        (
            r#""scopes": [{"scope": "a:b", "was": ["x"]}], "requirements": [{"route": ["GET", "/"], "any_of": [["x"]]}]"#,
            "/requirements/0/any_of/0/0",
            "`x` is an old name, the scope is `a:b` today",
        ),
        (r#""scopes": [{"scope": "a b"}]"#, "/scopes/0/scope", "`a b` is not a scope name"),
        (r#""scopes": [{"scope": "a", "routes": [["get", "/x"]]}]"#, "/scopes/0/routes/0", "`get` is not a method"),
        (r#""scopes": [{"scope": "a", "routes": [["GET", "x"]]}]"#, "/scopes/0/routes/0", "path `x`"),
        (
            r#""scopes": [{"scope": "a", "routes": [{"method": "GET", "path": "/x/"}]}]"#,
            "/scopes/0/routes/0/path",
            "path `/x/` ends in `/`",
        ),
        (
            r#""scopes": [{"scope": "a", "routes": [["GET", "/x"]]}], "open": [["GET", "/x"]]"#,
            "/open/0",
            "route `GET /x` is public here and scoped elsewhere",
        ),
        (r#""public": [{"reason": " ", "routes": [["GET", "/x"]]}]"#, "/public/0/reason", "`public` needs a reason"),
        (
            r#""scopes": [{"scope": "a"}], "requirements": [{"route": ["GET", "/x"], "any_of": [[]]}]"#,
            "/requirements/0/any_of/0",
            "an alternative names no scope, write `[\"a.b\", \"c.d\"]`",
        ),
        (
            r#""scopes": [{"scope": "users.read"}], "requirements": [{"route": ["GET", "/x"], "any_of": [["users.raed"]]}]"#,
            "/requirements/0/any_of/0/0",
            "unknown scope `users.raed`, did you mean `users.read`?",
        ),
        (
            r#""scopes": [{"scope": "users.read"}], "requirements": [{"route": ["GET", "/x"], "any_of": [["users.read", "users.raed"]]}]"#,
            "/requirements/0/any_of/0/1",
            "unknown scope `users.raed`, did you mean `users.read`?",
        ),
        (
            r#""tenant": "t", "scopes": [{"scope": "a", "routes": [["GET", "/x"], ["GET", "/{t}"]]}]"#,
            "/scopes/0/routes/0",
            "route `GET /x` has no `t`",
        ),
        (r#""base": "/{x}""#, "/base", "base `/{x}` must be literal"),
    ] {
        let error = UntypedCatalogue::from_json(&document(members)).unwrap_err();
        let JsonError::Catalogue(errors) = &error else { panic!("{members}: {error:?}") };
        let found: Vec<_> = errors.iter().map(|(pointer, error)| (pointer.as_str(), error.to_string())).collect();
        assert!(
            found.iter().any(|(at, message)| *at == pointer && message.starts_with(expected)),
            "{members}: {found:?}"
        );
        assert!(error.to_string().contains(&format!("`{pointer}`: {expected}")), "{error}");
    }
}

#[test]
fn errors_of_reader_and_compiler_come_together() {
    let text = document(
        r#""scopes": [{"scope": "a"}, {"scope": "a"}],
        "requirements": [{"route": ["GET", "/x"], "any_of": [["b"], ["a"]]}]"#,
    );
    let JsonError::Catalogue(errors) = UntypedCatalogue::from_json(&text).unwrap_err() else { panic!("{text}") };
    assert!(matches!(
        errors.iter().map(|(_, error)| &error.kind).collect::<Vec<_>>()[..],
        [CatalogueErrorKind::DuplicateScope { .. }, CatalogueErrorKind::UnknownScope { .. }]
    ));
    // Without the compiler, only the mistakes that the reader itself finds are errors.
    let JsonError::Catalogue(errors) = declaration_from_json(&text).unwrap_err() else { panic!("{text}") };
    assert_eq!(errors.len(), 1);
}

#[test]
fn every_place_has_its_pointer() {
    let text = document(
        r#""tenant": "t", "scopes": [{"scope": "a"}, {"scope": "b", "routes": [["GET", "/t/{t}"], {"method": "PUT", "path": "/t/{t}"}]}]"#,
    );
    let (declaration, places) = declaration_from_json(&text).unwrap();
    let pointer = |place: crate::declaration::Place| places[place.0 as usize].as_str();
    assert_eq!(pointer(declaration.tenant.unwrap().place), "/tenant");
    let crate::declaration::Item::Scope(scope) = &declaration.items[1] else { panic!("{:?}", declaration.items) };
    let routes = &scope.routes;
    assert_eq!(
        vec![
            pointer(scope.name.place),
            pointer(routes[0].path.place),
            pointer(routes[0].method.place),
            pointer(routes[1].path.place)
        ],
        ["/scopes/1/scope", "/scopes/1/routes/0", "/scopes/1/routes/0", "/scopes/1/routes/1/path"]
    );
    assert_eq!(places[0], "");
}

#[test]
fn what_is_too_much_has_a_place() {
    let names: Vec<String> = (0..300).map(|index| format!("s{index:03}")).collect();
    let scopes = names.iter().map(|name| format!(r#"{{"scope": "{name}"}}"#)).collect::<Vec<_>>().join(",");
    let any_of = |sets: &dyn Fn(usize) -> String| {
        let sets = (0..299).map(sets).collect::<Vec<_>>().join(",");
        format!(r#""scopes": [{scopes}], "requirements": [{{"route": ["GET", "/x"], "any_of": [{sets}]}}]"#)
    };
    let methods: String = (0..63).map(|index| format!(r#"["M{index}", "/x"],"#)).collect();
    for (members, expected) in [
        (
            any_of(&|index| format!(r#"["{}"]"#, names[index])),
            "`/requirements/0/route`: more than 255 alternatives of one route",
        ),
        (
            any_of(&|index| format!(r#"["{}", "{}"]"#, names[index], names[index + 1])),
            "`/requirements/0/route`: more than 255 alternatives of one route",
        ),
        (
            format!(
                r#""scopes": [{scopes}], "requirements": [{{"route": ["GET", "/x"], "any_of": [["{}"]]}}]"#,
                names.join(r#"", ""#)
            ),
            "`/requirements/0/any_of/0/255`: more than 255 scopes in one alternative",
        ),
        (
            format!(r#""scopes": [{{"scope": "a", "routes": [{methods} ["GET", "/y"]]}}]"#),
            "`/scopes/0/routes/63`: more than 64 methods, with the `HEAD` that comes with `GET`",
        ),
    ] {
        let error = UntypedCatalogue::from_json(&document(&members)).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn only_the_first_unknown_names_come_with_a_suggestion() {
    let requirement = |index: usize| format!(r#"{{"route": ["GET", "/x{index}"], "any_of": [["users.reed"]]}}"#);
    let requirements = (0..40).map(requirement).collect::<Vec<_>>().join(",");
    let members = format!(r#""scopes": [{{"scope": "users.read"}}], "requirements": [{requirements}]"#);
    let message = UntypedCatalogue::from_json(&document(&members)).unwrap_err().to_string();
    assert_eq!(message.lines().count(), 40);
    assert!(message.lines().all(|line| line.contains("unknown scope `users.reed`")));
    assert_eq!(message.lines().filter(|line| line.ends_with(", did you mean `users.read`?")).count(), 32);
}
