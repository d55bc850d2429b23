//! What is shown is what was written, whatever it is: the parser is the one that rustdoc uses.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::*;

/// The extensions that rustdoc turns on.
fn parse(markdown: &str) -> Vec<Event<'_>> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    Parser::new_ext(markdown, options).collect()
}

/// The text of the events, which are text and code and the links of addresses only.
fn shown<'e>(events: impl Iterator<Item = &'e Event<'e>>) -> String {
    let mut shown = String::new();
    for event in events {
        match event {
            Event::Text(text) | Event::Code(text) => shown.push_str(text),
            Event::Start(Tag::Link { dest_url, .. }) if dest_url.starts_with("http") => {}
            Event::End(TagEnd::Link) => {}
            other => panic!("{other:?}"),
        }
    }
    shown
}

/// What a paragraph shows.
fn paragraph(markdown: &str) -> String {
    let events = parse(markdown);
    match events.as_slice() {
        [] => String::new(),
        [Event::Start(Tag::Paragraph), inner @ .., Event::End(TagEnd::Paragraph)] => shown(inner.iter()),
        other => panic!("{markdown:?}: {other:?}"),
    }
}

/// What the cell of a table shows that has one row of three cells.
fn middle_cell(markdown: &str) -> String {
    let table = format!("| a | b | c |\n|---|---|---|\n| first | {markdown} | third |\n");
    let events = parse(&table);
    let start = events.iter().position(|event| matches!(event, Event::Start(Tag::TableRow))).unwrap();
    let row = &events[start + 1..];
    let end = row.iter().position(|event| matches!(event, Event::End(TagEnd::TableRow))).unwrap();
    assert!(matches!(row[end + 1..], [Event::End(TagEnd::Table)]), "{markdown:?}: {events:?}");
    let cells: Vec<_> = row[..end].split(|event| matches!(event, Event::End(TagEnd::TableCell))).collect();
    let [first, second, third, rest] = cells.as_slice() else { panic!("{markdown:?}: {events:?}") };
    assert!(rest.is_empty());
    let shown = |cell: &[Event<'_>]| shown(cell.iter().skip(1));
    assert_eq!((shown(first), shown(third)), ("first".into(), "third".into()), "{markdown:?}");
    shown(second)
}

/// The marks of code are not shown, and white space beside them may be another.
fn without_marks(text: &str) -> String {
    text.replace(|character: char| character == '`' || character.is_whitespace(), "")
}

/// Texts of the characters that mean something to Markdown or HTML, of words and of links.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => proptest::sample::select(&[
            "`", "``", "|", "\\", "*", "_", "~", "~~", "<", ">", "&", "#", "+", "-", "=", "!", ")", "(", "{", "}", ":", ".",
            "\"", "'", "*/", "/*", "\n", "\n\n", " ", "    ", "\t", "1", "12", "a", "b c", "é", "$", "^",
            "<b>", "</script>", "<!--", "-->", "&lt;", "&#124;", "```\n", "|---|", "- ", "1. ", "# ", "> ", "[", "[^1] ",
            "https://example.com/a_b", "http://", "www.example.com", "a@b.cd",
        ][..]).prop_map(String::from),
        // A bracket may close a link, of which only the label is shown.
        1 => any::<char>().prop_filter("no bracket", |character| *character != ']').prop_map(String::from),
    ];
    // NUL is shown as another character, and so are line ends of other systems.
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| {
        let text = pieces.concat().replace(['\0', '\r'], "");
        // The brackets of an address are not shown.
        text.replace("<http", "< http")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    /// Without brackets closed nothing is left out but the marks of code.
    #[test]
    fn every_text_is_shown(text in hostile()) {
        prop_assert_eq!(without_marks(&paragraph(&inline(&text))), without_marks(&text));
        prop_assert_eq!(without_marks(&middle_cell(&cell(&text))), without_marks(&text));
        let item = format!("- {}", inline(&text));
        prop_assert!(parse(&item).iter().filter(|event| matches!(event, Event::Start(_))).all(|event| {
            matches!(event, Event::Start(Tag::List(None) | Tag::Item | Tag::Link { .. }))
        }), "{}", item);
    }

    /// With links as well it stays one cell of text.
    #[test]
    fn links_end_no_cell(text in "[\\[\\]()`|<\\\\ a]{0,24}") {
        paragraph(&inline(&text));
        middle_cell(&cell(&text));
    }

    #[test]
    fn code_shows_its_text(text in "[`|\\\\a *_\\[\\]<&]{1,12}") {
        let text = format!("x{}", text.trim_end());
        for text in [&text[..], &text[1..]].map(str::trim).into_iter().filter(|text| !text.is_empty()) {
            prop_assert_eq!(paragraph(&code(text)), text);
            if !text.contains("\\|") {
                prop_assert_eq!(middle_cell(&in_cell(&code(text))), text);
            }
        }
    }
}

#[test]
fn lines() {
    for (text, expected) in [
        ("", ""),
        ("Read users.", "Read users."),
        ("Read\n  `users`\tnow", "Read `users` now"),
        ("snake_case and _this_", "snake_case and \\_this\\_"),
        ("a < b, a<b>, R&D, &amp;", "a < b, a\\<b>, R\\&D, \\&amp;"),
        ("``a`b`` `x", "``a`b`` \\`x"),
        (
            "see [the manual](https://example.com) or [`Permit`], [Grant][g], [both]",
            "see the manual or `Permit`, Grant, \\[both]",
        ),
        ("see https://example.com/a_b.", "see <https://example.com/a_b>."),
        (
            "see <https://example.com>, <https://example.com/|>",
            "see <https://example.com>, \\<<https://example.com/>|>",
        ),
        ("[a](b(c)d) e", "a e"),
        ("[a](b", "\\[a](b"),
        ("# heading", "\\# heading"),
        ("- item", "\\- item"),
        ("1. item", "1\\. item"),
        ("2026 was", "2026 was"),
        ("a | b", "a | b"),
        ("*/ and \\d", "\\*/ and \\\\d"),
    ] {
        assert_eq!(inline(text), expected, "{text:?}");
    }
    assert_eq!(cell("a | `b|c` | `d\\|e`"), "a \\| `b\\|c` \\| d\\\\\\|e");
}

/// A text in which something seems to begin all over is read once. Read to its end at each of these
/// places it would take minutes.
#[test]
fn long_texts() {
    for piece in ["[", "[a](", "[a][", "[a]((", "`[", "http://", "<http://", "<", "*"] {
        let text = piece.repeat(1 << 18);
        assert!(inline(&text).len() >= text.len(), "{piece}");
    }
}

#[test]
fn first_paragraphs() {
    for (text, expected) in [
        ("", ""),
        ("One.", "One."),
        ("One,\nand more.\n\nTwo.", "One,\nand more."),
        ("One:\n```\na\n```", "One:"),
        ("```\na\n```", ""),
        ("    a", ""),
        ("One\n    two", "One\n    two"),
    ] {
        assert_eq!(first_paragraph(text), expected, "{text:?}");
    }
}
