//! `scopes openapi` as a program.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

mod support;

use serde_json::{Value, json};

use self::support::{Answer, run_in};

fn run(arguments: &[&str]) -> (i32, String, String) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../scopes-export/tests");
    let Answer { code, out, err } = run_in(folder, &[&["openapi"], arguments].concat(), "");
    (code, out, err)
}

fn document(arguments: &[&str]) -> Value {
    let (code, out, err) = run(arguments);
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).unwrap()
}

#[test]
fn options_are_in_the_document() {
    let written = document(&[
        "full.json",
        "--version",
        "3.0",
        "--scheme",
        "oauth2",
        "--scheme-name",
        "login",
        "--token-url",
        "/token",
        "--authorization-url",
        "/authorize",
        "--title",
        "Accounts",
        "--api-version",
        "2.1.0",
        "--license",
        "MIT",
        "--server",
        "https://api.example.com/v1",
        "--server",
        "/v1",
        "--errors",
        "problem",
        "--show-scopes",
    ]);
    assert_eq!(written["openapi"], "3.0.4");
    let license = json!({ "name": "MIT", "url": "https://spdx.org/licenses/MIT.html" });
    assert_eq!((&written["info"]["title"], &written["info"]["version"]), (&json!("Accounts"), &json!("2.1.0")));
    assert_eq!(written["info"]["license"], license);
    assert_eq!(written["servers"], json!([{ "url": "https://api.example.com/v1" }, { "url": "/v1" }]));
    let flow = &written["components"]["securitySchemes"]["login"]["flows"]["authorizationCode"];
    assert_eq!((&flow["tokenUrl"], &flow["authorizationUrl"]), (&json!("/token"), &json!("/authorize")));
    let list = &written["paths"]["/accounts/{account}/users"]["get"];
    assert_eq!(list["security"], json!([{ "login": ["all"] }, { "login": ["users.read"] }]));
    assert!(list["description"].as_str().unwrap().contains("**Required scopes**"));
}

#[test]
fn what_openapi_cannot_say_is_on_the_standard_error() {
    let (code, _, err) = run(&["full.json"]);
    let lines: Vec<_> = err.lines().collect();
    assert_eq!(code, 0);
    assert_eq!(
        lines,
        [
            "note: `GET /v1`: a path of OpenAPI begins with a slash, so only `x-scopes` has the route that is the base itself",
            "note: `PROPFIND /v1/accounts/{account}/files/{*path}`: OpenAPI 3.1.1 has no such method, so only `x-scopes` has \
             the route",
        ]
    );
}

#[test]
fn arguments_that_do_not_fit() {
    for (arguments, message) in [
        (&["full.json", "--version", "2.0"][..], "the versions of OpenAPI that can be written are 3.0, 3.1 and 3.2"),
        (&["full.json", "--scheme", "oauth2"], "`--scheme oauth2` needs `--token-url`"),
        (&["full.json", "--in-place"], "--merge"),
        (&["full.json", "--merge", "full.json"], "full.json: this is not an OpenAPI document"),
        (&["full.json", "--merge", "x.yaml", "--title", "T"], "cannot be used with"),
        (&["full.json", "--token-url", "/token"], "the URLs of tokens need `--scheme oauth2`"),
        (&["missing.json"], "missing.json: cannot read it"),
    ] {
        let (code, out, err) = run(arguments);
        assert!(code == 2 && out.is_empty() && err.contains(message), "{arguments:?}: {err}");
    }
}

/// A document in a folder that goes away with the test.
struct File(std::path::PathBuf);

impl File {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("scopes-openapi-{}-{name}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        Self(path)
    }

    fn name(&self) -> &str {
        self.0.to_str().unwrap()
    }

