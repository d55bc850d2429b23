//! Lists of scopes, claims, tokens, catalogues as JSON.

use super::NAMES;
use super::routes::{METHODS, SCOPES, path};
use crate::Random;
use crate::token::checksum;

pub(crate) fn scope_list(random: &mut Random) -> Vec<u8> {
    let known = random.once_in(2);
    let name = |random: &mut Random| match random.below(if known { 1 } else { 3 }) {
        0 if random.once_in(4) => random.pick(&["users.view", "a,b=c;e", "{}"]).to_owned(),
        0 => random.pick(NAMES).to_owned(),
        1 => random
            .pick(&["users.reed", "*.read", "users", "USERS.READ", "", "é", "a\tb", "users.read\n", "\\", "\""])
            .to_owned(),
        _ => "x".repeat(random.below(300)),
    };
    match random.below(3) {
        0 => {
            let quoted = |random: &mut Random| serde_json::Value::from(name(random)).to_string();
            format!("[{}]", random.pieces(0, 4, ",", quoted)).into_bytes()
        }
        1 if random.once_in(4) => serde_json::Value::from(random.pieces(0, 4, " ", name)).to_string().into_bytes(),
        _ => {
            let separator = random.pick(&[" ", "  "]);
            random.pieces(0, 5, separator, name).into_bytes()
        }
    }
}

pub(crate) fn claims(random: &mut Random) -> Vec<u8> {
    let value = |random: &mut Random| match random.below(7) {
        0 => random
            .pick(&[
                "null",
                "7",
                "true",
                "{}",
                "[7]",
                "[[]]",
                "[\"\"]",
                "[\"a b\"]",
                "[\" \"]",
                "[\"a\\u00a0b\"]",
                "\"\"",
            ])
            .to_owned(),
        1 | 2 => String::from_utf8_lossy(&scope_list(random)).into_owned(),
        3 => format!("[{}]", random.pieces(0, 4, ",", |random| format!("{:?}", random.pick(NAMES)))),
        _ => format!("{:?}", random.pieces(0, 4, " ", |random| random.pick(NAMES).to_owned())),
    };
    let member = |random: &mut Random| {
        let claim = random.pick(&["scope", "scope", "scp", "permissions", "roles", "https://a/s", "other"]);
        format!("{claim:?}:{}", value(random))
    };
    format!("{{{}}}", random.pieces(0, 4, ",", member)).into_bytes()
}

pub(crate) fn token(random: &mut Random) -> Vec<u8> {
    if random.once_in(12) {
        let digits = if random.once_in(4) { ["0", "9", "a", "F", "g"] } else { ["0", "9", "a", "F", "c"] };
        return random.pieces(63, 66, "", |random| random.pick(&digits).to_owned()).into_bytes();
    }
    let (prefix, length) =
        [("dyn_", 56), ("dyn_", 36), ("a-B_9_", 28), ("_", 254), ("dyn", 56), ("Dyn_", 36)][random.below(6)];
    let length = length - 6 + random.below(10) / 9;
    let digits: Vec<u8> = (0..length).map(|_| b"0aZ9zA"[random.below(6)]).collect();
    let text = format!("{prefix}{}{}", String::from_utf8_lossy(&digits), checksum(&digits));
    match random.below(4) {
        0 => random.mutated(text.as_bytes(), &["_", "é", "0", "dyn_", " "]),
        // The same length, one character changed.
        1 => {
            let mut changed = text.into_bytes();
            let at = changed.len() - 1 - random.below(28);
            changed[at] = random.pick(&["-", "_", "q", "Q", "7", "\u{0}"]).as_bytes()[0];
            changed
        }
        _ => text.into_bytes(),
    }
}

pub(crate) fn catalogue_json(random: &mut Random) -> Vec<u8> {
    let route = |random: &mut Random| {
        let (method, path) = (random.pick(METHODS), path(random));
        match random.below(4) {
            0 => format!("{{\"method\":\"{method}\",\"path\":\"{path}\",\"raw\":[\"rest\"],\"global\":\"why\"}}"),
            1 => format!("{{\"method\":\"{method}\",\"path\":\"{path}\",\"name\":\"n{}\"}}", random.below(99)),
            _ => format!("[\"{method}\",\"{path}\"]"),
        }
    };
    let scope = |random: &mut Random| {
        let name = random.pick(SCOPES);
        let more = random.pick(&[
            "",
            "",
            "",
            ",\"includes\":[\"*.read\"]",
            ",\"global\":\"a\",\"unbound\":\"b\"",
            ",\"dotted\":\"x.y\"",
            ",\"was\":[\"old.read\",\"users.read\"],\"title\":\"T\"",
            ",\"deprecated\":{\"since\":\"2026-11-01\",\"sunset\":\"2027-05-01\",\"use\":\"admin\"}",
            ",\"deprecated\":{\"since\":\"2026-13-01\",\"use\":\"none\"}",
        ]);
        format!("{{\"scope\":\"{name}\",\"routes\":[{}]{more}}}", random.pieces(0, 3, ",", route))
    };
    let entry = |random: &mut Random| match random.below(7) {
        0 => "\"base\":\"/api\"".to_owned(),
        1 => "\"tenant\":\"env\"".to_owned(),
        2 => format!("\"public\":[{{\"reason\":\"why\",\"routes\":[{}]}}]", random.pieces(0, 3, ",", route)),
        3 => format!(
            "\"requirements\":[{{\"route\":{},\"any_of\":[[\"admin\"],[\"users.read\",\"x-y\"]]}}]",
            route(random)
        ),
        4 => format!("\"open\":[{}]", route(random)),
        5 => "\"deprecated\":[[\"GET\",\"/a\"]]".to_owned(),
        _ => "\"strict\":true".to_owned(),
    };
    let more = random.pieces(0, 3, "", |random| ",".to_owned() + &entry(random));
    let text = format!("{{\"name\":\"api\",\"scopes\":[{}]{more}}}", random.pieces(0, 4, ",", scope));
    let pieces = ["null", "[]", "{}", "\"", ",", "7", "\\u0000", "\"name\":\"x\",", "[[", "é"];
    if random.once_in(3) { random.mutated(text.as_bytes(), &pieces) } else { text.into_bytes() }
}
