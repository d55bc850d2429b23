//! Evidence that adds up, and what it does not show in use.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

use std::fmt::Write as _;

use scopes_core::{RouteId, ScopeId, UntypedCatalogue};
use scopes_export::json::from_json;
use scopes_export::usage::{Client, Evidence, EvidenceError, Outcome, Unused};

fn catalogue() -> UntypedCatalogue {
    from_json(
        r#"{
            "name": "api",
            "scopes": [
                {"scope": "users.read", "was": ["users.view"], "routes": [["GET", "/users/{id}"]]},
                {"scope": "users.write", "routes": [["PUT", "/users/{id}"]]},
                {"scope": "files.read"},
                {"scope": "files.admin"},
                {"scope": "audit.read", "routes": [["GET", "/audit"]]},
                {"scope": "all.read", "includes": ["*.read"]}
            ],
            "requirements": [
                {"route": ["GET", "/files"], "any_of": [["files.read"], ["files.admin"]]},
                {"route": ["DELETE", "/files"], "any_of": [["files.admin", "users.write"]]}
            ],
            "authenticated": [{"reason": "who am I", "routes": [["GET", "/me"]]}],
            "public": [{"reason": "probe", "routes": [["GET", "/health"]]}]
        }"#,
    )
    .unwrap()
}

