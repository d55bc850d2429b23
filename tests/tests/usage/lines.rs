//! What a recorder writes.

use std::io::{self, Write};

use http::Method;
use scopes::export::usage::{Evidence, Outcome};
use scopes::usage::{Options, Recorder};
use scopes::{Authentication, Carrier, ReportOnly, Settings};

scopes::scopes! {
    pub mod api;
    users.read { GET "/users/{user}"; }
    users.write { PUT "/users/{user}"; }
}

scopes::scopes! {
    pub mod other;
    users.read { GET "/users/{user}"; }
}

fn grant(id: &str) -> api::Grant {
    api::Grant::new(api::Scope::UsersRead).with_token_id(id)
}

/// A request for `users.read` by `GET`, and for `users.write` by `PUT`.
fn request(recorder: &Recorder, method: &Method, caller: Authentication<api::Scope>) {
    let settings = Settings::new().on_decision(recorder.hook());
    let mut request = http::Request::builder().method(method).uri("/users/7").body(()).unwrap();
    caller.store(request.extensions_mut(), &settings.into());
    let _ = match *method {
        Method::PUT => request.permit::<api::permits::UsersWrite>().map(drop),
        _ => request.permit::<api::permits::UsersRead>().map(drop),
    };
}

fn used(recorder: &Recorder, id: &str) {
    request(recorder, &Method::GET, Authentication::Granted(grant(id)));
}

fn written(recorder: &Recorder) -> String {
    let mut lines = Vec::new();
    recorder.write_to(&mut lines).unwrap();
    String::from_utf8(lines).unwrap()
}

#[test]
fn every_line_fits_the_schema_and_is_read_again() {
    let schema = serde_json::from_str(scopes::export::usage::SCHEMA).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let recorders = [Options::new().capacity(3), Options::new().by_subject()]
        .map(|options| Recorder::with_options(&api::CATALOGUE, options));
    let mut kinds = std::collections::BTreeSet::new();
    for recorder in &recorders {
        for id in ["t-1", "t-2", "t-3", "t-4"] {
            request(recorder, &Method::GET, Authentication::Granted(grant(id).with_subject("ada")));
            request(recorder, &Method::PUT, Authentication::Granted(grant(id)));
        }
        request(recorder, &Method::PUT, Authentication::Absent);
        let mut evidence = Evidence::new(api::CATALOGUE.untyped());
        for line in written(recorder).lines() {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            assert!(schema.is_valid(&value), "{line}");
            evidence.read_line(line).unwrap();
            for broken in
                [line.replace("\"usage\":1", "\"usage\":2"), line.replace("GET /", "GET"), line.replace("from", "of")]
            {
                let value: serde_json::Value = serde_json::from_str(&broken).unwrap();
                assert_eq!(schema.is_valid(&value), broken == line, "{broken}");
            }
        }
        assert_eq!((evidence.dropped(), evidence.unknown().len()), (recorder.dropped(), 0));
        kinds.extend(evidence.clients().map(|(client, usage)| {
            let counts =
                [Outcome::Allowed, Outcome::Reported, Outcome::Denied].map(|outcome| usage.routes(outcome).count());
            format!("{client}: holds {}, {counts:?}", usage.held().count())
        }));
    }
    assert_eq!(
        kinds.iter().map(String::as_str).collect::<Vec<_>>(),
        [
            "callers without a grant: holds 0, [0, 0, 1]",
            "subject ada: holds 1, [1, 0, 0]",
            "token t-1: holds 1, [1, 0, 1]",
            "token t-2: holds 1, [1, 0, 1]",
            "token t-3: holds 1, [1, 0, 1]",
            "tokens without an id: holds 1, [0, 0, 1]",
        ]
    );
}

/// The lines about tokens, without what changes from run to run.
fn tokens(recorder: &Recorder) -> Vec<String> {
    let shown = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let id = ["token", "subject", "caller"].iter().find_map(|kind| value[*kind].as_str()).unwrap();
        let times = if value["first"].is_u64() && value["last"].is_u64() { "seen" } else { "never" };
        format!("{id} {} {times} {} {} {}", value["scopes"], value["allowed"], value["reported"], value["denied"])
    };
    let mut lines: Vec<String> = written(recorder).lines().skip(1).map(shown).collect();
    lines.sort();
    lines
}

