//! A request as it goes over the wire, and as people may see it.

use scopes_core::Scope;

use super::Conformance;
use super::plan::Planned;

impl<S: Scope> Conformance<S> {
    /// The request as it goes over the wire.
    pub(super) fn bytes(&self, planned: &Planned) -> Vec<u8> {
        let trick = &planned.trick;
        let mut head = format!("{} ", trick.method).into_bytes();
        head.extend(&trick.target);
        head.extend(format!(" HTTP/1.1\r\nHost: {}\r\n", self.address).into_bytes());
        for line in &trick.headers {
            head.extend(line.as_bytes());
            head.extend(b"\r\n");
        }
        if let Some(token) = planned.caller.and_then(|number| self.tokens.get(number)) {
            head.extend(format!("Authorization: Bearer {}\r\n", token.raw).into_bytes());
        }
        let body = match trick.form {
            Some(form) => Some(("application/x-www-form-urlencoded", form)),
            None => self.body_for(planned),
        };
        match body {
            None => head.extend(b"\r\n"),
            Some((content_type, body)) => {
                if !content_type.is_empty() {
                    head.extend(format!("Content-Type: {content_type}\r\n").into_bytes());
                }
                head.extend(format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes());
            }
        }
        head
    }

    /// Content type and body.
    fn body_for(&self, planned: &Planned) -> Option<(&str, &str)> {
        let own = self.bodies.get(planned.route.name());
        let (content_type, body) = match &*planned.trick.method {
            "POST" | "PUT" | "PATCH" => own.unwrap_or(&self.body),
            method if method == planned.route.method() => own?,
            _ => return None,
        };
        Some((content_type, body))
    }

    /// The request for people: no token, no byte that a terminal takes for more than text.
    pub(super) fn shown(&self, planned: &Planned) -> String {
        let trick = &planned.trick;
        // Redacted before it is escaped: a token may hold what is.
        let target = match std::str::from_utf8(&trick.target) {
            Ok(target) => self.redacted(target).as_bytes().escape_ascii().to_string(),
            Err(_) => self.redacted(&trick.target.escape_ascii().to_string()),
        };
        let mut shown = format!("{} {}", trick.method, short(target));
        for line in trick.headers.iter().map(String::as_str).chain(trick.form) {
            shown += ", ";
            shown += &self.text(line);
        }
        shown
    }

    /// What came from elsewhere, for people.
    pub(super) fn text(&self, text: &str) -> String {
        short(self.redacted(text).escape_debug().to_string())
    }

    /// Without tokens, nor all of a token but its end.
    fn redacted(&self, text: &str) -> String {
        let mut tokens: Vec<&str> = Vec::new();
        for token in &self.tokens {
            tokens.push(&token.raw);
            tokens.extend(token.raw.char_indices().next_back().map(|(end, _)| &token.raw[..end]));
        }
        tokens.retain(|token| !token.is_empty());
        // The longest first: one may be the beginning of another.
        tokens.sort_by_key(|token| std::cmp::Reverse(token.len()));
        tokens.into_iter().fold(text.to_owned(), |text, token| text.replace(token, "<token>"))
    }

    /// Who sends it, for people.
    pub(super) fn caller(&self, planned: &Planned) -> String {
        let Some(token) = planned.caller.and_then(|number| self.tokens.get(number)) else { return "nobody".to_owned() };
        let scopes = token.grant.scopes().to_string();
        let tenants: Vec<&str> = token.grant.tenants().iter().collect();
        let scopes = if scopes.is_empty() { "no scope".to_owned() } else { format!("`{}`", short(scopes)) };
        match (token.grant.tenants(), tenants.join("`, `")) {
            (scopes_core::Tenants::Any, _) => format!("a token of {scopes} for any tenant"),
            (_, tenants) if tenants.is_empty() => format!("a token of {scopes}"),
            (_, tenants) => format!("a token of {scopes} for `{}`", short(tenants)),
        }
    }
}

/// Enough to know it by.
fn short(text: String) -> String {
    match text.char_indices().nth(120) {
        Some((end, _)) => format!("{}.. ({} characters)", &text[..end], text.chars().count()),
        None => text,
    }
}
