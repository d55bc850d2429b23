//! `scopes picker` and `scopes link` as programs.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

mod support;

use self::support::{Answer, run_in};

const CATALOGUE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../scopes-export/tests/picker/catalogue.json");

/// The exit status, the standard output and the standard error.
fn run(arguments: &[&str]) -> (i32, String, String) {
    let Answer { code, out, err } = run_in(".", arguments, "");
    (code, out, err)
}

#[test]
fn the_file_has_what_the_options_say_and_fits_its_schema() {
    let preset = "Support desk=users.read users.write";
    let (code, file, errors) = run(&[
        "picker",
        CATALOGUE,
        "--documentation",
        "/docs/permissions",
        "--group",
        "tokens=API tokens",
        "--access",
        "events.search=read",
        "--preset",
        preset,
    ]);
    assert_eq!((code, &*errors), (0, ""));
    let expected = include_str!("../../scopes-export/tests/picker/expected.json");
    assert_eq!(file, expected);
    let schema = serde_json::from_str(&run(&["schema", "picker"]).1).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    assert!(validator.is_valid(&serde_json::from_str(&file).unwrap()));

    let (_, file, _) = run(&["picker", CATALOGUE, "--issuer", "users.read", "--without-read-only"]);
    assert!(file.contains(r#""may_give": false"#) && !file.contains("read-only"));
    for (arguments, part) in [
        (&["--preset", "A=users.raed"][..], "the catalogue has no scope `users.raed`"),
        (&["--preset", "A"], "write NAME=VALUE"),
        (&["--access", "users.read=admin"], "invalid"),
        (&["--documentation", "javascript:0"], "an address with `https:`"),
    ] {
        let (code, out, errors) = run(&[&["picker", CATALOGUE], arguments].concat());
        assert_eq!((code, &*out), (2, ""), "{arguments:?}");
        assert!(errors.contains(part), "{errors}");
    }
}

#[test]
fn the_component_is_the_one_of_the_crate() {
    let (code, file, _) = run(&["picker", "--component"]);
    assert_eq!((code, &*file), (0, scopes_export::picker::COMPONENT));
}

#[test]
fn a_link_has_the_least_scopes_for_its_requests() {
    for (arguments, query) in [
        (&["--for", "GET /v1/accounts/a/users"][..], "scopes=users.read"),
        (&["--for", "GET /v1/accounts/a/reports"], "scopes=jobs.run"),
        (&["--for", "GET /v1/accounts/a/reports", "--for", "GET /v1/users/7"], "scopes=users.read+jobs.run"),
        (
            &["--scope", "jobs.run", "--name", "ci job", "--expires-in", "30"],
            "name=ci+job&scopes=jobs.run&expires_in=30",
        ),
    ] {
        let (code, out, errors) = run(&[&["link", CATALOGUE], arguments].concat());
        assert_eq!((code, &*errors), (0, ""), "{arguments:?}");
        assert_eq!(out, format!("{query}\n"), "{arguments:?}");
    }
    let page = "https://app.example.com/tokens/new";
    let (code, out, errors) = run(&["link", CATALOGUE, "--for", "DELETE /v1/accounts/a/users/7", "--page", page]);
    assert_eq!((code, out), (0, format!("{page}?scopes=users.write\n")));
    assert!(errors.contains("delete or issue tokens: users.write"), "{errors}");
    for (arguments, part) in [
        (&[][..], "`--for`"),
        (&["--for", "/v1/me"], "METHOD PATH"),
        (&["--for", "GET /nowhere"], "`GET /nowhere`"),
        (&["--for", "GET /v1/health"], "they need none"),
        (&["--scope", "person.read"], "no scope `person.read`"),
        (&["--scope", "jobs.run", "--expires-in", "0"], "not a number of days"),
        (&["--scope", "jobs.run", "--page", "https://x.example/?a=b"], "without `?`"),
        (&["--scope", "jobs.run", "--page", "javascript:alert(1)"], "begins with `https://`"),
        (&["--scope", "jobs.run", "--page", "data:text/html,x"], "begins with `https://`"),
    ] {
        let (code, out, errors) = run(&[&["link", CATALOGUE], arguments].concat());
        assert_eq!((code, &*out), (2, ""), "{arguments:?}");
        assert!(errors.contains(part), "{arguments:?} {errors}");
    }
}