#[test]
fn allowed_reported_and_denied_decisions_stand_apart() {
    let recorder = Recorder::new(&api::CATALOGUE);
    used(&recorder, "t-1");
    request(&recorder, &Method::PUT, Authentication::Granted(grant("t-1")));
    request(&recorder, &Method::PUT, Authentication::Granted(grant("t-2")));
    request(&recorder, &Method::GET, Authentication::Granted(api::Grant::new(api::Scope::UsersRead)));
    request(&recorder, &Method::GET, Authentication::Anonymous(api::Grant::new(api::Scope::UsersRead)));
    request(&recorder, &Method::PUT, Authentication::Absent);
    request(&recorder, &Method::PUT, Authentication::Invalid);
    let settings = Settings::new().report_only(ReportOnly::Scopes).on_decision(recorder.hook());
    let mut reported = http::Request::put("/users/7").body(()).unwrap();
    Authentication::Granted(grant("t-3")).store(reported.extensions_mut(), &settings.into());
    assert!(reported.permit::<api::permits::UsersWrite>().is_ok());
    assert_eq!(
        tokens(&recorder),
        [
            r#"t-1 ["users.read"] seen ["GET /users/{user}"] [] ["PUT /users/{user}"]"#,
            r#"t-2 ["users.read"] never [] [] ["PUT /users/{user}"]"#,
            r#"t-3 ["users.read"] seen [] ["PUT /users/{user}"] []"#,
            r#"without-grant [] seen ["GET /users/{user}"] [] ["PUT /users/{user}"]"#,
            r#"without-id ["users.read"] seen ["GET /users/{user}"] [] []"#,
        ]
    );
}

#[test]
fn subjects_instead_of_tokens() {
    let recorder = Recorder::with_options(&api::CATALOGUE, Options::new().by_subject());
    request(&recorder, &Method::GET, Authentication::Granted(grant("t-1").with_subject("ada")));
    used(&recorder, "t-2");
    assert!(written(&recorder).contains(r#""subject":"ada""#));
    assert_eq!(tokens(&recorder), [r#"without-id ["users.read"] seen ["GET /users/{user}"] [] []"#]);
}

#[test]
fn a_full_recorder_drops_new_tokens_and_counts() {
    let recorder = Recorder::with_options(&api::CATALOGUE, Options::new().capacity(2));
    for id in ["t-1", "t-2", "t-3", "t-4", "t-1", &"x".repeat(129)] {
        used(&recorder, id);
    }
    assert_eq!((recorder.tokens(), recorder.dropped()), (2, 3));
    assert!(written(&recorder).lines().next().unwrap().ends_with(r#","dropped":3}"#));
    // The known tokens are recorded still, and what is idle makes room.
    used(&recorder, "t-1");
    assert_eq!(tokens(&recorder).len(), 1);
    assert_eq!(recorder.tokens(), 1);
    used(&recorder, "t-3");
    assert_eq!(tokens(&recorder), [r#"t-3 ["users.read"] seen ["GET /users/{user}"] [] []"#]);
    assert_eq!(recorder.dropped(), 3);
}

#[test]
fn what_could_not_be_written_is_written_next_time() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is full"))
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let recorder = Recorder::new(&api::CATALOGUE);
    used(&recorder, "t-1");
    for _ in 0..3 {
        assert!(recorder.write_to(&mut Full).is_err());
    }
    assert_eq!(tokens(&recorder).len(), 1);
    assert_eq!(tokens(&recorder).len(), 0);
}

#[test]
fn a_torn_line_does_not_spoil_the_next_one() {
    let file = std::env::temp_dir().join(format!("scopes-usage-torn-{}", std::process::id()));
    std::fs::write(&file, r#"{"usage":1,"catal"#).unwrap();
    let recorder = Recorder::new(&api::CATALOGUE);
    for _ in 0..2 {
        used(&recorder, "t-1");
        recorder.append_to(&file).unwrap();
    }
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let whole = text.lines().filter(|line| serde_json::from_str::<serde_json::Value>(line).is_ok());
    assert_eq!((text.lines().count(), whole.count()), (5, 4));
}

#[test]
fn another_catalogue_is_left_out() {
    let recorder = Recorder::new(&api::CATALOGUE);
    let settings = Settings::new().on_decision(recorder.hook());
    let mut request = http::Request::get("/users/7").body(()).unwrap();
    let grant = other::Grant::new(other::Scope::UsersRead).with_token_id("t-1");
    Authentication::Granted(grant).store(request.extensions_mut(), &settings.into());
    assert!(request.permit::<other::permits::UsersRead>().is_ok());
    assert_eq!((recorder.tokens(), recorder.dropped(), tokens(&recorder).len()), (0, 0, 0));
}

#[test]
fn ids_of_any_text_make_lines_of_ascii() {
    let recorder = Recorder::new(&api::CATALOGUE);
    let id = "\"\\\n\u{1b}[2J\u{202e}é\u{1f600}\u{7f}";
    used(&recorder, id);
    let text = written(&recorder);
    assert!(text.bytes().all(|byte| byte == b'\n' || (b' '..=b'~').contains(&byte)), "{text}");
    let line: serde_json::Value = serde_json::from_str(text.lines().nth(1).unwrap()).unwrap();
    assert_eq!(line["token"], id);
}
