//! The lock file: what it refuses, and what it remembers.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

use scopes_core::{Date, UntypedCatalogue};
use scopes_export::json::from_json;
use scopes_export::lock::{Accept, Lock, LockError, Problem, Refused};

fn catalogue(scopes: &str) -> UntypedCatalogue {
    from_json(&format!(r#"{{"name": "api", "scopes": [{scopes}]}}"#)).unwrap_or_else(|error| panic!("{error}"))
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

const USERS: &str = r#"{"scope": "users.read", "routes": [["GET", "/users"]]}"#;
const FILES: &str = r#"{"scope": "files.read", "routes": [["GET", "/files"]]}"#;
const TODAY: &str = "2026-11-30";

fn problems(lock: &Lock, current: &UntypedCatalogue, today: &str) -> Vec<String> {
    let lines = lock.problems(current, day(today)).unwrap().into_iter();
    lines.map(|problem| problem.to_string().lines().next().unwrap().to_owned()).collect()
}

fn accept(breaking: bool, widening: bool) -> Accept {
    Accept { breaking, widening, reason: "reviewed".into(), until: None }
}

fn refused(lock: &Lock, current: &UntypedCatalogue, accept: &Accept) -> Vec<String> {
    match lock.updated(current, accept, day(TODAY)) {
        Err(Refused::NotAccepted(problems)) => problems.iter().map(Problem::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn anything_but_a_text_is_a_problem() {
    let lock = Lock::new(catalogue(USERS));
    assert_eq!(problems(&lock, &catalogue(USERS), TODAY), [""; 0]);
    let with =
        |members: &str| catalogue(&format!(r#"{{"scope": "users.read", {members}, "routes": [["GET", "/users"]]}}"#));
    assert_eq!(problems(&lock, &with(r#""description": "Read users.", "title": "Users""#), TODAY), [""; 0]);
    for (current, expected) in [
        (
            with(r#""dotted": "people.read""#),
            "note: the scope `users.read` was called `users.read` and is `people.read` [name-changed]",
        ),
        (with(r#""deprecated": "x""#), "note: the scope `users.read` is deprecated [deprecation-changed]"),
        (
            with(r#""was": ["people"]"#),
            "note: the old names that the scope `users.read` still takes have changed [scope-renamed]",
        ),
        (
            catalogue(
                r#"{"scope": "users.read", "routes": [{"method": "GET", "path": "/users", "name": "all_users"}]}"#,
            ),
            "note: `GET /users` was called `get_users` and is `all_users` [name-changed]",
        ),
        (
            catalogue(r#"{"scope": "users.read", "routes": [["GET", "/users"], ["GET", "/people"]]}"#),
            "widening: `GET /people` is new; it needs `users.read` [route-added]",
        ),
    ] {
        assert_eq!(problems(&lock, &current, TODAY), [expected]);
    }
}

#[test]
fn each_axis_needs_its_option() {
    let lock = Lock::new(catalogue(&format!("{USERS}, {FILES}")));
    let wider =
        catalogue(&format!(r#"{USERS}, {{"scope": "files.read", "routes": [["GET", "/files"], ["GET", "/users"]]}}"#));
    assert_eq!(refused(&lock, &wider, &accept(true, false)).len(), 1);
    assert!(lock.updated(&wider, &accept(false, true), day(TODAY)).is_ok());
    let narrower = catalogue(&format!(r#"{USERS}, {{"scope": "files.read"}}"#));
    assert_eq!(refused(&lock, &narrower, &accept(false, true)).len(), 1);
    assert!(lock.updated(&narrower, &accept(true, false), day(TODAY)).is_ok());
    let both = catalogue(
        r#"{"scope": "users.read"}, {"scope": "files.read", "routes": [["GET", "/files"], ["GET", "/users"]]}"#,
    );
    assert_eq!(refused(&lock, &both, &accept(false, true)).len(), 1);
    assert_eq!(refused(&lock, &both, &accept(true, false)).len(), 1);
    let next = lock.updated(&both, &accept(true, true), day(TODAY)).unwrap();
    assert_eq!(next.accepted().len(), 2);
    // An addition that affects no token needs no option and no reason.
    let added = catalogue(&format!(r#"{USERS}, {FILES}, {{"scope": "new", "routes": [["GET", "/new"]]}}"#));
    assert!(lock.updated(&added, &Accept::default(), day(TODAY)).is_ok());
    let silent = Accept { reason: " ".into(), ..accept(false, true) };
    assert_eq!(lock.updated(&wider, &silent, day(TODAY)), Err(Refused::NoReason));
}

#[test]
fn a_removed_name_cannot_mean_something_else() {
    let lock = Lock::new(catalogue(&format!("{USERS}, {FILES}")));
    let without = lock.updated(&catalogue(USERS), &accept(true, true), day(TODAY)).unwrap();
    assert!(without.removed().eq(["files.read"]));
    let everything = accept(true, true);
    for other in [
        r#"{"scope": "files.read", "routes": [["GET", "/folders"]]}"#,
        r#"{"scope": "files.read", "routes": [["GET", "/files"], ["PUT", "/files"]]}"#,
        r#"{"scope": "files.read"}"#,
        r#"{"scope": "files.all", "was": ["files.read"], "routes": [["DELETE", "/files"]]}"#,
        r#"{"scope": "files.read", "includes": ["users.read"], "routes": [["GET", "/files"]]}"#,
    ] {
        let current = catalogue(&format!("{USERS}, {other}"));
        let expected = "the scope `files.read` was removed and cannot come back with another meaning: tokens may still hold the name";
        assert_eq!(refused(&without, &current, &everything)[0], expected, "{other}");
        assert_eq!(problems(&without, &current, TODAY)[0], expected, "{other}");
    }
    // A removed name may come back with the same meaning, also as the old name of a new scope.
    for same in [FILES, r#"{"scope": "documents.read", "was": ["files.read"], "routes": [["GET", "/files"]]}"#] {
        let back = without.updated(&catalogue(&format!("{USERS}, {same}")), &everything, day(TODAY)).unwrap();
        assert_eq!(back.removed().count(), 0, "{same}");
    }
    // The file remembers a removed name over any number of changes.
    let later = without.updated(&catalogue(&format!(r#"{USERS}, {{"scope": "x"}}"#)), &everything, day(TODAY)).unwrap();
    assert!(Lock::read(&later.to_json()).unwrap().removed().eq(["files.read"]));
}

#[test]
fn an_acceptance_ends_with_its_day() {
    let lock = Lock::new(catalogue(&format!("{USERS}, {FILES}")));
    let wider =
        catalogue(&format!(r#"{USERS}, {{"scope": "files.read", "routes": [["GET", "/files"], ["GET", "/users"]]}}"#));
    let until = Accept { until: Some(day("2026-12-24")), ..accept(false, true) };
    let next = lock.updated(&wider, &until, day(TODAY)).unwrap();
    let next = Lock::read(&next.to_json()).unwrap();
    assert_eq!(problems(&next, &wider, "2026-12-23"), [""; 0]);
    let [expired] = &*problems(&next, &wider, "2026-12-24") else { panic!() };
    assert!(
        expired.contains("GET /users with `files.read` was accepted until 2026-12-24 only, because: reviewed"),
        "{expired}"
    );
    // An expired acceptance is renewed, or the change is taken back.
    let later = day("2027-01-01");
    let Err(Refused::NotAccepted(refused)) = next.updated(&wider, &Accept::default(), later) else { panic!() };
    assert!(matches!(refused[..], [Problem::Expired(_)]));
    let renewed = next.updated(&wider, &accept(false, true), later).unwrap();
    assert_eq!((renewed.accepted().len(), renewed.accepted()[0].until()), (1, None));
    let back = next.updated(&catalogue(&format!("{USERS}, {FILES}")), &accept(true, false), later).unwrap();
    assert!(back.accepted().iter().all(|accepted| accepted.until().is_none()));
}

#[test]
fn the_file_is_read_strictly_and_fits_its_schema() {
    let lock = Lock::new(catalogue(&format!("{USERS}, {FILES}")));
    let opened = from_json(
        r#"{"name": "api", "scopes": [{"scope": "files.read", "routes": [["GET", "/files"]]}],
        "public": [{"reason": "all", "routes": [["GET", "/users"]]}]}"#,
    )
    .unwrap();
    let until = Accept { until: Some(day("2026-12-24")), ..accept(true, true) };
    let text = lock.updated(&opened, &until, day(TODAY)).unwrap().to_json();
    let schema = serde_json::from_str(scopes_export::json::SCHEMA).unwrap();
    let document = serde_json::from_str(&text).unwrap();
    assert!(jsonschema::draft202012::new(&schema).unwrap().is_valid(&document), "{text}");
    assert_eq!(Lock::read(&text).unwrap().to_json(), text);
    for (member, message) in [
        (r#""removed": [{"scope": "a"}]"#, "missing field `meaning`"),
        (r#""removed": 1"#, "invalid type"),
        (
            r#""accepted": [{"fingerprint": "x", "rule": "r", "effect": "none", "method": "GET", "path": "/", "scopes": [], "reason": "y"}]"#,
            "`effect` is",
        ),
        (
            r#""accepted": [{"fingerprint": "x", "rule": "r", "effect": "widening", "method": "GET", "path": "/", "scopes": [], "reason": ""}]"#,
            "the reason is empty",
        ),
        (
            r#""accepted": [{"fingerprint": "x", "rule": "r", "effect": "widening", "method": "GET", "path": "/", "scopes": [], "reason": "y", "until": "2026-02-30"}]"#,
            "`until`",
        ),
    ] {
        let error = Lock::read(&format!(r#"{{"name": "api", {member}}}"#)).unwrap_err();
        assert!(matches!(&error, LockError::History(text) if text.contains(message)), "{member}: {error}");
    }
}
