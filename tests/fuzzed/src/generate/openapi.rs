//! OpenAPI documents in JSON and YAML, with hostile texts.

use serde_json::Value;

use crate::Random;

/// Texts that could leave a comment, a string, an attribute or a line.
const TEXTS: &[&str] = &[
    "Read users.",
    "*/ }",
    "#[doc(hidden)]",
    "\"quoted\" \\",
    "two\nlines",
    "  indented\n\n    code",
    "end  \nof line ",
    "\r\n",
    "\u{202e}evil",
    "\u{feff}",
    "caf\u{e9} \u{1f600}",
    "`code`",
    "/// more",
    "// x",
    "{id}",
    "\t",
    "'",
    "<!-- scopes:begin -->",
    "\u{0}",
    "\u{7f}",
    "\u{2028}",
    "r#\"",
    "${x}",
    "",
];

const NAMES: &[&str] = &[
    "users.read",
    "users.write",
    "users:read",
    "user.read",
    "admin",
    "all",
    "public",
    "base",
    "GET",
    "self",
    "true",
    "3d.read",
    "*",
    "https://a.example.com/x",
    "none",
    "a b",
    "",
    "fn.x",
    "routes",
    "Scope",
    "ALL",
    "_",
    "includes",
    "crate.a",
    "users.read.all",
    "a'b",
    "a,b;c",
    "{}",
    "r#type",
    "undr",
    "tenant",
];

const PATHS: &[&str] = &[
    "/users",
    "/users/",
    "/users/{id}",
    "/users/{user-id}:cancel",
    "/users/{id}/posts/{post}",
    "/files/{path+}",
    "/files/{path}",
    "/a/{b}-{c}",
    "/a/{b}}",
    "/a/{b}/{b}",
    "/",
    "",
    "a",
    "/x?y=z",
    "/x#y",
    "/caf\u{e9}",
    "/a b",
    "/%41",
    "/{}",
    "/{a b}",
    "/v1/users",
    "/@me",
    "/a/*",
    "/users/{other}",
    "/a//b",
    "/.",
    "/a/..",
    "/{x.y}/z",
];

const METHODS: &[&str] = &[
    "get",
    "post",
    "put",
    "delete",
    "patch",
    "head",
    "options",
    "trace",
    "query",
    "GET",
    "parameters",
    "x-y",
    "additionalOperations",
    "$ref",
    "servers",
];

fn text(random: &mut Random) -> String {
    let text = random.pieces(0, 4, "", |random| random.pick(TEXTS).to_owned());
    Value::String(text).to_string()
}

fn quoted(random: &mut Random, choices: &[&str]) -> String {
    Value::String(random.pick(choices).to_owned()).to_string()
}

fn security(random: &mut Random) -> String {
    let alternative = |random: &mut Random| {
        let scheme = |random: &mut Random| {
            let names = random.pieces(0, 4, ",", |random| quoted(random, NAMES));
            format!("{}:[{names}]", quoted(random, &["o", "o", "o", "p", "q"]))
        };
        format!("{{{}}}", random.pieces(0, 3, ",", scheme))
    };
    match random.below(24) {
        0 => random
            .pick(&["null", "{}", "\"o\"", "[[]]", "[{\"o\":null}]", "[{\"o\":\"x\"}]", "[{\"$ref\":\"#/x-any\"}]"])
            .to_owned(),
        _ => format!("[{}]", random.pieces(0, 4, ",", alternative)),
    }
}

fn operation(random: &mut Random) -> String {
    let member = |random: &mut Random| match random.below(12) {
        0..5 => format!("\"security\":{}", security(random)),
        5 => format!("\"summary\":{}", text(random)),
        6 => format!("\"description\":{}", text(random)),
        7 => format!(
            "\"operationId\":{}",
            quoted(random, &["listUsers", "list_users", "3x", "\u{e9}", "type", "a.b", ""])
        ),
        8 => format!("\"deprecated\":{}", random.pick(&["true", "false", "\"x\""])),
        9 => format!("\"x-all\":[{}]", random.pieces(0, 3, ",", |random| quoted(random, NAMES))),
        10 => format!("\"x-any\":[{}]", random.pieces(0, 3, ",", |random| quoted(random, NAMES))),
        _ => exported(random),
    };
    format!("{{{}}}", random.pieces(0, 4, ",", member))
}

