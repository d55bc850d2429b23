//! The scopes in descriptions: a merge changes nothing of a description but the block.
#![cfg(feature = "yaml")]
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

use proptest::prelude::*;
use saphyr_parser::{Event, Parser};
use scopes_core::UntypedCatalogue;
use scopes_export::json::from_json;
use scopes_export::openapi::{BLOCK_BEGIN, BLOCK_END, Document, without_block};
use serde_json::json;

fn catalogue() -> UntypedCatalogue {
    from_json(r#"{"name": "api", "scopes": [{"scope": "s", "routes": [["GET", "/a"]]}]}"#).unwrap()
}

/// The value of the `description` with a block, else of the first one, by another reader than that
/// of the merge.
fn value(text: &str) -> String {
    let scalars = Parser::new_from_str(text).filter_map(|event| match event.unwrap().0 {
        Event::Scalar(value, ..) => Some(value.into_owned()),
        _ => None,
    });
    let scalars: Vec<String> = scalars.collect();
    let values = || scalars.windows(2).filter(|pair| pair[0] == "description").map(|pair| pair[1].clone());
    values().find(|value| value.contains(BLOCK_BEGIN)).or_else(|| values().next()).unwrap()
}

/// Merges, and checks that only the block is new, that a second run changes nothing, and that an
/// older block is replaced.
fn check(text: &str) -> String {
    let catalogue = catalogue();
    let document = Document::new(&catalogue).show_scopes();
    let merged = document.merge_into(text, false).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    let (before, after) = (value(text), value(merged.text()));
    assert_eq!(without_block(&after), before, "{text:?}\n{:?}", merged.text());
    assert_eq!(after.matches(BLOCK_BEGIN).count(), 1, "{after:?}");
    // Nothing is added but the block, and blank lines before it.
    let (head, rest) = after.split_once(BLOCK_BEGIN).unwrap();
    let tail = rest.split_once(BLOCK_END).unwrap().1;
    assert_eq!(format!("{}{tail}", head.strip_suffix("\n\n").unwrap_or(head)), before, "{after:?}");
    let again = document.merge_into(merged.text(), false).unwrap();
    assert_eq!((again.changes(), again.text()), (0, merged.text()));
    let old = merged.text().replace("**Required scope**: `s`", "**Required scope**: `old`");
    assert_ne!(old, merged.text());
    assert_eq!(document.merge_into(&old, false).unwrap().text(), merged.text());
    merged.text().to_owned()
}

#[test]
fn notations_of_yaml() {
    for description in [
        " One line.",
        " \"With \\\"quotes\\\", \\t a tab and a line\\n\"",
        " 'It''s'",
        " |\n        Two\n        lines.",
        " |-\n        Two\n        lines.",
        " |+\n        Two\n        lines.\n",
        " |+\n        Two\n        lines.\n\n",
        " >\n        Folded\n        lines.\n\n        Another paragraph.",
        " >-\n        Folded\n        lines.",
        " >+\n        Folded\n        lines.\n\n",
        " |2\n          Indented.",
        " |\n        a\tb\n        \tc\n          d  \n        e",
        " |\n        - a\n        # not a comment\n        b: c",
        "\n        Plain\n        lines\n\n        and more",
        "\n        \"Quoted\n        lines\n\n        \\\n        and more\\\n        \"",
        " \"\"",
        "",
        " \"  \"",
        " \"\\n\"",
        " \"a\\r\\nb\\r\\n\"",
        " \"a  \\n \\n\"",
        " \"a\\u0085b\\u2028c\"",
        " null",
        " | # a comment\n        Two\n        lines.",
        " # a comment\n        Plain.",
        "\n        # a comment\n        Plain.",
        "\n        # a comment\n        Plain\n        lines.",
        "\n\n      # a comment\n\n          # and more\n        'Quoted.'",
        " # one\n        # two\n        Plain.",
        "\n        # a comment\n        \"Quoted.\"",
        "\n        # a comment\n        |\n        Two\n        lines.",
        "\n        # a comment\n        >- # and more\n        Two\n        lines.",
        " # a comment\n        |\n        Two\n        lines.",
        " # a comment\n        | # and more\n        Two\n        lines.",
        "\n        # a | comment > # with signs\n        Plain.",
        "\n        # a comment\n        |\n        # not a comment\n        Two\n        lines.",
        " <!-- scopes:end --> <!-- scopes:begin -->",
        " |\n        Before.\n\n        <!-- scopes:begin -->\n        old\n        <!-- scopes:end -->",
    ] {
        for after in ["      responses: {}\n", "      # a comment\n      tags: [a]\n", ""] {
            let text = format!("openapi: 3.1.0\npaths:\n  /a:\n    get:\n      description:{description}\n{after}");
            if description.contains("old") || description.contains("scopes:end") || matches!(description, "" | " null")
            {
                // Such a text is not the one that the user has written, or is none.
                let catalogue = catalogue();
                let document = Document::new(&catalogue).show_scopes();
                let merged = document.merge_into(&text, false).unwrap();
                assert_eq!(document.merge_into(merged.text(), false).unwrap().changes(), 0, "{text}");
                continue;
            }
            let merged = check(&text);
            assert!(merged.contains(after), "{merged}");
            for comment in ["# a comment", "# and more", "# one", "# two", "# a | comment > # with signs"] {
                assert_eq!(merged.matches(comment).count(), text.matches(comment).count(), "{merged}");
            }
            let windows = check(&text.replace('\n', "\r\n"));
            assert_eq!(windows.replace("\r\n", "\n"), merged);
        }
    }
}

/// A comment is never a part of the text, and it stays above it.
#[test]
fn comments_above_a_text_stay_there() {
    for (before, after) in [
        ("\n        # what it does\n        One.", "\n        # what it does\n        |-\n        One.\n"),
        ("\n      # what it does\n          One.", "\n      # what it does\n          |-\n        One.\n"),
        (" # what it does\n        One.", " |- # what it does\n        One.\n"),
        (" # what\n        # it does\n        One.", " # what\n        # it does\n        |-\n        One.\n"),
        (" # what\n        >- # it does\n        One.", " # what\n        |- # it does\n        One.\n"),
    ] {
        let text = format!("openapi: 3.1.0\npaths:\n  /a:\n    get:\n      description:{before}\n      tags: [a]\n");
        let shown = check(&text);
        assert!(shown.contains(&format!("      description:{after}")), "{shown}");
    }
    let text = "openapi: 3.1.0\npaths: {/a: {get: {description:\n  # what it does\n  One., tags: [a]}}}\n";
    assert!(check(text).contains("description:\n  # what it does\n  \"One."), "{}", check(text));
    let text = "openapi: 3.1.0\npaths: {/a: {get: {description: # what it does\n  'One.', tags: [a]}}}\n";
    assert!(check(text).contains("description: # what it does\n  \"One."), "{}", check(text));
}

/// The same for values that are not texts.
#[test]
fn comments_above_a_demand_stay_there() {
    let catalogue = catalogue();
    for (before, after) in [
        ("\n        # who\n        - other: []\n", "\n        # who\n        - bearer:\n"),
        (" # who\n        - other: []\n", " # who\n        - bearer:\n"),
        ("\n        # who\n        [{other: []}]\n", "\n        # who\n        - bearer:\n"),
        ("\n        # who\n        | # or\n        other\n", "\n        # who\n"),
    ] {
        let text = format!("openapi: 3.1.0\npaths:\n  /a:\n    get:\n      security:{before}      tags: [a]\n");
        let merged =
            Document::new(&catalogue).merge_into(&text, true).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert!(merged.text().contains(&format!("      security:{after}")), "{}", merged.text());
    }
}

#[test]
fn a_text_of_lines_stays_one() {
    for (style, expected) in [("|", "|"), ("|-", "|-"), (">", "|"), (">-", "|-")] {
        let text = format!(
            "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      description: {style}\n        One.\n\n        Two.\n      tags: [a]\n"
        );
        let shown = check(&text);
        let block = "        <!-- scopes:begin -->\n        **Required scope**: `s`\n        <!-- scopes:end -->\n";
        let expected = format!("      description: {expected}\n        One.\n\n        Two.\n\n{block}");
        let expected = if style.starts_with('>') { expected.replace("One.\n\n", "One.\n") } else { expected };
        assert!(shown.contains(&expected), "{shown}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in "([a-c \\t\\n\\r\"'\\\\:#|>-]|\\PC|<!-- x -->){0,30}") {
        check(&json!({"openapi": "3.1.0", "paths": {"/a": {"get": {"description": text}}}}).to_string());
        let yaml = format!(
            "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      description: {}\n",
            serde_json::to_string(&text).unwrap()
        );
        // Not all texts of JSON are texts of YAML.
        if Parser::new_from_str(&yaml).all(|event| event.is_ok()) {
            check(&yaml);
        }
    }
}
