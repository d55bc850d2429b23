//! Escapes texts of files for terminals, CI systems and Markdown, because names and texts of a
//! catalogue may come from anywhere.

use std::fmt::Write as _;

pub(crate) use scopes_export::shown::{json, line, lines};

/// For the message of a command in the log of GitHub's CI.
pub(crate) fn github_message(text: &str) -> String {
    let mut escaped = String::new();
    for character in lines(text).chars() {
        match character {
            '%' | '\r' | '\n' => {
                let _ = write!(escaped, "%{:02X}", u32::from(character));
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

/// For a property of such a command, such as a file's name.
pub(crate) fn github_property(text: &str) -> String {
    github_message(text).replace(':', "%3A").replace(',', "%2C")
}

/// For Markdown: the text shows as it is. It makes no link, no mention, no HTML and no heading.
pub(crate) fn markdown(text: &str) -> String {
    let mut escaped = String::new();
    for character in line(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            // A renderer that looks for mentions, issues and addresses does not find them in
            // entities.
            '@' => escaped.push_str("&#64;"),
            '#' => escaped.push_str("&#35;"),
            ':' => escaped.push_str("&#58;"),
            '|' | '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '+' | '-' | '.' | '!' | '~' | '='
            | '$' => {
                escaped.push('\\');
                escaped.push(character);
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_keeps_its_meaning() {
        let text = "a\u{9b}\u{202e}\u{e0001}\n";
        let written = json(&serde_json::to_string(text).unwrap_or_default());
        assert_eq!(written, r#""a\u009b\u202e\udb40\udc01\n""#);
        assert_eq!(serde_json::from_str::<String>(&written).ok().as_deref(), Some(text));
    }

    #[test]
    fn commands_of_ci() {
        assert_eq!(github_message("100%\n::error::x"), "100%25%0A::error::x");
        assert_eq!(github_property("a,b:c%"), "a%2Cb%3Ac%25");
    }

    #[test]
    fn markdown_shows_the_text() {
        assert_eq!(
            markdown("[x](javascript:alert(1)) <b> @all #1"),
            "\\[x\\]\\(javascript&#58;alert\\(1\\)\\) &lt;b&gt; &#64;all &#35;1"
        );
        assert_eq!(markdown("`a|b`\n# x"), "\\`a\\|b\\`\\\\u\\{a\\}&#35; x");
        assert_eq!(markdown("https://x.org www.x.org"), "https&#58;//x\\.org www\\.x\\.org");
    }
}
