//! The Markdown lists what the catalogue has, and its texts stay texts.

use std::collections::BTreeSet;

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};
use scopes_core::declaration::{BlockKind, Declaration, DeprecationDeclaration};
use scopes_core::{Access, UntypedCatalogue};
use scopes_export::page::Page;

use crate::catalogues::{HOSTILE, dashboard, full, hostile};

/// Scope, method and path of the documented API, which these pages must list.
const DOCUMENTED: &str = include_str!("../../../examples/dashboard/tests/routes.tsv");

/// The (scope, method, path) triples that the sections of scopes list.
fn triples(markdown: &str) -> BTreeSet<[String; 3]> {
    let mut triples = BTreeSet::new();
    let mut scope = "";
    for line in markdown.lines() {
        if let Some(name) = line.strip_prefix("### `") {
            scope = name.trim_end_matches('`');
        } else if line.starts_with("## ") {
            scope = "";
        } else if let Some((method, rest)) = line.strip_prefix("| `").and_then(|row| row.split_once("` `"))
            && !scope.is_empty()
        {
            let (path, _) = rest.split_once("` |").unwrap();
            let path = path.replace('{', ":").replace('}', "");
            assert!(triples.insert([scope.to_owned(), method.to_owned(), path]), "{line} is listed twice");
        }
    }
    triples
}

#[test]
fn the_dashboards_page_lists_exactly_the_documented_triples() {
    let documented: BTreeSet<[String; 3]> = DOCUMENTED
        .lines()
        .map(|line| <[String; 3]>::try_from(line.split('\t').map(str::to_owned).collect::<Vec<_>>()).unwrap())
        .collect();
    assert_eq!(documented.len(), 128);
    assert_eq!(triples(&Page::new(&dashboard()).markdown()), documented);
}

#[test]
fn every_route_is_in_the_table_of_all_endpoints() {
    for catalogue in [dashboard(), full(), hostile()] {
        let markdown = Page::new(&catalogue).markdown();
        let (_, table) = markdown.split_once("\n## All endpoints\n").unwrap();
        let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| <a id")).collect();
        assert_eq!(rows.len(), catalogue.routes().len());
        for route in catalogue.routes() {
            let begin = format!("| <a id=\"{}\"></a>", route.anchor().id());
            let row = rows.iter().find(|row| row.starts_with(&begin)).unwrap_or_else(|| panic!("{route}"));
            let word = match route.access() {
                Access::Scoped => "](#scope-",
                Access::Public(_) => "No credentials: ",
                Access::Authenticated(_) => "Any valid token, no scope: ",
                Access::External(_) => "Checked outside of these scopes: ",
            };
            assert!(row.contains(word), "{row}");
        }
    }
}

#[test]
fn sections_say_what_else_is_needed() {
    let mut declaration = Declaration::new("api");
    declaration.scope("admin").including("images.write").route("POST", "/images");
    declaration.scope("images.write");
    declaration.scope("disks.read");
    let both = BlockKind::All(vec!["images.write".into(), "disks.read".into()]);
    declaration.block(both).route("POST", "/images");
    let mut gone = DeprecationDeclaration::from("use `/images`");
    gone.since = Some("2026-11-01".into());
    gone.sunset = Some("2027-05-01".into());
    gone.successor = Some("disks.read".into());
    let old = declaration.scope("old.read");
    old.was.push("older.read".into());
    old.deprecated = Some(gone);
    let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    let markdown = Page::new(&catalogue).markdown();
    for expected in [
        "### `images.write`\n\n**Access:** write\n\n**Included by:** [`admin`](#scope-admin)\n",
        "| `POST` `/images` | Also needs [`disks.read`](#scope-disks.read). Or instead [`admin`](#scope-admin). |",
        "**Includes:** [`images.write`](#scope-images.write)\n",
        "**Deprecated since 2026-11-01, works until 2027-05-01, use [`disks.read`](#scope-disks.read):** use `/images`\n",
        "**Earlier names:** `older.read`\n",
        "| [`admin`](#scope-admin), or [`disks.read`](#scope-disks.read) and [`images.write`](#scope-images.write) |",
    ] {
        assert!(markdown.contains(expected), "{expected}\n--- is not in\n{markdown}");
    }
}

