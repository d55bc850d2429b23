//! The body that asks for a new token.

use core::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::Value;

use crate::catalogue::api;
use crate::kinds::hidden::has_hidden;

/// The greatest length of a token's note, in characters.
pub const NOTE_LENGTH: usize = 100;

/// The body of a request for a new token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateToken {
    /// The purpose of the token, for people.
    pub note: String,
    /// The scopes of the token; none if the field is missing.
    pub scopes: Vec<api::Scope>,
}

/// The fields before the check, so that an error can name its field. The code reads them by hand:
/// serde's derived code would also accept a JSON array, and would not say which field has the wrong
/// type.
#[derive(Default)]
struct Fields {
    note: Option<Value>,
    scopes: Option<Value>,
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with the fields `note` and `scopes`")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Fields, A::Error> {
                let mut fields = Fields::default();
                while let Some(name) = object.next_key::<String>()? {
                    let (field, name) = match name.as_str() {
                        "note" => (&mut fields.note, "note"),
                        "scopes" => (&mut fields.scopes, "scopes"),
                        _ => return Err(A::Error::unknown_field(shown(&name), &["note", "scopes"])),
                    };
                    if field.replace(object.next_value()?).is_some() {
                        return Err(A::Error::duplicate_field(name));
                    }
                }
                Ok(fields)
            }
        }

        deserializer.deserialize_map(Object)
    }
}

/// The beginning of a name that the client has sent. It is long enough to find the mistake.
fn shown(name: &str) -> &str {
    match name.char_indices().nth(40) {
        Some((end, _)) => &name[..end],
        None => name,
    }
}

