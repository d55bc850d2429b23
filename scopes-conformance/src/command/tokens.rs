//! Reads the file of tokens.
//!
//! Errors never repeat a text that may be a token. They name entries by their number.

use std::env;
use std::fmt;

use scopes::Tenants;
use scopes_conformance::{Conformance, TokenPlace, Untyped};
use serde_json::{Map, Value};

use super::args::place;

/// One entry of the file.
pub(crate) struct Entry {
    number: usize,
    /// `None` in the entry for callers without credentials.
    raw: Option<String>,
    scopes: Vec<String>,
    tenants: Tenants,
    place: Option<TokenPlace>,
}

/// Shows no token.
impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("number", &self.number).field("scopes", &self.scopes).finish_non_exhaustive()
    }
}

impl Entry {
    /// Adds the token, if all its scopes are known.
    pub(crate) fn add_to(self, conformance: Conformance<Untyped>) -> Result<Conformance<Untyped>, String> {
        let Self { number, raw, scopes, tenants, place } = self;
        let scopes = scopes.iter().map(String::as_str);
        let added = match raw {
            Some(raw) => conformance.token_of(raw, scopes, tenants, place),
            None => conformance.anonymous_of(scopes, tenants),
        };
        added.map_err(|error| format!("token {number}: {error}"))
    }
}

/// Reads all entries of the file.
pub(crate) fn read(text: &str) -> Result<Vec<Entry>, String> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| format!("the tokens are not JSON: line {}, column {}", error.line(), error.column()))?;
    let Value::Array(entries) = value else { return Err("the tokens are not a JSON array".to_owned()) };
    if entries.is_empty() {
        return Err("the list has no tokens: without one nothing is proven".to_owned());
    }
    let entry = |(index, value): (usize, &Value)| {
        entry(index + 1, value).map_err(|reason| format!("token {}: {reason}", index + 1))
    };
    let entries: Vec<Entry> = entries.iter().enumerate().map(entry).collect::<Result<_, _>>()?;
    let mut anonymous = entries.iter().filter(|entry| entry.raw.is_none());
    if let (Some(_), Some(second)) = (anonymous.next(), anonymous.next()) {
        return Err(format!("token {}: an earlier entry is `anonymous` already", second.number));
    }
    Ok(entries)
}

/// The members that an entry may have.
const MEMBERS: [&str; 6] = ["token", "env", "anonymous", "scopes", "tenants", "in"];

fn entry(number: usize, value: &Value) -> Result<Entry, String> {
    let members = value.as_object().ok_or("it is not a JSON object")?;
    if members.keys().any(|name| !MEMBERS.contains(&&**name)) {
        return Err(format!("it has a member that is none of `{}`", MEMBERS.join("`, `")));
    }
    let place = match members.get("in") {
        None => None,
        Some(Value::String(text)) => Some(place(text).map_err(|error| format!("`in`: {error}"))?),
        Some(_) => return Err("`in` is not a text".to_owned()),
    };
    let scopes = texts(members.get("scopes").ok_or("it has no `scopes`")?).ok_or("`scopes` is not a list of texts")?;
    let raw = match members.get("anonymous") {
        None => Some(raw(members)?),
        Some(Value::Bool(true)) if ["token", "env", "in"].iter().all(|name| !members.contains_key(*name)) => None,
        Some(Value::Bool(true)) => return Err("it is `anonymous` and says what the token is".to_owned()),
        Some(_) => return Err("`anonymous` is not `true`".to_owned()),
    };
    Ok(Entry { number, raw, scopes, tenants: tenants(members.get("tenants"))?, place })
}

fn raw(members: &Map<String, Value>) -> Result<String, String> {
    match (members.get("token"), members.get("env")) {
        (Some(Value::String(token)), None) => Ok(token.clone()),
        (None, Some(Value::String(name))) => {
            let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            if name.is_empty() || !name.bytes().all(is_name) {
                return Err("`env` is not the name of an environment variable".to_owned());
            }
            // The error never shows the value: if it is not Unicode, it may still be a token.
            env::var(name).map_err(|_| format!("the environment variable `{name}` is not set, or is not a text"))
        }
        (Some(_), Some(_)) => Err("it has `token` and `env`: one says what the token is".to_owned()),
        (None, None) => Err("it has neither `token` nor `env`, and is not `anonymous`".to_owned()),
        _ => Err("`token` or `env` is not a text".to_owned()),
    }
}

