//! Requests, their credentials, and the contents of answer headers.

use super::NAMES;
use super::routes::{target, value};
use crate::Random;

pub(crate) fn challenge(random: &mut Random) -> Vec<u8> {
    let piece = |random: &mut Random| {
        random
            .pick(&[
                "api",
                " ",
                "\"",
                "\\",
                "\r",
                "\u{0}",
                "é",
                "a.b",
                "\", error=\"x",
                "~",
                "\t",
                "\u{7f}",
                "GET",
                "{}",
                ";",
            ])
            .to_owned()
    };
    let line = |random: &mut Random| match random.below(3) {
        0 => random.pieces(0, 6, "", piece),
        _ => random.pick(NAMES).to_owned(),
    };
    random.pieces(1, 6, "\n", line).into_bytes()
}

pub(crate) fn headers(random: &mut Random) -> Vec<u8> {
    let realm = match random.below(3) {
        0 => {
            random.pieces(0, 3, "", |random| random.pick(&["api", "\"", "\\", "é", "\r", "x, error=", " "]).to_owned())
        }
        _ => random.pick(&["api", "my API", "a'b;c", "x=y, z"]).to_owned(),
    };
    let method = random.pick(&["GET", "GET", "GET", "POST", "PUT", "HEAD", "DELETE", "X!#$%&'*+-.^_`|~"]);
    let path = match random.below(6) {
        0 => target(random, "/api"),
        1 => format!("/api/envs/{}/Secret7-{}", value(random), value(random)),
        2 if random.once_in(4) => "/api/".to_owned() + &"long-segment/".repeat(800),
        _ => {
            let paths = [
                "/api/envs/E1/users",
                "/api/envs/E1/Unknown-Thing7",
                "/api/envs/E2/users",
                "/api/envs/E2/users",
                "/api/envs/E1/either",
                "/api/envs/E1/both",
                "/api/envs/E1/odd",
                "/api/files/a/b%2fc",
                "/api/formats",
                "/api/health",
                "/api/me",
                "/api/hooks",
                "/api/users/7",
                "/api/envs/E2/users/Secret-User7",
            ];
            random.pick(&paths).to_owned()
        }
    };
    let scopes = random.pieces(0, 4, " ", |random| random.pick(NAMES).to_owned());
    let letters = random.pick(&["g", "g", "g", "g", "a", "f", "i", "u", "n"]).to_owned()
        + random.pick(&["", "p", "m", "t", "pmt"]);
    let more = random.pieces(0, 3, "\n", |random| {
        random
            .pick(&[
                "x-more: 7",
                "www-authenticate: Basic",
                "content-length: 9",
                "allow: PUT",
                "Connection: close",
                "content-type: a/b",
                "x-more: é",
            ])
            .to_owned()
    });
    format!("{realm}\n{method}\n{path}\n{scopes}\nE1\n{letters}\n{more}").into_bytes()
}

pub(crate) fn credentials(random: &mut Random) -> Vec<u8> {
    let line = |random: &mut Random| match random.below(8) {
        0 => format!("bearer{}", random.pick(&["", " ", "\t", "X", "=", " a b", " a,b", "  t", " =", " a=", " é"])),
        1 => random
            .pick(&[
                "Basic dTpw",
                "basic dTpwOnE=",
                "Basic OsOp",
                "Basic dTo=dTpw",
                "token=a%7Cb",
                "token=a%2",
                "a=1; token=t; b=2",
                "token=t",
                "token=",
                "token = t ;x",
                "token=a;token=b",
                "dyn_7",
                "",
            ])
            .to_owned(),
        2 => format!("Bearer {}", "x".repeat(8186 + random.below(12))),
        3 => random.pieces(1, 6, "", |random| {
            random
                .pick(&[
                    "Bearer", "Basic ", "dTpw", "OnA=", "%41", " ", "=", "token", ";", "~+/", "\u{0}", "é", "x", "\t",
                    "\"",
                ])
                .to_owned()
        }),
        _ => format!(
            "{} {}",
            random.pick(&["Bearer", "bearer", "BEARER"]),
            random.pick(&["t", "a.b-c", "dyn_x7==", "~+/"])
        ),
    };
    random.pieces(0, 3, "\n", line).into_bytes()
}
