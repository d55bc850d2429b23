//! Lines of recorders and of access logs.

use crate::random::Random;

const ROUTES: &[&str] =
    &["GET /users", "GET /users/{x}", "POST /users", "GET /a", "GET /b", "GET /", "GET /gone", "/a"];
const SCOPES: &[&str] = &["users.read", "users.write", "admin", "all.read", "old.read", "gone"];
const CLIENTS: &[&str] = &[
    "\"token\":\"t-1\"",
    "\"token\":\"t-2\"",
    "\"subject\":\"\\u001b[31m\"",
    "\"caller\":\"without-id\"",
    "\"caller\":\"without-grant\"",
];
const TARGETS: &[&str] = &["/users", "/users/7?a=\\x22", "/a", "https://h/b", "*", "/%2F", "users"];
const STATUSES: &[&str] = &["200", "204", "304", "401", "403", "404", "500", "99", "x"];

pub(crate) fn usage(random: &mut Random) -> Vec<u8> {
    let text = random.pieces(1, 6, "\n", line);
    let pieces = ["\"", "\\", "[", "]", " ", "\n", "{", "null", "-1", "\u{202e}"];
    if random.once_in(4) { random.mutated(text.as_bytes(), &pieces) } else { text.into_bytes() }
}

fn line(random: &mut Random) -> String {
    let (method, target, status) = (random.pick(&["GET", "POST", "HEAD"]), random.pick(TARGETS), random.pick(STATUSES));
    match random.below(8) {
        0 => {
            let (from, to) = (random.below(50), random.below(100));
            let (run, dropped) = (random.below(3), random.below(3));
            format!(r#"{{"usage":1,"catalogue":"api","run":"{run}","from":{from},"to":{to},"dropped":{dropped}}}"#)
        }
        1..5 => of_client(random),
        5 => {
            let user = random.pick(&["-", "ada", "a [1] \\\"GET /b\\\"", "a\\\\"]);
            format!(r#"::1 - {user} [29/Nov/2026:12:00:00 +0000] "{method} {target} HTTP/1.1" {status} 5"#)
        }
        6 => format!(r#"{{"method":"{method}","path":"{target}","status":{status},"time":"2026-11-29T12:00:00Z"}}"#),
        _ => format!("{method} {target} {status}"),
    }
}

fn of_client(random: &mut Random) -> String {
    let quoted = |choices: &'static [&'static str]| move |random: &mut Random| format!("\"{}\"", random.pick(choices));
    let (client, version) =
        (random.pick(CLIENTS).to_owned(), random.pick(&["1", "1", "1", "1", "1", "1", "2"]).to_owned());
    let name = random.pick(&["api", "api", "api", "api", "other"]).to_owned();
    let scopes = random.pieces(0, 4, ",", quoted(SCOPES));
    let (first, last) = (random.below(50), random.below(90));
    let lists = [0; 3].map(|_| random.pieces(0, 4, ",", quoted(ROUTES)));
    let [allowed, reported, denied] = lists;
    format!(
        r#"{{"usage":{version},"catalogue":"{name}",{client},"scopes":[{scopes}],"first":{first},"last":{last},"allowed":[{allowed}],"reported":[{reported}],"denied":[{denied}]}}"#
    )
}