    fn text(&self) -> String {
        std::fs::read_to_string(&self.0).unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn a_document_with_a_scheme_of_its_own() {
    let text = "openapi: 3.1.0\ncomponents:\n  securitySchemes:\n    login: {type: http, scheme: bearer}\n\
                paths:\n  /accounts/{id}/users:\n    get:\n      security: [{login: [all]}, {login: [users.read]}]\n";
    let file = File::new("own-scheme.yaml", text);
    let (code, _, err) = run(&["full.json", "--merge", file.name()]);
    assert!(code == 1 && err.contains("note: `--scheme-name` names"), "{err}");
    let (code, out, err) = run(&["full.json", "--merge", file.name(), "--scheme-name", "login"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("security: [{login: [all]}, {login: [users.read]}]\n") && !out.contains("bearer:"), "{out}");
}

#[test]
fn many_conflicts_and_many_notes_are_counted() {
    let routes: Vec<String> = (0..60).map(|number| format!(r#"["GET", "/{number}"]"#)).collect();
    let routes = routes.join(", ");
    let catalogue =
        File::new("many.json", &format!(r#"{{"name": "api", "scopes": [{{"scope": "s", "routes": [{routes}]}}]}}"#));
    let paths = |first: usize| -> String {
        (first..first + 60).map(|number| format!("  /{number}: {{get: {{security: []}}}}\n")).collect()
    };
    let file = File::new("many.yaml", &format!("openapi: 3.1.0\npaths:\n{}", paths(0)));
    let (code, _, err) = run(&[catalogue.name(), "--merge", file.name()]);
    assert_eq!((code, err.matches("error: ").count()), (1, 50), "{err}");
    assert!(err.contains("\nand 10 more\nnote: `--replace`"), "{err}");
    let file = File::new("other.yaml", &format!("openapi: 3.1.0\npaths:\n{}", paths(100)));
    let (code, _, err) = run(&[catalogue.name(), "--merge", file.name()]);
    assert_eq!((code, err.matches("note: ").count()), (0, 50), "{err}");
    assert!(err.ends_with("\nand 70 more\n"), "{err}");
}

#[test]
fn a_byte_order_mark_stays() {
    let file = File::new("mark.yaml", "\u{feff}openapi: 3.1.0\npaths: {}\n");
    let (code, out, err) = run(&["full.json", "--merge", file.name()]);
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("\u{feff}openapi: 3.1.0\n"), "{out}");
}

#[test]
fn a_merge_into_a_file() {
    let before = "openapi: 3.1.0 # here\npaths:\n  /accounts/{id}/users:\n    get:\n      responses: {}\n  /other:\n    get:\n      responses: {}\n";
    let file = File::new("merge.yaml", before);
    let (code, out, err) = run(&["full.json", "--merge", file.name()]);
    assert_eq!((code, file.text().as_str()), (0, before), "{err}");
    assert!(out.contains("      security:\n        - bearer:\n            - all\n"), "{out}");
    assert!(
        err.contains("note: `GET /other`: the catalogue has no such route, so the operation stays as it is\n"),
        "{err}"
    );
    let (code, told, _) = run(&["full.json", "--merge", file.name(), "--in-place"]);
    assert_eq!((code, told), (0, format!("{} updated\n", file.name())));
    assert_eq!(file.text(), out);
    let (code, told, _) = run(&["full.json", "--merge", file.name(), "--in-place"]);
    assert_eq!((code, told), (0, format!("{} is up to date\n", file.name())));

    std::fs::write(&file.0, out.replace("- all", "- none")).unwrap();
    let (code, out, err) = run(&["full.json", "--merge", file.name()]);
    let expected = format!(
        "error: {}:11: `GET /accounts/{{id}}/users`: the document demands `bearer` with `none`, or `bearer` with `users.read`, \
         the catalogue `bearer` with `all`, or `bearer` with `users.read`\nnote: `--replace` writes what the catalogue demands\n\
         note: `--scheme-name` names the document's own scheme of the tokens\n",
        file.name()
    );
    assert_eq!((code, out.as_str(), err), (1, "", expected));
    assert_eq!(run(&["full.json", "--merge", file.name(), "--replace"]).0, 0);

    std::fs::write(
        &file.0,
        "openapi: 3.1.0\npaths:\n  /accounts/{id}/users:\n    get: &get\n      responses: {}\n    put: *get\n",
    )
    .unwrap();
    let (code, out, err) = run(&["full.json", "--merge", file.name()]);
    assert!(
        code == 2 && out.is_empty() && err.contains("is not changed") && err.contains("\"overlay\": \"1.0.0\""),
        "{err}"
    );
}
