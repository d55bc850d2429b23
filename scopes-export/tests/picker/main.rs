//! `picker.json`, its schema, its presets, and the links to a page that makes tokens.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

use std::collections::BTreeSet;
use std::path::Path;

use scopes_core::UntypedCatalogue;
use scopes_export::json::from_json;
use scopes_export::picker::{Access, COMPONENT, Link, LinkError, Options, Picker, PickerError, SCHEMA};
use serde_json::Value;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/picker");

fn catalogue() -> UntypedCatalogue {
    from_json(include_str!("catalogue.json")).unwrap()
}

fn options() -> Options {
    Options::new()
        .documentation("/docs/permissions")
        .group("tokens", "API tokens")
        .access("events.search", Access::Read)
        .preset("Support desk", ["users.read", "users.write"])
}

fn read(text: &str) -> Value {
    let document: Value = serde_json::from_str(text).unwrap();
    let validator = jsonschema::draft202012::new(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
    let errors: Vec<_> =
        validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    document
}

fn scope<'d>(document: &'d Value, name: &str) -> &'d Value {
    let groups = document["groups"].as_array().unwrap();
    let mut scopes = groups.iter().flat_map(|group| group["scopes"].as_array().unwrap());
    scopes.find(|scope| scope["scope"] == name).unwrap()
}

fn names(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect()
}

/// Compares with a file beside this test, or writes it with `UPDATE_EXPECT=1`.
fn assert_file(name: &str, text: &str) {
    let file = Path::new(FOLDER).join(name);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&file, text).unwrap();
    }
    assert!(std::fs::read_to_string(&file).is_ok_and(|written| written == text), "{name} differs: UPDATE_EXPECT=1");
}

#[test]
fn the_file_is_what_was_reviewed() {
    let catalogue = catalogue();
    let text = Picker::new(&catalogue, &options()).unwrap().to_json();
    read(&text);
    assert_file("expected.json", &text);
}

#[test]
fn each_scope_and_each_route_of_any_catalogue_is_in_the_file() {
    for text in [include_str!("../full.json"), include_str!("catalogue.json"), r#"{"name": "empty"}"#] {
        let catalogue = from_json(text).unwrap();
        let document = read(&Picker::new(&catalogue, &Options::new()).unwrap().to_json());
        let groups = document["groups"].as_array().unwrap();
        let listed: Vec<&str> = groups
            .iter()
            .flat_map(|group| group["scopes"].as_array().unwrap())
            .map(|scope| scope["scope"].as_str().unwrap())
            .collect();
        let declared: BTreeSet<&str> = catalogue.scopes().map(scopes_core::ScopeInfo::name).collect();
        assert_eq!((listed.len(), listed.iter().copied().collect()), (declared.len(), declared));
        let routes = document["routes"].as_array().unwrap();
        assert_eq!(routes.len(), catalogue.routes().len());
        let raw = routes.iter().filter_map(|route| route["raw"].as_array()).map(Vec::len).sum::<usize>();
        let is_raw = |parameter: &scopes_core::Parameter<'_>| parameter.is_raw();
        assert_eq!(raw, catalogue.routes().flat_map(scopes_core::Route::parameters).filter(is_raw).count());
        // Each scope refers to exactly the routes that name it.
        for info in catalogue.scopes() {
            let expected: BTreeSet<(String, String)> =
                info.routes().map(|route| (route.method().to_owned(), route.template())).collect();
            let found = scope(&document, info.name())["routes"].as_array().unwrap().iter().map(|place| {
                let route = &routes[usize::try_from(place.as_u64().unwrap()).unwrap()];
                (route["method"].as_str().unwrap().to_owned(), route["path"].as_str().unwrap().to_owned())
            });
            assert_eq!(found.collect::<BTreeSet<_>>(), expected, "{}", info.name());
        }
    }
}

#[test]
fn facts_say_whether_they_are_derived() {
    let catalogue = catalogue();
    let document = read(&Picker::new(&catalogue, &options()).unwrap().to_json());
    for (name, access, from, deletes, issues_tokens) in [
        ("users.read", "read", "derived", false, false),
        ("users.write", "write", "derived", true, false),
        ("tokens.write", "write", "derived", false, true),
        ("events.search", "read", "declared", false, false),
        ("all", "write", "derived", true, true),
        ("jobs.run", "read", "derived", false, false),
    ] {
        let scope = scope(&document, name);
        assert_eq!((&scope["access"], &scope["access_from"]), (&access.into(), &from.into()), "{name}");
        assert_eq!((&scope["deletes"], &scope["issues_tokens"]), (&deletes.into(), &issues_tokens.into()), "{name}");
    }
    assert_eq!(names(&scope(&document, "users.read")["implied_by"]), ["all"]);
    assert_eq!(scope(&document, "events.search")["deprecated"]["use"], "events.read");
    assert_eq!(document["groups"][1]["title"], "API tokens");
    assert!(scope(&document, "users.read").get("may_give").is_none() && document["issuer"].is_null());
}