#[test]
fn the_index_leads_to_the_sections() {
    let catalogue = dashboard();
    let page = Page::new(&catalogue).markdown_at("https://docs.example.com/permissions.md");
    let (index, markdown) = (page.llms_txt(), page.markdown());
    for scope in catalogue.scopes() {
        assert!(index.contains(&format!("](https://docs.example.com/permissions.md{})", scope.anchor())), "{scope}");
        assert!(markdown.contains(&format!("<a id=\"{}\"></a>", scope.anchor().id())), "{scope}");
    }
    for address in ["http://x", "//x", "/x", "javascript:x", "x y", "https://", "x\"", "https://x/)", "", "x?y"] {
        assert!(Page::new(&catalogue).markdown_at(address).llms_txt().contains("](permissions.md#"), "{address}");
    }
}

/// Fails if some text of a page is more than text: a link to another place, HTML, a mention, or
/// what renderers look for in plain text.
fn assert_only_text(markdown: &str, allowed: &str) {
    let options = Options::all()
        - Options::ENABLE_SMART_PUNCTUATION
        - Options::ENABLE_OLD_FOOTNOTES
        - Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        - Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
    for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
        let source = &markdown[range];
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => {
                assert!(dest_url.starts_with('#') || dest_url.starts_with(allowed), "{dest_url}: {source}");
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                assert!(
                    html.starts_with("<a id=\"") && html.ends_with("\">")
                        || html.trim_end() == "</a>"
                        || html.trim_end().ends_with("></a>"),
                    "{html}"
                );
                assert_eq!(
                    html.matches('<').count() - html.matches("</a>").count(),
                    usize::from(html.starts_with("<a")),
                    "{html}"
                );
            }
            Event::Text(_) => {
                let lower = source.to_lowercase();
                for forbidden in ["@", "://", "www.", "gh-1", "#1", ":tada:", "mailto:"] {
                    assert!(!lower.contains(forbidden), "{forbidden} in {source}");
                }
            }
            Event::Start(
                Tag::Image { .. }
                | Tag::FootnoteDefinition(_)
                | Tag::CodeBlock(_)
                | Tag::BlockQuote(_)
                | Tag::List(_)
                | Tag::Strikethrough
                | Tag::Emphasis
                | Tag::DefinitionList
                | Tag::Superscript
                | Tag::Subscript,
            )
            | Event::FootnoteReference(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::TaskListMarker(_)
            | Event::Rule
            | Event::HardBreak => panic!("{event:?}: {source}"),
            _ => {}
        }
    }
    assert!(markdown.chars().all(|character| character == '\n' || !scopes_export::shown::is_invisible(character)));
}

/// A catalogue with one text everywhere.
fn with(text: &str) -> UntypedCatalogue {
    let mut declaration = Declaration::new("api");
    declaration.description = text.into();
    let scope = declaration.scope("users.read").route("GET", "/users");
    scope.description = text.into();
    scope.deprecated = Some(DeprecationDeclaration::from(text));
    scope.routes[0].description = text.into();
    declaration.block(BlockKind::Public(format!("x{text}").as_str().into())).route("GET", "/health");
    UntypedCatalogue::from_declaration(&declaration).unwrap()
}

#[test]
fn hostile_texts_are_shown() {
    assert_only_text(&Page::new(&hostile()).markdown(), "#");
    for text in HOSTILE {
        assert_only_text(&Page::new(&with(text)).markdown(), "#");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    /// Pieces of all constructs of Markdown and HTML, in any order.
    #[test]
    fn no_text_is_markup(
        pieces in prop::collection::vec(prop::sample::select(&[
            "a", "7", " ", "\n", "\n\n", "*", "**", "_", "__", "`", "``", "~~", "[", "](", ")", "!", "|", "\\", "<", ">", "</a>",
            "<b>", "<!--", "-->", "&", "&amp;", "&#64;", "#", "# ", "#1", "- ", "+ ", "1. ", "1) ", "---", "===", "> ", "```", "    ",
            "https://", "http://x.y", "www.x.y", "a@b.c", "@all", "mailto:a@b.c", ":tada:", "$", "$$", "^", "^1]", "[^1]:", ": ", "\t",
            "GH-1", "\u{202e}", "\u{0}", "\u{e9}", "{", "}", "[x] ",
        ][..]), 0..10)
    ) {
        let text = pieces.concat();
        let page = Page::new(&with(&text)).markdown();
        assert_only_text(&page, "#");
        // The tables keep their columns.
        for line in page.lines().filter(|line| line.starts_with('|')) {
            let cells = line.replace("\\|", "").matches('|').count();
            prop_assert!(cells == 3 || cells == 4, "{}", line);
        }
    }
}
