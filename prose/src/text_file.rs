//! The passages of documents, scripts and settings.

use crate::passage::{Kind, Line, Passage};

/// The paragraphs of a file. Comments begin with `mark`, if the file has comments. The other lines
/// are read as well, because scripts hold messages.
pub(crate) fn passages(text: &str, mark: Option<&str>) -> Vec<Passage> {
    let mut passages: Vec<Passage> = Vec::new();
    let mut open = false;
    for (at, line) in text.lines().enumerate() {
        let whole = line.trim();
        let comment = mark.and_then(|mark| whole.strip_prefix(mark));
        let kind = if comment.is_some() { Kind::Comment } else { Kind::Text };
        let text = comment.unwrap_or(whole).trim();
        if text.is_empty() {
            open = false;
            continue;
        }
        let columns = if comment.is_some() { line.chars().count() } else { 0 };
        let line = Line { number: at + 1, text: text.to_owned(), columns };
        match passages.last_mut().filter(|passage| open && passage.kind == kind) {
            Some(passage) => passage.lines.push(line),
            None => passages.push(Passage { kind, lines: vec![line] }),
        }
        open = true;
    }
    passages
}
