use super::*;
use alloc::format;
use alloc::string::String;
use proptest::prelude::*;

#[test]
fn distances() {
    for (a, b, expected) in [
        ("", "", 0),
        ("", "abc", 3),
        ("abc", "abc", 0),
        ("read", "reed", 1),
        ("read", "rad", 1),
        ("read", "reads", 1),
        ("read", "raed", 1),
        ("ca", "abc", 3),
        ("kitten", "sitting", 3),
        ("\u{e9}t\u{e9}", "ete", 2),
        ("abcdef", "ghijkl", 6),
    ] {
        assert_eq!((distance(a, b), distance(b, a)), (expected, expected), "{a} {b}");
    }
}

#[test]
fn the_nearest_name() {
    let names =
        ["environment.users.read", "environment.users.write", "environment.events.read", "all.read", "ab", "AB"];
    for (name, expected) in [
        ("environment.users.reed", Some("environment.users.read")),
        ("environment.user.read", Some("environment.users.read")),
        ("Environment.Users.Read", Some("environment.users.read")),
        ("ENVIRONMENT.USERS.READ", Some("environment.users.read")),
        ("enviroment.event.raed", Some("environment.events.read")),
        ("environment.users", None),
        ("all.raed", Some("all.read")),
        ("AB", Some("AB")),
        ("aB", Some("ab")),
        ("ax", Some("ab")),
        ("xy", None),
        ("", None),
        ("something.else", None),
    ] {
        assert_eq!(nearest(name, names), expected, "{name}");
    }
    assert_eq!(nearest("abc", ["abd", "abe"]), Some("abd"));
    assert_eq!(nearest("abcdef", ["abcxyz", "abcdxy", "abcdzz"]), Some("abcdxy"));
    assert_eq!(nearest("abc", []), None);
}

#[test]
fn only_the_first_names_are_looked_for() {
    let mut suggestions = Suggestions::new();
    let found = (0..Suggestions::MOST + 3).filter(|_| suggestions.nearest("raed", ["read"]) == Some("read"));
    assert_eq!(found.count(), Suggestions::MOST);
}

#[test]
fn at_most_four_characters_differ() {
    let name = "a".repeat(60);
    for (differing, expected) in [(4, true), (5, false)] {
        let candidate = format!("{}{}", "a".repeat(60 - differing), "b".repeat(differing));
        assert_eq!(nearest(&name, [&*candidate]).is_some(), expected, "{differing}");
    }
}

/// Computes the whole table, without a band.
fn oracle(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut table = alloc::vec![alloc::vec![0; b.len() + 1]; a.len() + 1];
    for row in 0..=a.len() {
        for column in 0..=b.len() {
            table[row][column] = if row == 0 || column == 0 {
                row + column
            } else {
                let replaced = table[row - 1][column - 1] + usize::from(a[row - 1] != b[column - 1]);
                let cell = replaced.min(table[row - 1][column] + 1).min(table[row][column - 1] + 1);
                if row > 1 && column > 1 && a[row - 1] == b[column - 2] && a[row - 2] == b[column - 1] {
                    cell.min(table[row - 2][column - 2] + 1)
                } else {
                    cell
                }
            };
        }
    }
    table[a.len()][b.len()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_the_whole_table(a in "[ab.\u{e9}]{0,9}", b in "[ab.\u{e9}]{0,9}", limit in 0_usize..6) {
        let expected = oracle(&a, &b);
        prop_assert_eq!(distance(&a, &b), expected);
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        prop_assert_eq!(Rows::default().distance(&a, &b, limit), (expected <= limit).then_some(expected));
    }

    #[test]
    fn nothing_nearer_was_passed_over(name in "[abc]{0,14}", names in prop::collection::vec("[abcA]{0,14}", 0..8)) {
        let far = |candidate: &String| match oracle(&name, candidate) {
            0 => 0,
            _ if candidate.eq_ignore_ascii_case(&name) => 1,
            found => found,
        };
        let limit = (name.chars().count() / 3).clamp(1, 4);
        let expected = names.iter().map(far).enumerate().filter(|(_, found)| *found <= limit).min_by_key(|(at, found)| (*found, *at));
        prop_assert_eq!(nearest(&name, names.iter().map(String::as_str)), expected.map(|(at, _)| names[at].as_str()));
    }
}