impl CreateToken {
    /// Reads a JSON body.
    ///
    /// # Errors
    ///
    /// If the body is not a JSON object with exactly these fields, each of them once, with the
    /// right type and within its limits.
    pub fn from_json(body: &[u8]) -> Result<Self, BodyError> {
        let fields: Fields = serde_json::from_slice(body).map_err(BodyError::Malformed)?;
        let note = match fields.note {
            Some(Value::String(note)) => note,
            Some(_) => {
                return Err(BodyError::WrongType { field: "note", expected: "a string" });
            }
            None => return Err(BodyError::Missing("note")),
        };
        if note.chars().count() > NOTE_LENGTH {
            return Err(BodyError::TooLong { field: "note", limit: NOTE_LENGTH });
        }
        if note.chars().any(char::is_control) || has_hidden(&note) {
            let why = "control characters and invisible ones are not allowed".to_owned();
            return Err(BodyError::Invalid { field: "note", why });
        }
        let names = match fields.scopes {
            Some(Value::Array(names)) => names,
            Some(_) => {
                return Err(BodyError::WrongType { field: "scopes", expected: "a list of scopes" });
            }
            None => Vec::new(),
        };
        let mut scopes = Vec::new();
        for name in names {
            let Value::String(name) = name else {
                return Err(BodyError::WrongType { field: "scopes", expected: "a list of scopes" });
            };
            let scope = name.parse().map_err(|error: <api::Scope as core::str::FromStr>::Err| BodyError::Invalid {
                field: "scopes",
                why: error.to_string(),
            })?;
            // The field is a set, so a repeated scope has no effect.
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        Ok(Self { note, scopes })
    }
}

/// What is wrong with a body.
#[derive(Debug)]
#[non_exhaustive]
pub enum BodyError {
    /// The `Content-Type` is wrong or missing.
    NotJson,
    /// The body is longer than the server reads.
    TooLarge,
    /// The client ended the body too early.
    Interrupted,
    /// The body is not JSON or not an object, or a field is unknown or occurs twice.
    Malformed(serde_json::Error),
    /// A required field is missing.
    Missing(&'static str),
    /// A field has a value of another type.
    WrongType {
        /// Its name.
        field: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// A text has more characters than allowed.
    TooLong {
        /// Its name.
        field: &'static str,
        /// How many are allowed.
        limit: usize,
    },
    /// The field does not accept the value.
    Invalid {
        /// Its name.
        field: &'static str,
        /// What is wrong with it.
        why: String,
    },
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson => f.write_str("`Content-Type` must be application/json"),
            Self::TooLarge => f.write_str("the body is too large"),
            Self::Interrupted => f.write_str("the body is not complete"),
            Self::Malformed(error) => write!(f, "malformed body: {error}"),
            Self::Missing(field) => write!(f, "`{field}` is required"),
            Self::WrongType { field, expected } => write!(f, "`{field}` must be {expected}"),
            Self::TooLong { field, limit } => {
                write!(f, "`{field}` must have at most {limit} characters")
            }
            Self::Invalid { field, why } => write!(f, "`{field}`: {why}"),
        }
    }
}

impl core::error::Error for BodyError {}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_sound_body_is_read() {
        for (body, note, scopes) in [
            (r#"{"note": "n"}"#, "n", &[][..]),
            (r#"{"note": "", "scopes": []}"#, "", &[]),
            (r#"{"scopes": ["flow.write", "all.read", "flow.write"], "note": "n"}"#, "n", &["flow.write", "all.read"]),
        ] {
            let read = CreateToken::from_json(body.as_bytes()).unwrap();
            let names: Vec<_> = read.scopes.iter().map(ToString::to_string).collect();
            assert_eq!((read.note.as_str(), names), (note, scopes.iter().map(ToString::to_string).collect()), "{body}");
        }
        let longest = json!({"note": "é".repeat(NOTE_LENGTH)}).to_string();
        assert!(CreateToken::from_json(longest.as_bytes()).is_ok(), "characters count, not bytes");
    }

    #[test]
    fn an_error_does_not_return_what_was_sent() {
        let long = "é".repeat(7000);
        for body in [json!({"note": "n", &long: 1}), json!({"note": "n", "scopes": [&long]}), json!({"note": long})] {
            let error = CreateToken::from_json(body.to_string().as_bytes()).unwrap_err().to_string();
            assert!(error.len() < 400, "{}", error.len());
        }
    }

    #[test]
    fn an_error_names_its_field() {
        let long = json!({"note": "é".repeat(NOTE_LENGTH + 1)}).to_string();
        for (body, part) in [
            ("", "malformed body"),
            (r#"["n", ["all.read"]]"#, "an object with the fields `note` and `scopes`"),
            ("[]", "an object with the fields `note` and `scopes`"),
            ("null", "an object with the fields `note` and `scopes`"),
            (r#"{"note": "n"} {}"#, "malformed body"),
            ("{}", "`note` is required"),
            (r#"{"note": null}"#, "`note` must be a string"),
            (r#"{"note": 5}"#, "`note` must be a string"),
            (&long, "`note` must have at most 100 characters"),
            (r#"{"note": "n", "note": "m"}"#, "duplicate field `note`"),
            (r#"{"note": "n", "Scopes": []}"#, "unknown field `Scopes`"),
            (r#"{"note": "a\u0000b"}"#, "`note`: control characters"),
            (r#"{"note": "a\nb"}"#, "`note`: control characters"),
            (r#"{"note": "a\u202eb"}"#, "`note`: control characters"),
            (r#"{"note": "n", "scopes": null}"#, "`scopes` must be a list"),
            (r#"{"note": "n", "scopes": "all.read"}"#, "`scopes` must be a list"),
            (r#"{"note": "n", "scopes": [["all.read"]]}"#, "`scopes` must be a list"),
            (r#"{"note": "n", "scopes": ["all.reed"]}"#, "`scopes`: "),
            (r#"{"note": "n", "scopes": ["all.reed"]}"#, "`all.reed`"),
            (r#"{"note": "n", "scopes": [""]}"#, "`scopes`: "),
        ] {
            let error = CreateToken::from_json(body.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(part), "{body}: {error}");
        }
    }
}
