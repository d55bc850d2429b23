//! The pages show exactly the text that was written, whatever it contains. The tests use the same
//! parser as rustdoc.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::*;

/// Parses with the extensions that rustdoc turns on.
fn parse(markdown: &str) -> Vec<Event<'_>> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    Parser::new_ext(markdown, options).collect()
}

/// The text of the events. These may only be text, code, and links that show their address.
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

/// The text that a paragraph shows.
fn paragraph(markdown: &str) -> String {
    let events = parse(markdown);
    match events.as_slice() {
        [] => String::new(),
        [Event::Start(Tag::Paragraph), inner @ .., Event::End(TagEnd::Paragraph)] => shown(inner.iter()),
        other => panic!("{markdown:?}: {other:?}"),
    }
}

/// The text that the middle cell shows, in a table with one row of three cells.
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

/// Removes backticks, which are not shown, and white space, which may change beside them.
fn without_marks(text: &str) -> String {
    text.replace(|character: char| character == '`' || character.is_whitespace(), "")
}

/// Texts of characters with a meaning in Markdown or HTML, of words and of links.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => proptest::sample::select(&[
            "`", "``", "|", "\\", "*", "_", "~", "~~", "<", ">", "&", "#", "+", "-", "=", "!", ")", "(", "{", "}", ":", ".",
            "\"", "'", "*/", "/*", "\n", "\n\n", " ", "    ", "\t", "1", "12", "a", "b c", "é", "$", "^",
            "<b>", "</script>", "<!--", "-->", "&lt;", "&#124;", "```\n", "|---|", "- ", "1. ", "# ", "> ", "[", "[^1] ",
            "https://example.com/a_b", "http://", "www.example.com", "a@b.cd",
        ][..]).prop_map(String::from),
        // A bracket may close a link, and the page shows only the label of a link.
        1 => any::<char>().prop_filter("no bracket", |character| *character != ']').prop_map(String::from),
    ];
    // Markdown replaces NUL and the line ends of other systems.
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| {
        let text = pieces.concat().replace(['\0', '\r'], "");
        // The angle brackets of an address are not shown.
        text.replace("<http", "< http")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    /// Without closed brackets, only the backticks of code are left out.
    #[test]
    fn every_text_is_shown(text in hostile()) {
        prop_assert_eq!(without_marks(&paragraph(&inline(&text))), without_marks(&text));
        prop_assert_eq!(without_marks(&middle_cell(&cell(&text))), without_marks(&text));
        let item = format!("- {}", inline(&text));
        prop_assert!(parse(&item).iter().filter(|event| matches!(event, Event::Start(_))).all(|event| {
            matches!(event, Event::Start(Tag::List(None) | Tag::Item | Tag::Link { .. }))
        }), "{}", item);
    }

    /// A text with links is still one cell.
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

/// Each text repeats a beginning without an end. It must be read only once: reading on to the end
/// from each repetition would take minutes.
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
