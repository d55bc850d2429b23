//! A request in the form that is sent, and in the form that people may see.

use super::classes;
use super::place::TokenPlace;
use super::plan::Planned;
use super::setup::{Setup, of_route};
use super::tricks::Host;

impl Setup {
    /// The bytes of the request as they are sent.
    pub(super) fn bytes(&self, planned: &Planned) -> Vec<u8> {
        let trick = &planned.trick;
        let mut head = format!("{} ", trick.method).into_bytes();
        head.extend(&trick.target);
        head.extend(format!(" {}\r\n", trick.version).into_bytes());
        match trick.host {
            Host::Own => head.extend(format!("Host: {}\r\n", self.own_host()).into_bytes()),
            Host::Missing => {}
            Host::Other(host) => head.extend(format!("Host: {host}\r\n").into_bytes()),
        }
        for line in &trick.headers {
            head.extend(line.as_bytes());
            head.extend(b"\r\n");
        }
        if let Some(token) = planned.caller.and_then(|number| self.tokens.get(number)) {
            head.extend(format!("{}\r\n", self.line(token)).into_bytes());
        }
        if self.comes_from_a_page() && trick.class != classes::OTHER_SITES {
            head.extend(b"Sec-Fetch-Site: same-origin\r\n");
        }
        let body = match &trick.body {
            Some((content_type, body)) => Some((*content_type, &**body)),
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

    /// Whether all requests, also those with bad tokens, carry the headers of a page of the
    /// server's own site. If browsers send some token by themselves, the server may refuse requests
    /// of other pages whatever their token is.
    fn comes_from_a_page(&self) -> bool {
        self.places().into_iter().any(TokenPlace::is_sent_by_browsers)
    }

    /// Content type and body.
    fn body_for(&self, planned: &Planned) -> Option<(&str, &str)> {
        let own = of_route(&self.bodies, planned.route);
        let (content_type, body) = match &*planned.trick.method {
            "POST" | "PUT" | "PATCH" => own.unwrap_or(&self.body),
            method if method == planned.route.method() => own?,
            _ => return None,
        };
        Some((content_type, body))
    }

    /// The request for people: without tokens, and without bytes that a terminal interprets.
    pub(super) fn shown(&self, planned: &Planned) -> String {
        let trick = &planned.trick;
        // Tokens are removed before the text is escaped, because a token may contain characters
        // that are escaped.
        let target = match std::str::from_utf8(&trick.target) {
            Ok(target) => self.redacted(target).as_bytes().escape_ascii().to_string(),
            Err(_) => self.redacted(&trick.target.escape_ascii().to_string()),
        };
        let mut shown = format!("{} {}", trick.method, short(target));
        let mut lines = Vec::new();
        if trick.version != "HTTP/1.1" {
            lines.push(trick.version.to_owned());
        }
        match trick.host {
            Host::Own => {}
            Host::Missing => lines.push("without Host".to_owned()),
            Host::Other(host) => lines.push(format!("Host: {host}")),
        }
        lines.extend(trick.headers.iter().cloned());
        if let Some((content_type, body)) = &trick.body {
            lines.push(format!("Content-Type: {content_type}"));
            lines.push(body.clone());
        }
        for line in lines {
            shown += ", ";
            shown += &self.text(&line);
        }
        shown
    }

    /// A text from the server, for people.
    pub(super) fn text(&self, text: &str) -> String {
        short(self.redacted(text).escape_debug().to_string())
    }

    /// Removes tokens, in every form in which they are sent, and tokens without their end.
    fn redacted(&self, text: &str) -> String {
        let mut tokens: Vec<String> = Vec::new();
        for token in &self.tokens {
            tokens.extend(self.place(token).revealing(&token.raw));
        }
        tokens.retain(|token| !token.is_empty());
        // Every byte that any token covers is hidden, because one token may begin within another.
        let mut hidden = vec![false; text.len()];
        for (at, _) in text.char_indices() {
            let lengths = tokens.iter().filter(|token| text[at..].starts_with(&***token)).map(String::len);
            if let Some(longest) = lengths.max() {
                hidden[at..at + longest].fill(true);
            }
        }
        let mut out = String::with_capacity(text.len());
        let mut is_within = false;
        for (character, &is_hidden) in text.char_indices().map(|(at, character)| (character, &hidden[at])) {
            match (is_hidden, is_within) {
                (true, false) => out.push_str("<token>"),
                (true, true) => {}
                (false, _) => out.push(character),
            }
            is_within = is_hidden;
        }
        out
    }

    /// The sender of a request, for people.
    pub(super) fn caller(&self, planned: &Planned) -> String {
        let Some(token) = planned.caller.and_then(|number| self.tokens.get(number)) else {
            let who = if self.presents(planned) { "an unknown caller" } else { "a caller without credentials" };
            return who.to_owned();
        };
        let scopes = token.scopes.clone();
        let tenants: Vec<&str> = token.tenants.iter().collect();
        let scopes = if scopes.is_empty() { "no scope".to_owned() } else { format!("`{}`", short(scopes)) };
        match (&token.tenants, tenants.join("`, `")) {
            (scopes_core::Tenants::Any, _) => format!("a token of {scopes} for any tenant"),
            (_, tenants) if tenants.is_empty() => format!("a token of {scopes}"),
            (_, tenants) => format!("a token of {scopes} for `{}`", short(tenants)),
        }
    }
}

/// Shortens a text to its recognizable beginning.
fn short(text: String) -> String {
    match text.char_indices().nth(120) {
        Some((end, _)) => format!("{}.. ({} characters)", &text[..end], text.chars().count()),
        None => text,
    }
}