fn exported(random: &mut Random) -> String {
    let demand = match random.below(4) {
        0 => format!("\"any_of\":[[{}]]", quoted(random, NAMES)),
        1 => format!("\"public\":{}", text(random)),
        2 => format!("\"authenticated\":{}", text(random)),
        _ => format!("\"external\":{}", text(random)),
    };
    let more = match random.below(6) {
        0 => format!(",\"description\":{}", text(random)),
        1 => format!(",\"path\":{}", quoted(random, PATHS)),
        2 => format!(",\"name\":{}", quoted(random, &["a", "b_c", "A", ""])),
        3 => ",\"deprecated\":{\"since\":\"2026-11-01\",\"use\":\"admin\"}".to_owned(),
        4 => format!(",\"deprecated\":{}", text(random)),
        _ => String::new(),
    };
    format!("\"x-scopes\":{{{demand}{more}}}")
}

fn item(random: &mut Random) -> String {
    let member = |random: &mut Random| {
        let method = random.pick(METHODS);
        let value = match method {
            "$ref" => quoted(random, &["#/paths/~1users", "a.yaml", "../a.yaml", "#/x", "https://a.example.com"]),
            "servers" => servers(random),
            "additionalOperations" => format!("{{\"COPY\":{}}}", operation(random)),
            _ => operation(random),
        };
        format!("\"{method}\":{value}")
    };
    format!("{{{}}}", random.pieces(0, 4, ",", member))
}

fn servers(random: &mut Random) -> String {
    let url = quoted(random, &["/v1", "https://a.example.com/v1/", "/", "{x}", "https://{h}/{v}", "/a//b", "//", "v2"]);
    format!("[{{\"url\":{url},\"variables\":{{\"v\":{{\"default\":\"1\"}}}}}}]")
}

/// A document that says who may call what, and nothing else.
fn plain(random: &mut Random) -> Vec<u8> {
    let paths = random.pieces(1, 6, ",\n", |random| {
        let operations = random.pieces(1, 4, ",", |random| {
            format!("\"{}\":{{\"security\":{}}}", random.pick(&["get", "post", "put", "head"]), security(random))
        });
        format!("\"/{}{}\":{{{operations}}}", random.below(40), random.pick(PATHS))
    });
    format!("{{\"openapi\":\"3.1.0\",\"security\":{},\"paths\":{{{paths}}}}}", security(random)).into_bytes()
}

/// Documents with the paths of the catalogue that is merged, and sometimes with what it demands.
pub(crate) fn openapi_merge(random: &mut Random) -> Vec<u8> {
    if random.once_in(3) {
        return openapi(random);
    }
    let security = |random: &mut Random| {
        let choices = [
            "[]",
            "[{\"bearer\":[\"users.read\"]}]",
            "[{\"o\":[\"users.read\"]}]",
            "[{}]",
            "[{\"bearer\":[]}]",
            "null",
        ];
        format!("\"security\":{}", random.pick(&choices))
    };
    let operation = |random: &mut Random| {
        let member = |random: &mut Random| match random.below(7) {
            0 => security(random),
            1 | 2 => format!("\"description\":{}", text(random)),
            3 => format!("\"tags\":[{}]", text(random)),
            4 => "\"responses\":{}".to_owned(),
            5 => "\"operationId\":\"get_users\"".to_owned(),
            _ => "\"deprecated\":true".to_owned(),
        };
        format!("{{{}}}", random.pieces(0, 3, ",", member))
    };
    let paths = random.pieces(1, 4, ",\n", |random| {
        let path = random.pick(&["/users", "/users/{name}", "/v1/users", "/files/{path}", "/@me", "/", "/other"]);
        let item = random.pieces(0, 3, ", ", |random| {
            format!("\"{}\":{}", random.pick(&["get", "post", "put", "head", "x-y"]), operation(random))
        });
        format!("\"{path}\":{{{item}}}")
    });
    let member = |random: &mut Random| {
        match random.below(5) {
        0 => security(random),
        1 => "\"servers\":[{\"url\":\"https://h/v1\"}]".to_owned(),
        2 => "\"components\":{\"securitySchemes\":{\"o\":{\"type\":\"oauth2\",\"flows\":{\"implicit\":{\"scopes\":{\"users.read\":\"a\"}}}}}}".to_owned(),
        3 => format!("\"x-y\":{}", text(random)),
        _ => "\"info\":{}".to_owned(),
    }
    };
    let more = random.pieces(0, 2, "", |random| format!("{},\n", member(random)));
    let version = random.pick(&["3.0.3", "3.1.0", "3.1.1", "3.2.0"]);
    let text = format!("{{\"openapi\":\"{version}\",{more}\"paths\":{{{paths}}}}}");
    if random.once_in(3) { yaml(random, &text) } else { text.into_bytes() }
}

