//! Reads the file of bodies: the bodies that single routes need, so that authorized callers reach
//! their handlers.

use serde_json::Value;

/// Route, content type and body of each entry.
pub(crate) fn read(text: &str) -> Result<Vec<(String, String, String)>, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| format!("the bodies are not JSON: {error}"))?;
    let Value::Object(routes) = value else { return Err("the bodies are not a JSON object".to_owned()) };
    let entry = |(route, value): (String, Value)| {
        let wrong = |what: &str| format!("the body of `{}` {what}", route.escape_debug());
        let Value::Object(mut members) = value else { return Err(wrong("is not a JSON object")) };
        let content_type = match members.remove("type") {
            None => "application/json".to_owned(),
            Some(Value::String(text)) => text,
            Some(_) => return Err(wrong("has a `type` that is not a text")),
        };
        let body = match members.remove("body") {
            Some(Value::String(text)) => text,
            Some(value) => value.to_string(),
            None => return Err(wrong("has no member `body`")),
        };
        if members.is_empty() {
            Ok((route, content_type, body))
        } else {
            Err(wrong("has a member that is neither `type` nor `body`"))
        }
    };
    routes.into_iter().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_texts_or_json() {
        let all = read(r#"{"a": {"body": {"x": 1}}, "b": {"type": "text/plain", "body": "hello"}}"#).unwrap();
        let text = str::to_owned;
        assert_eq!(all[0], (text("a"), text("application/json"), text("{\"x\":1}")));
        assert_eq!(all[1], (text("b"), text("text/plain"), text("hello")));
        for wrong in [
            "[]",
            "{",
            r#"{"a": 1}"#,
            r#"{"a": {}}"#,
            r#"{"a": {"body": "", "typ": ""}}"#,
            r#"{"a": {"body": "", "type": 1}}"#,
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
