//! Human texts as documentation: whatever Markdown reads as code is shown unchanged, and never
//! compiled as Rust.

/// The indentation of code without a fence.
const INDENTATION: usize = 4;

/// The same text with each block of code marked as plain text: a fence gets the language `text`,
/// and an indented block gets a fence.
pub(super) fn inert(text: &str) -> String {
    let (mut lines, closing) = plain(text);
    lines.extend(closing);
    lines.join("\n")
}

/// The line that closes the last block of code, if the text leaves it open. Text that is printed
/// afterwards must not become part of that code.
pub(super) fn closing(text: &str) -> Option<String> {
    plain(text).1
}

/// The lines with each block of code marked as plain text, and the line that closes the last block.
fn plain(text: &str) -> (Vec<String>, Option<String>) {
    let mut out: Vec<String> = Vec::new();
    let mut open: Option<Fence> = None;
    let (mut after_blank, mut in_list) = (true, false);
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(fence) = open.take() {
            out.push(line.to_owned());
            open = (!fence.is_closed_by(line)).then_some(fence);
            after_blank = open.is_none();
            continue;
        }
        let (before, rest) = content(line);
        in_list = if before.contains(is_marker) {
            true
        } else {
            in_list && (!after_blank || before.len() > 1 || rest.is_empty())
        };
        if after_blank && !in_list && is_indented(line) {
            let mut block = vec![line];
            while let Some(more) = lines.next_if(|line| is_indented(line) || line.trim().is_empty()) {
                block.push(more);
            }
            set_off(&block, &mut out);
        } else if let Some(fence) = Fence::opened_by(line) {
            out.push(format!("{}{}text", fence.before, fence.marks));
            open = Some(fence);
        } else {
            out.push(line.to_owned());
        }
        after_blank = rest.is_empty();
    }
    (out, open.map(|fence| format!("{}{}", fence.before.replace(is_marker, " "), fence.marks)))
}

/// The opening line of a fenced block.
struct Fence {
    /// The white space and the marks of quotations and lists before the fence.
    before: String,
    marks: String,
}

impl Fence {
    fn opened_by(line: &str) -> Option<Self> {
        let (before, rest) = content(line);
        let mark = rest.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
        let language = rest.trim_start_matches(mark);
        let marks = rest.get(..rest.len() - language.len())?;
        // A backtick in the language means that this is code within a line.
        (marks.len() >= 3 && !(mark == '`' && language.contains('`')))
            .then(|| Self { before: before.to_owned(), marks: marks.to_owned() })
    }

    fn is_closed_by(&self, line: &str) -> bool {
        let rest = line.trim_start_matches([' ', '\t', '>']).trim_end();
        rest.starts_with(&self.marks) && rest.chars().all(|character| self.marks.starts_with(character))
    }
}

/// Splits a line into white space with the marks of quotations and lists, and the rest.
fn content(line: &str) -> (&str, &str) {
    let mut rest = line;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '>']);
        let after = rest.trim_start_matches(|character: char| character.is_ascii_digit());
        let marks: &[char] = if after.len() < rest.len() { &['.', ')'] } else { &['-', '*', '+'] };
        let after = match after.strip_prefix(marks) {
            Some(after) if after.is_empty() || after.starts_with([' ', '\t']) => after,
            _ => return line.split_at(line.len() - rest.len()),
        };
        rest = after;
    }
}

/// Whether a character can be part of the mark of a list's item.
fn is_marker(character: char) -> bool {
    character.is_ascii_digit() || matches!(character, '-' | '*' | '+' | '.' | ')')
}

fn is_indented(line: &str) -> bool {
    let width = line.chars().map_while(|character| match character {
        ' ' => Some(1),
        '\t' => Some(INDENTATION),
        _ => None,
    });
    !line.trim().is_empty() && width.sum::<usize>() >= INDENTATION
}

/// Puts a fence around lines of code. Blank lines at the end stay outside.
fn set_off(block: &[&str], out: &mut Vec<String>) {
    let blank = block.iter().rev().take_while(|line| line.trim().is_empty()).count();
    let (code, blank) = block.split_at(block.len() - blank);
    // The fence must be longer than any run of backticks in the code.
    let longest = code.iter().flat_map(|line| line.split(|character| character != '`')).map(str::len).max();
    let marks = "`".repeat(longest.unwrap_or(0).max(2) + 1);
    out.push(format!("{marks}text"));
    out.extend(code.iter().map(|line| dedented(line).to_owned()));
    out.push(marks);
    out.extend(blank.iter().map(|_| String::new()));
}

fn dedented(line: &str) -> &str {
    let spaces = line.len() - line.trim_start_matches(' ').len();
    match line.strip_prefix('\t') {
        Some(rest) => rest,
        None => line.get(spaces.min(INDENTATION)..).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_plain() {
        for (text, expected) in [
            ("", ""),
            ("Read users.", "Read users."),
            ("One.\n\n* a\n* b\n\nTwo.", "One.\n\n* a\n* b\n\nTwo."),
            ("```\na\n```", "```text\na\n```"),
            ("```rust\na\n```\nb\n```http,ignore\nc\n```", "```text\na\n```\nb\n```text\nc\n```"),
            ("~~~~ json\n~~~\n~~~~\n~~~\na\n~~~", "~~~~text\n~~~\n~~~~\n~~~text\na\n~~~"),
            ("Use ``` x ``` so.\n``` x ```", "Use ``` x ``` so.\n``` x ```"),
            ("> ```\n> a\n> ```\n- ```\n  a\n  ```", "> ```text\n> a\n> ```\n- ```text\n  a\n  ```"),
            ("1. x\n\n   ```\n   a\n   ```", "1. x\n\n   ```text\n   a\n   ```"),
            ("Try:\n\n    curl\n      -H\n\nThen.", "Try:\n\n```text\ncurl\n  -H\n```\n\nThen."),
            ("    a\n\n    b\n\n", "```text\na\n\nb\n```\n"),
            ("\ta", "```text\na\n```"),
            ("    ```\n    a\n    ```\n```\nb\n```", "````text\n```\na\n```\n````\n```text\nb\n```"),
            // A continued line, and a paragraph of a list's item.
            ("One\n    two", "One\n    two"),
            ("* a\n\n    more\n\nOne.\n\n    b", "* a\n\n    more\n\nOne.\n\n```text\nb\n```"),
            // A fence that is never closed.
            ("```\na", "```text\na\n```"),
            ("- ```\n  a", "- ```text\n  a\n  ```"),
        ] {
            assert_eq!(inert(text), expected, "{text:?}");
        }
    }

    #[test]
    fn open_code_is_closed() {
        for (text, expected) in
            [("a", None), ("```\na\n```", None), ("~~~~\na", Some("~~~~")), ("- ```\n  a", Some("  ```"))]
        {
            assert_eq!(closing(text).as_deref(), expected, "{text:?}");
        }
    }

    /// Text that was made plain does not change again.
    #[test]
    fn twice_is_once() {
        for text in ["```\na\n```", "a\n\n    b\n\nc", "- ```\n  a", "* a\n\n    b"] {
            assert_eq!(inert(&inert(text)), inert(text), "{text:?}");
        }
    }
}
