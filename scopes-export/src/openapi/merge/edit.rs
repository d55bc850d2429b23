//! Changes of a document, as insertions into its text and replacements of single values.

use super::emit::Layout;
use super::lines::Lines;
use super::tree::{Content, Member, Node};

/// A member that the document gets, or whose value changes.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    /// The keys that lead to it, its own included.
    pub(super) path: Vec<String>,
    pub(super) value: Node,
}

impl Edit {
    pub(super) fn new(path: &[&str], value: Node) -> Self {
        Self { path: path.iter().map(|&key| key.to_owned()).collect(), value }
    }
}

/// The members in front of which a new one is written, if they are there.
const BEFORE: [&str; 3] = ["responses", "paths", "components"];

/// A part of the text that another text replaces.
struct Splice {
    start: usize,
    end: usize,
    text: String,
    /// Whether it is a member of an object that has none: another one at this place needs a comma.
    is_first: bool,
}

/// The text of a document.
struct Source<'t> {
    text: &'t str,
    lines: Lines,
    is_json: bool,
}

/// Makes the changes. `None` if one of them has no place in the text.
pub(super) fn apply(text: &str, root: &Node, edits: &[Edit]) -> Option<String> {
    let is_json = matches!(root.content, Content::Object { is_flow: true, .. });
    let source = Source { text, lines: Lines::of(text), is_json };
    let has_carriage_returns = text.contains("\r\n");
    let mut splices: Vec<Splice> = Vec::with_capacity(edits.len());
    for edit in edits {
        let mut splice = splice(&source, root, edit)?;
        if has_carriage_returns {
            splice.text = splice.text.replace('\n', "\r\n");
        }
        splices.push(splice);
    }
    splices.sort_by_key(|splice| splice.start);
    let mut changed = String::with_capacity(text.len() + splices.iter().map(|splice| splice.text.len()).sum::<usize>());
    let mut at = 0;
    let mut first_at = None;
    for splice in splices {
        changed.push_str(text.get(at..splice.start)?);
        if splice.is_first && first_at.replace(splice.start) == Some(splice.start) {
            changed.push_str(", ");
        }
        changed.push_str(&splice.text);
        at = splice.end;
    }
    changed.push_str(text.get(at..)?);
    Some(changed)
}

fn splice(source: &Source<'_>, root: &Node, edit: &Edit) -> Option<Splice> {
    let mut parent = root;
    for (depth, key) in edit.path.iter().enumerate() {
        // Other places would repeat the change.
        if parent.is_anchored {
            return None;
        }
        let Some(member) = parent.member(key) else {
            let value = nested(edit.path.get(depth + 1..)?, &edit.value);
            return inserted(source, parent, depth == 0, key, &value);
        };
        if depth + 1 == edit.path.len() {
            return replaced(source, parent, member, &edit.value);
        }
        parent = &member.value;
    }
    None
}

/// A value within objects that do not exist yet.
fn nested(keys: &[String], value: &Node) -> Node {
    keys.iter().rev().fold(value.clone(), |value, key| {
        let member = Member { key: key.clone(), key_start: 0, key_end: 0, value };
        Node::new(0, 0, Content::Object { members: vec![member], is_flow: false })
    })
}

fn inserted(source: &Source<'_>, parent: &Node, is_root: bool, key: &str, value: &Node) -> Option<Splice> {
    let Content::Object { members, is_flow } = &parent.content else { return None };
    if *is_flow {
        let member = |layout: &Layout| layout.member(key, value);
        let Some(last) = members.last() else {
            let start = parent.start + 1;
            return Some(Splice { start, end: start, text: member(&Layout::Line), is_first: true });
        };
        let start = last.value.end;
        let written = match layout(source, parent) {
            Layout::Json { indent, unit } => {
                format!(",\n{indent}{}", member(&Layout::Json { indent: indent.clone(), unit }))
            }
            _ => format!(", {}", member(&Layout::Line)),
        };
        return Some(Splice { start, end: start, text: written, is_first: false });
    }
    let Layout::Block { indent } = layout(source, parent) else { return None };
    let written = Layout::Block { indent: indent.clone() }.member(key, value);
    if is_root && key.starts_with("x-") {
        let start = document_end(source, members.last()?.value.end);
        let break_before = if source.text.get(..start)?.ends_with('\n') { "" } else { "\n" };
        return Some(Splice { start, end: start, text: format!("{break_before}{written}\n"), is_first: false });
    }
    let before = BEFORE.iter().find_map(|name| members.iter().position(|member| member.key == *name)).unwrap_or(0);
    let after = before.checked_sub(1).and_then(|index| members.get(index)).map_or(0, |member| member.value.end);
    let start = above_comments(source, source.lines.start(members.get(before)?.key_start), after);
    Some(Splice { start, end: start, text: format!("{indent}{written}\n"), is_first: false })
}