#[test]
fn an_issuer_gives_what_it_holds_and_includes() {
    let catalogue = catalogue();
    for (holds, missing) in [
        (&["users.read", "jobs.run"][..], &["users.write", "tokens.write", "events.read", "events.search", "all"][..]),
        (&["all"], &["events.search", "jobs.run"]),
        (&[], &["users.read", "users.write", "tokens.write", "events.read", "events.search", "all", "jobs.run"]),
    ] {
        let picker = Picker::new(&catalogue, &options().issuer(holds.iter().copied())).unwrap();
        let document = read(&picker.to_json());
        assert_eq!(names(&document["issuer"]["missing"]), missing, "{holds:?}");
        for info in catalogue.scopes() {
            let may_give = !missing.contains(&info.name());
            assert_eq!(scope(&document, info.name())["may_give"], may_give, "{}", info.name());
            assert_eq!(picker.may_give(info.name()), may_give);
        }
        assert!(!picker.may_give("no.such.scope") && !picker.may_give("person.read"), "an old name");
    }
}

#[test]
fn options_must_fit_the_catalogue() {
    let catalogue = catalogue();
    let new = Options::new;
    let preset = |title: &str| Err(PickerError::Preset(title.to_owned()));
    let unknown = |name: &str| Err(PickerError::Scope(name.to_owned()));
    for (options, expected) in [
        (new().preset("A", ["users.reed"]), unknown("users.reed")),
        (new().preset("A", ["person.read"]), unknown("person.read")),
        (new().preset("A", [""; 0]), preset("A")),
        (new().preset("--", ["users.read"]), preset("--")),
        (new().preset("Read only", ["users.read"]), preset("Read only")),
        (new().without_read_only().preset("Read only", ["users.read"]), Ok(())),
        (new().preset("A b", ["users.read"]).preset("a B", ["users.read"]), preset("a B")),
        (new().access("x", Access::Read), unknown("x")),
        (new().issuer(["users.read", "x"]), unknown("x")),
        (new().group("user", "Users"), Err(PickerError::Group("user".to_owned()))),
        (new().documentation("javascript:alert(1)"), Err(PickerError::Documentation)),
        (new().documentation("http://docs.example.com"), Err(PickerError::Documentation)),
        (new().documentation("//docs.example.com"), Err(PickerError::Documentation)),
    ] {
        assert_eq!(Picker::new(&catalogue, &options).map(drop), expected, "{options:?}");
    }
}

#[test]
fn a_link_chooses_only_what_is_harmless_and_exact() {
    let catalogue = catalogue();
    let picker = Picker::new(&catalogue, &options()).unwrap();
    let cases: Value = serde_json::from_str(include_str!("links.json")).unwrap();
    for case in cases.as_array().unwrap() {
        let query = case["query"].as_str().unwrap();
        let read = Link::parse(query);
        assert_eq!(read.as_ref().err().map(ToString::to_string).as_deref(), case["refused"].as_str(), "{query}");
        let Ok(link) = read else { continue };
        assert_eq!(link.has_scopes(), case["is_link"].as_bool().unwrap(), "{query}");
        let choice = picker.choose(&link);
        for (found, expected) in
            [(choice.chosen(), "chosen"), (choice.held_back(), "held_back"), (choice.unknown(), "unknown")]
        {
            assert_eq!(found, names(&case[expected]), "{query} {expected}");
        }
        if let Ok(written) = link.to_query() {
            assert_eq!(Link::parse(&written), Ok(link), "{query}");
        }
    }
    // What the issuer may not give is held back as well.
    let picker = Picker::new(&catalogue, &options().issuer(["users.read"])).unwrap();
    let choice = picker.choose(&Link::parse("scopes=users.read+events.read").unwrap());
    assert_eq!(
        (choice.chosen(), choice.held_back()),
        (&["users.read".to_owned()][..], &["events.read".to_owned()][..])
    );
}

#[test]
fn a_link_is_bounded() {
    let many = |count: usize| (0..count).map(|number| format!("s{number}")).collect::<Vec<_>>().join("+");
    assert_eq!(Link::parse(&format!("scopes={}", many(200))).unwrap().scopes().len(), 200);
    assert_eq!(Link::parse(&format!("scopes={}", many(201))), Err(LinkError::TooMany));
    let long = |length: usize| format!("scopes={}", "x".repeat(length - "scopes=".len()));
    assert!(Link::parse(&long(4096)).is_ok());
    assert_eq!(Link::parse(&long(4097)), Err(LinkError::TooLong));
    assert_eq!(Link::parse(&format!("other={}", "x".repeat(5000))), Ok(Link::new()), "not a link");
    let name = |length: usize| Link::new().name("\u{e9}".repeat(length)).to_query().map(drop);
    assert_eq!((name(100), name(101)), (Ok(()), Err(LinkError::Name)));
    assert_eq!(Link::new().scope("a b").to_query(), Err(LinkError::Scope));
    assert_eq!(Link::new().expires_in(0).to_query(), Err(LinkError::Days));
    let link = (0..200).fold(Link::new(), |link, number| link.scope(format!("{}{number}", "x".repeat(20))));
    assert_eq!(link.to_query(), Err(LinkError::TooLong));
}

#[test]
fn the_component_is_small_and_writes_text_only() {
    // `.ci/web/element.mjs` makes the file, and CI compares it with its sources.
    assert!(COMPONENT.len() < 15_000, "{} bytes", COMPONENT.len());
    for forbidden in [
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval",
        "Function(",
        "import(",
        "import ",
        "http",
    ] {
        let found = COMPONENT.matches(forbidden).count();
        // The one `http` is in the expression for the address of the documentation.
        assert_eq!(found, usize::from(forbidden == "http"), "{forbidden}");
    }
}