pub(crate) fn openapi(random: &mut Random) -> Vec<u8> {
    if random.once_in(4) {
        return plain(random);
    }
    let member = |random: &mut Random| match random.below(8) {
        0 => format!("\"security\":{}", security(random)),
        1 => format!("\"servers\":{}", servers(random)),
        2 | 3 => {
            let scopes = random.pieces(0, 5, ",", |random| format!("{}:{}", quoted(random, NAMES), text(random)));
            format!(
                "\"components\":{{\"securitySchemes\":{{\"o\":{{\"flows\":{{\"implicit\":{{\"scopes\":{{{scopes}}}}}}}}}}}}}"
            )
        }
        4 if random.once_in(4) => {
            let scopes = random.pieces(0, 3, ",", |random| {
                format!(
                    "{{\"scope\":{},\"title\":{},\"description\":{}}}",
                    quoted(random, NAMES),
                    text(random),
                    text(random)
                )
            });
            format!(
                "\"x-scopes\":{{\"version\":1,\"name\":\"api\",\"description\":{},\"scopes\":[{scopes}]}}",
                text(random)
            )
        }
        5 => "\"basePath\":\"/v1\"".to_owned(),
        6 => "\"webhooks\":{}".to_owned(),
        _ => "\"info\":{}".to_owned(),
    };
    let version = random.pick(&[
        "\"openapi\":\"3.1.0\"",
        "\"openapi\":\"3.1.0\"",
        "\"openapi\":\"3.2.0\"",
        "\"swagger\":\"2.0\"",
        "\"openapi\":\"3\"",
    ]);
    let paths = random.pieces(1, 5, ",\n", |random| format!("{}:{}", quoted(random, PATHS), item(random)));
    let more = random.pieces(0, 3, "", |random| format!("{},", member(random)));
    let text = format!("{{{version},{more}\"paths\":{{{paths}}}}}");
    if random.once_in(3) {
        return yaml(random, &text);
    }
    let pieces = [
        "null",
        "[]",
        "{}",
        "\"",
        ",",
        "7",
        "\\u0000",
        "\"$ref\":\"#\"",
        "[[",
        "\u{e9}",
        "&a ",
        "*a",
        "<<: ",
        "\n",
        "- ",
        "? ",
    ];
    if random.once_in(3) { random.mutated(text.as_bytes(), &pieces) } else { text.into_bytes() }
}

/// The document in YAML's own form, sometimes with anchors and merges.
fn yaml(random: &mut Random, text: &str) -> Vec<u8> {
    let Ok(document) = serde_json::from_str::<Value>(text) else { return text.as_bytes().to_vec() };
    let mut yaml = String::new();
    block(&document, 0, &mut yaml);
    if random.once_in(4) {
        yaml =
            yaml.replacen("security:\n", "security: &s\n", 1).replacen("summary:", "security: *s\n      summary:", 1);
    }
    if random.once_in(4) {
        yaml.insert_str(0, "x-base: &base {security: [{o: [admin]}]}\n");
        yaml = yaml.replacen("get:\n", "get:\n      <<: *base\n", 1);
    }
    let pieces = ["\n", "  ", "- ", ": ", "&a ", "*a ", "!x ", "|\n", ">-\n", "# ", "---\n", "\t", "'", "\"", "{", "["];
    if random.once_in(3) { random.mutated(yaml.as_bytes(), &pieces) } else { yaml.into_bytes() }
}

fn block(value: &Value, depth: usize, yaml: &mut String) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (key, value) in members {
                yaml.push_str(&"  ".repeat(depth));
                let is_plain = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphabetic());
                yaml.push_str(&if is_plain { key.clone() } else { Value::String(key.clone()).to_string() });
                let is_block = value.as_object().is_some_and(|members| !members.is_empty())
                    || value.as_array().is_some_and(|items| !items.is_empty());
                yaml.push_str(if is_block { ":\n" } else { ": " });
                block(value, depth + 1, yaml);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                yaml.push_str(&format!("{}- {item}\n", "  ".repeat(depth)));
            }
        }
        other => yaml.push_str(&format!("{other}\n")),
    }
}