fn replaced(source: &Source<'_>, parent: &Node, member: &Member, value: &Node) -> Option<Splice> {
    let text = source.text;
    let old = &member.value;
    if old.is_anchored || old.tag.is_some() {
        return None;
    }
    let written = layout(source, parent).member(&member.key, value);
    // The key stays as it is written.
    let colon = text.get(member.key_end..)?.find(':')? + member.key_end;
    let end = colon.max(old.end);
    let end = text.get(..end)?.trim_end().len().max(colon + 1);
    let after_key = written.find(": ").filter(|_| !matches!(layout(source, parent), Layout::Block { .. }));
    let value_text = match after_key {
        Some(at) => written.get(at + 1..)?.to_owned(),
        None => {
            let mut bare = Layout::Block { indent: indent_of(source, parent)? }.member("k", value);
            bare.replace_range(..2, "");
            bare
        }
    };
    // So do comments between the key and the value.
    let between = text.get(colon + 1..old.start).unwrap_or_default();
    let text = with_comments(between, &value_text, matches!(parent.content, Content::Object { is_flow: true, .. }));
    Some(Splice { start: colon + 1, end, text, is_first: false })
}

/// The value with the comments that stand between the key and the old value, or after the sign of
/// an old text of lines.
fn with_comments(between: &str, value: &str, is_flow: bool) -> String {
    if !between.contains('#') {
        return value.to_owned();
    }
    let between = between.replace("\r\n", "\n").replace('\r', "\n");
    let mut sign_at = between.len();
    let mut after_sign = None;
    let mut line_start = 0;
    for line in between.split_inclusive('\n') {
        let bare = line.trim_start();
        if bare.starts_with(['|', '>']) {
            sign_at = line_start + line.len() - bare.len();
            after_sign = bare.find('#').and_then(|at| bare.get(at..)).map(str::trim_end);
            break;
        }
        line_start += line.len();
    }
    let above = between.get(..sign_at).unwrap_or_default();
    let mut value = value.to_owned();
    let mut insert = |comment: &str| {
        let line_end = value.find('\n').unwrap_or(value.len());
        value.insert_str(line_end, comment);
    };
    if let Some(comment) = after_sign {
        insert(&format!(" {comment}"));
    }
    match above.trim_end() {
        "" => value,
        // On the line of the key, which may be that of the value as well.
        comment if !comment.contains('\n') && after_sign.is_none() && !is_flow => {
            insert(comment);
            value
        }
        comments if value.starts_with('\n') => format!("{comments}{value}"),
        // A value in the line of a comment would be a part of it, and a comment in a text of lines
        // a part of the text.
        _ => format!("{above}{}", value.trim_start_matches(' ')),
    }
}

/// How the members of an object are written.
fn layout(source: &Source<'_>, object: &Node) -> Layout {
    let Some(indent) = indent_of(source, object) else { return Layout::Line };
    match &object.content {
        Content::Object { is_flow: false, .. } => Layout::Block { indent },
        _ if source.is_json => {
            let outer = source.text.get(source.lines.start(object.start)..object.start).unwrap_or_default();
            let outer = outer.len() - outer.trim_start().len();
            let unit = indent.get(outer..).unwrap_or("  ").to_owned();
            Layout::Json { indent, unit }
        }
        _ => Layout::Line,
    }
}

/// The white space in front of an object's first member, if nothing else stands there.
fn indent_of(source: &Source<'_>, object: &Node) -> Option<String> {
    let first = object.members().first()?;
    let before = source.text.get(source.lines.start(first.key_start)..first.key_start)?;
    before.chars().all(|character| character == ' ' || character == '\t').then(|| before.to_owned())
}

/// Where a YAML document ends whose last value ends at `from`: its mark `...`, or the end of the
/// text.
fn document_end(source: &Source<'_>, from: usize) -> usize {
    let text = source.text;
    let start = source.lines.start(from);
    let mut lines = text.get(start..).unwrap_or_default().split_inclusive('\n').scan(start, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    });
    let is_end = |line: &str| {
        line.strip_prefix("...").is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
    };
    lines.find(|(_, line)| is_end(line)).map_or(text.len(), |(start, _)| start)
}

/// Moves from the start of a line above the comments that belong to it, but not above `limit`.
fn above_comments(source: &Source<'_>, mut start: usize, limit: usize) -> usize {
    while let Some(above) = start.checked_sub(1).map(|end| source.lines.start(end)) {
        let is_comment = source.text.get(above..start).is_some_and(|line| line.trim_start().starts_with('#'));
        if !is_comment || above < limit {
            break;
        }
        start = above;
    }
    start
}
