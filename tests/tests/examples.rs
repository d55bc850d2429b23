//! The small examples serve the same API, so that readers can compare the frameworks. The examples'
//! own tests check that all give the same answers.

use std::fs;
use std::path::Path;

/// The examples that serve the routes of the catalogue over HTTP.
const SERVERS: [&str; 10] =
    ["axum", "actix-web", "rocket", "poem", "salvo", "warp", "hyper", "utoipa", "aide", "lambda"];

const HANDLERS: [&str; 5] = ["list_users", "show_user", "create_user", "me", "health"];

fn source(example: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(example).join("src/main.rs");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The source from this line to the first `}` at the start of a line.
fn item(source: &str, first_line: &str) -> String {
    let start = source.find(first_line).unwrap_or_else(|| panic!("no `{first_line}`"));
    let rest = &source[start..];
    rest[..rest.find("\n}\n").expect("an end")].to_owned()
}

fn catalogue(source: &str) -> String {
    let catalogue = item(source, "scopes::scopes! {");
    let of_the_api = |line: &&str| !line.contains("openapi.json");
    catalogue.lines().filter(of_the_api).map(|line| format!("{line}\n")).collect()
}

#[test]
fn all_declare_one_catalogue() {
    let expected = catalogue(&source("axum"));
    for example in SERVERS.iter().chain(&["graphql"]) {
        assert_eq!(catalogue(&source(example)), expected, "{example}");
    }
}

#[test]
fn all_know_the_same_tokens() {
    let first_line = "async fn verify(";
    let expected = item(&source("axum"), first_line);
    for example in SERVERS.iter().chain(&["graphql", "tonic"]) {
        assert_eq!(item(&source(example), first_line), expected, "{example}");
    }
}

#[test]
fn all_have_the_same_handlers_in_one_order() {
    for example in SERVERS {
        let source = source(example);
        let position = |name: &str| {
            let [function, asynchronous] = [format!("\nfn {name}("), format!("\nasync fn {name}(")];
            let found = source.find(&function).or_else(|| source.find(&asynchronous));
            found.unwrap_or_else(|| panic!("{example}: no handler `{name}`"))
        };
        assert!(HANDLERS.map(position).is_sorted(), "{example}");
    }
}

#[test]
fn all_servers_listen_on_one_port_and_print_the_same_lines() {
    for example in SERVERS.iter().filter(|example| **example != "lambda") {
        let source = source(example);
        assert!(source.contains(r#"print!("{}", include_str!("../../try.txt"));"#), "{example}");
        assert!(source.contains("127.0.0.1:3000") || source.contains("app(3000)"), "{example}");
    }
}

#[test]
fn the_grpc_server_listens_on_that_port_and_prints_lines_of_its_own() {
    let source = source("tonic");
    assert!(source.contains(r#"print!("{}", include_str!("../try.txt"));"#));
    assert!(source.contains("127.0.0.1:3000"));
}
