//! Each rule finds what it must find, and only that.

use crate::{Finding, allowed::Allowed, findings, rules::Rule};

/// A Rust file with everything that must be found. `//~ rules` at the end of a line names the rules
/// that this line breaks, and `//~^ rules` names the rules that the line before breaks.
const SAMPLE: &str = include_str!("sample.txt");

/// The source of the sample without the marks, and the lines and rules that they name.
fn sample() -> (String, Vec<(usize, String)>) {
    let (mut source, mut expected) = (String::new(), Vec::new());
    for (at, line) in SAMPLE.lines().enumerate() {
        let (text, rules) = line.split_once("//~").unwrap_or((line, ""));
        let (number, rules) = rules.strip_prefix('^').map_or((at + 1, rules), |rules| (at, rules));
        expected.extend(rules.split_whitespace().map(|rule| (number, rule.to_owned())));
        source.push_str(text.trim_end());
        source.push('\n');
    }
    expected.sort();
    (source, expected)
}

fn found(file: &str, text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<_> = findings(file, text).into_iter().map(|one| (one.line, one.rule.to_string())).collect();
    found.sort();
    found
}

#[test]
fn the_sample_breaks_each_rule_where_it_says() {
    let (source, expected) = sample();
    assert_eq!(found("src/sample.rs", &source), expected);
    for rule in Rule::ALL {
        assert!(expected.iter().any(|(_, named)| *named == rule.to_string()), "the sample has no case of {rule}");
    }
}

#[test]
fn documentation_may_be_short_where_users_do_not_see_it() {
    let (source, mut expected) = sample();
    expected.retain(|(_, rule)| rule != "short-documentation");
    assert_eq!(found("tests/sample.rs", &source), expected);
}

#[test]
fn documents_scripts_and_settings_are_read() {
    let document = "A sentence which is\nno sentence.\n\nIt is\n\nno sentence.\n";
    assert_eq!(found("a.md", document), [(1, "is-no".to_owned())]);
    for (file, begin) in [("a.sh", ""), ("a.toml", ""), ("a.py", ""), ("folder.d/run", "#!/bin/sh\n")] {
        let line = begin.lines().count() + 1;
        let wide = "x".repeat(99);
        let text = format!("{begin}# Nobody\necho 'behind you'\n# As it is.\n# {wide}\n{wide}{wide}\n");
        let rules = ["vague-actor", "behind", "begins-with-as", "wide-comment"];
        // A comment is a separate passage if other text comes before it.
        let lines = rules.iter().enumerate().map(|(at, rule)| (line + at, (*rule).to_owned()));
        assert_eq!(found(file, &text), lines.collect::<Vec<_>>(), "{file}");
    }
    assert_eq!(found("seeds/nobody", "nobody"), []);
    assert_eq!(found("tests/after_the_path.rs", ""), []);
    assert_eq!(found("tests/behind_the_path.rs", ""), [(1, "behind".to_owned())]);
}

#[test]
fn the_list_permits_what_it_names_and_reports_what_it_no_longer_needs() {
    let finding = |file: &str, excerpt: &str| Finding {
        file: file.to_owned(),
        line: 1,
        rule: Rule::Behind,
        excerpt: excerpt.to_owned(),
    };
    let list =
        "# A comment.\n\nbehind | a.md | behind a proxy | the field's term\nbehind | b.md | behind | never found\n";
    let mut allowed = Allowed::parse(list).expect("the list is well-formed");
    assert!(allowed.permits(&finding("a.md", "a server behind a proxy is")));
    assert!(!allowed.permits(&finding("a.md", "a server behind another")));
    assert!(!allowed.permits(&finding("c.md", "a server behind a proxy is")));
    assert_eq!(allowed.unused(), ["behind | b.md | behind | never found"]);

    for (list, error) in [
        ("behind | a.md | behind a proxy", "write `rule"),
        ("behind | a.md | behind a proxy |", "an empty field"),
        ("before | a.md | behind a proxy | why", "unknown rule"),
    ] {
        assert!(Allowed::parse(list).expect_err("the list is malformed").starts_with(error), "{list}");
    }
}