fn tenants(value: Option<&Value>) -> Result<Tenants, String> {
    match value {
        None => Ok(Tenants::None),
        Some(Value::String(text)) if text == "any" => Ok(Tenants::Any),
        Some(value) => {
            let names = texts(value).ok_or("`tenants` is neither a list of texts nor \"any\"")?;
            if names.is_empty() {
                return Ok(Tenants::None);
            }
            Tenants::only(names).map_err(|error| format!("`tenants`: {error}"))
        }
    }
}

fn texts(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read() {
        let all = read(
            r#"[{"token": "a:b", "scopes": ["x.y", "z"], "tenants": ["e1"], "in": "basic"},
                {"env": "PATH", "scopes": []},
                {"token": "t", "scopes": [], "tenants": "any"},
                {"anonymous": true, "scopes": ["x.y"]}]"#,
        )
        .unwrap();
        assert_eq!((all[0].raw.as_deref(), all[0].place.as_ref()), (Some("a:b"), Some(&TokenPlace::Basic)));
        assert_eq!(all[0].scopes, ["x.y", "z"]);
        assert!(all[0].tenants.covers("e1") && !all[0].tenants.covers("e2"));
        assert_eq!((&all[1].raw, &all[1].tenants), (&env::var("PATH").ok(), &Tenants::None));
        assert_eq!(all[2].tenants, Tenants::Any);
        assert_eq!((&all[3].raw, &*all[3].scopes), (&None, &["x.y".to_owned()][..]));
        assert!(!format!("{all:?}").contains("a:b"));
    }

    #[test]
    fn errors_show_no_token() {
        for (text, expected) in [
            ("secret", "the tokens are not JSON: line 1, column 1"),
            ("\"secret\"", "the tokens are not a JSON array"),
            ("[]", "the list has no tokens: without one nothing is proven"),
            ("[\"secret\"]", "token 1: it is not a JSON object"),
            (r#"[{"token": "secret"}]"#, "token 1: it has no `scopes`"),
            (r#"[{"token": "secret", "scopes": "x"}]"#, "token 1: `scopes` is not a list of texts"),
            (r#"[{"token": ["secret"], "scopes": []}]"#, "token 1: `token` or `env` is not a text"),
            (r#"[{"scopes": []}]"#, "token 1: it has neither `token` nor `env`, and is not `anonymous`"),
            (r#"[{"anonymous": false, "scopes": []}]"#, "token 1: `anonymous` is not `true`"),
            (
                r#"[{"anonymous": true, "token": "secret", "scopes": []}]"#,
                "token 1: it is `anonymous` and says what the token is",
            ),
            (
                r#"[{"anonymous": true, "scopes": []}, {"anonymous": true, "scopes": []}]"#,
                "token 2: an earlier entry is `anonymous` already",
            ),
            (
                r#"[{"token": "secret", "env": "A", "scopes": []}]"#,
                "token 1: it has `token` and `env`: one says what the token is",
            ),
            (r#"[{"env": "secret-1", "scopes": []}]"#, "token 1: `env` is not the name of an environment variable"),
            (
                r#"[{"env": "NOT_SET_ANYWHERE", "scopes": []}]"#,
                "token 1: the environment variable `NOT_SET_ANYWHERE` is not set, or is not a text",
            ),
            (
                r#"[{"secret": 1, "scopes": []}]"#,
                "token 1: it has a member that is none of `token`, `env`, `anonymous`, `scopes`, `tenants`, `in`",
            ),
            (
                r#"[{"token": "secret", "scopes": [], "in": "query"}]"#,
                "token 1: `in`: write bearer, basic, header:NAME or cookie:NAME",
            ),
            (
                r#"[{"token": "secret", "scopes": [], "tenants": "e1"}]"#,
                "token 1: `tenants` is neither a list of texts nor \"any\"",
            ),
        ] {
            assert_eq!(read(text).unwrap_err(), expected);
        }
        let wrong = read(r#"[{"token": "secret", "scopes": [], "tenants": ["a/b"]}]"#).unwrap_err();
        assert!(wrong.starts_with("token 1: `tenants`: "), "{wrong}");
    }
}