fn line(id: &str, scopes: &str, times: Option<(u64, u64)>, allowed: &str, denied: &str) -> String {
    let list = |text: &str| {
        serde_json::to_string(&text.split(',').filter(|text| !text.is_empty()).collect::<Vec<_>>()).unwrap()
    };
    let mut line = format!(r#"{{"usage":1,"catalogue":"api",{id},"scopes":{}"#, list(scopes));
    if let Some((first, last)) = times {
        write!(line, r#","first":{first},"last":{last}"#).unwrap();
    }
    write!(line, r#","allowed":{},"reported":[],"denied":{}}}"#, list(allowed), list(denied)).unwrap();
    line
}

fn head(run: &str, from: u64, to: u64, dropped: u64) -> String {
    format!(r#"{{"usage":1,"catalogue":"api","run":"{run}","from":{from},"to":{to},"dropped":{dropped}}}"#)
}

fn read<'c>(catalogue: &'c UntypedCatalogue, lines: &[String]) -> Evidence<'c> {
    let mut evidence = Evidence::new(catalogue);
    for line in lines {
        evidence.read_line(line).unwrap();
    }
    evidence
}

/// All that the evidence says, as text.
fn shown(evidence: &Evidence<'_>) -> String {
    let catalogue = evidence.catalogue();
    let mut text = format!("{:?} dropped {}\n", evidence.window(), evidence.dropped());
    for (client, usage) in evidence.clients() {
        let routes = |outcome| routes(catalogue, &usage.routes(outcome).collect::<Vec<_>>());
        let held = scopes(catalogue, &usage.held().collect::<Vec<_>>());
        let (allowed, denied) = (routes(Outcome::Allowed), routes(Outcome::Denied));
        let unused = scopes(catalogue, &usage.unused_scopes(catalogue));
        writeln!(
            text,
            "{client} {:?} holds [{held}] unused [{unused}] allowed [{allowed}] denied [{denied}]",
            usage.times()
        )
        .unwrap();
    }
    text
}

fn scopes(catalogue: &UntypedCatalogue, ids: &[ScopeId]) -> String {
    ids.iter().map(|id| catalogue.scope(*id).unwrap().name()).collect::<Vec<_>>().join(" ")
}

fn routes(catalogue: &UntypedCatalogue, ids: &[RouteId]) -> String {
    ids.iter().map(|id| catalogue.route_at(*id).unwrap().to_string()).collect::<Vec<_>>().join(", ")
}

#[test]
fn lines_add_up_in_any_order_and_read_twice() {
    let catalogue = catalogue();
    let lines = [
        head("a", 10, 20, 0),
        line(r#""token":"t-1""#, "users.read,users.write", Some((11, 19)), "GET /users/{id}", ""),
        head("a", 10, 40, 2),
        line(r#""token":"t-1""#, "users.read,users.write", Some((11, 35)), "GET /users/{id},GET /me", "GET /audit"),
        // The server was started again, and another one ran beside it.
        head("b", 50, 60, 3),
        line(r#""token":"t-1""#, "users.view", Some((55, 56)), "", ""),
        line(r#""token":"t-2""#, "all.read", None, "", "PUT /users/{userId}"),
        head("c", 5, 45, 0),
    ];
    let expected = "\
Some((5, 60)) dropped 5
token t-1 Some((11, 56)) holds [users.read users.write] unused [users.write] allowed [GET /users/{id}, GET /me] denied [GET /audit]
token t-2 None holds [all.read] unused [all.read] allowed [] denied [PUT /users/{id}]
";
    assert_eq!(shown(&read(&catalogue, &lines)), expected);
    let twice: Vec<String> = lines.iter().rev().chain(&lines).cloned().collect();
    assert_eq!(shown(&read(&catalogue, &twice)), expected);
}

#[test]
fn what_is_not_evidence() {
    let catalogue = catalogue();
    let mut evidence = Evidence::new(&catalogue);
    let whole = line(r#""token":"t-1""#, "", Some((1, 2)), "GET /me", "");
    for (text, error) in [
        ("", EvidenceError::Unreadable),
        ("{}", EvidenceError::Unreadable),
        ("[1]", EvidenceError::Unreadable),
        (whole.strip_suffix('}').unwrap(), EvidenceError::Unreadable),
        (&whole.replace(r#""first":1,"#, ""), EvidenceError::Unreadable),
        (&whole.replace(r#""first":1"#, r#""first":3"#), EvidenceError::Unreadable),
        (&whole.replace(r#""token":"t-1""#, r#""token":"t-1","subject":"ada""#), EvidenceError::Unreadable),
        // Times after the year 9999, numbers that no counter has, and members that are there twice.
        (&whole.replace(r#""last":2"#, r#""last":253402300800"#), EvidenceError::Unreadable),
        (&whole.replace(r#""last":2"#, r#""last":1e3"#), EvidenceError::Unreadable),
        (&whole.replace(r#""last":2"#, r#""last":18446744073709551616"#), EvidenceError::Unreadable),
        (&whole.replace(r#""first":1"#, r#""first":-1"#), EvidenceError::Unreadable),
        (&whole.replace(r#""last":2"#, r#""last":2,"last":2"#), EvidenceError::Unreadable),
        (&whole.replace("{", r#"{"denied":[],"#), EvidenceError::Unreadable),
        (&whole.replace("/me", "/me\0"), EvidenceError::Unreadable),
        (&head("a", 1, 253_402_300_800, 0), EvidenceError::Unreadable),
        (&whole.replace(r#""token":"t-1""#, r#""caller":"someone""#), EvidenceError::Unreadable),
        (&head("a", 2, 1, 0), EvidenceError::Unreadable),
        (&head("a", 1, 2, 0).replace(r#","dropped":0"#, ""), EvidenceError::Unreadable),
        (&whole.replace(r#""usage":1"#, r#""usage":2"#), EvidenceError::Version),
    ] {
        assert_eq!(evidence.read_line(text), Err(error), "{text}");
    }
    assert_eq!((evidence.clients().len(), evidence.window()), (0, None));
    evidence.read_line(&whole.replace("\"api\"", "\"other\"")).unwrap();
    assert_eq!((evidence.clients().len(), evidence.of_other_catalogues()), (0, 1));
    let changed = line(r#""token":"t-1""#, "gone.scope", Some((1, 2)), "GET /gone,/me,GET /me", "");
    evidence.read_line(&changed).unwrap();
    assert!(evidence.unknown().eq(["/me", "GET /gone", "gone.scope"]));
}

#[test]
fn a_scope_is_used_if_it_gives_what_a_request_needed() {
    let catalogue = catalogue();
    // Each token holds the scopes before the arrow and has called the routes after it.
    for (held, called, unused_by_token, unused) in [
        // Either scope opens the route. The token holds one of them.
        ("files.read", "GET /files", "", "users.read users.write files.admin audit.read all.read"),
        // It holds both, and both take part.
        ("files.read,files.admin", "GET /files", "", "users.read users.write audit.read all.read"),
        ("files.read,audit.read", "GET /files", "audit.read", "users.read users.write files.admin audit.read all.read"),
        // What a scope includes is used through it.
        ("all.read,users.write", "GET /users/{id}", "users.write", "users.write files.read files.admin audit.read"),
        (
            "files.admin,users.write,audit.read",
            "DELETE /files",
            "audit.read",
            "users.read files.read audit.read all.read",
        ),
        // Scopes that the record does not have: everything counts that may have been used.
        ("", "GET /files", "", "users.read users.write audit.read"),
        ("", "DELETE /files", "", "users.read files.read audit.read all.read"),
        // The token has lost the scope since.
        ("audit.read", "GET /files", "audit.read", "users.read users.write audit.read all.read"),
        ("audit.read", "GET /me", "audit.read", "users.read users.write files.read files.admin audit.read all.read"),
    ] {
        let evidence = read(&catalogue, &[line(r#""token":"t-1""#, held, Some((1, 2)), called, "")]);
        let (_, usage) = evidence.clients().next().unwrap();
        assert_eq!(scopes(&catalogue, &usage.unused_scopes(&catalogue)), unused_by_token, "{held}: {called}");
        assert_eq!(scopes(&catalogue, Unused::of(&evidence).scopes()), unused, "{held}: {called}");
    }
}

#[test]
fn routes_that_were_never_called() {
    let catalogue = catalogue();
    let lines = [
        line(r#""token":"t-1""#, "", Some((1, 2)), "GET /files", "GET /audit"),
        line(r#""caller":"without-grant""#, "", None, "", "GET /me"),
        line(r#""token":"t-2""#, "", Some((1, 2)), "PUT /users/{id}", "GET /files"),
    ];
    let mut evidence = read(&catalogue, &lines);
    let delete = catalogue.route_by_template("DELETE", "/files").unwrap().id();
    evidence.add(Client::Unnamed, delete, Outcome::Undecided, None).unwrap();
    let unused = Unused::of(&evidence);
    // Routes that need no grant do not count.
    assert_eq!(routes(&catalogue, unused.routes()), "GET /users/{id}");
    assert_eq!(routes(&catalogue, unused.only_denied()), "GET /audit, GET /me");
}
