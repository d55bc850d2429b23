//! Names that scopes had before, and titles.

use std::string::ToString as _;
use std::vec::Vec;

use super::errors::check;
use crate::UntypedCatalogue;
use crate::declaration::{Declaration, Notation};
use crate::name::MAX_WIRE_NAME;

fn renamed(d: &mut Declaration, name: &str, old: &[&str]) {
    d.scope(name).was.extend(old.iter().map(|old| (*old).into()));
}

#[test]
fn an_old_name_means_one_scope() {
    check(|d| renamed(d, "users.read", &["users.view", "legacy:users", "*"]), &[]);
    check(|d| renamed(d, "a", &["a"]), &["`a` is the scope's name of today"]);
    for [first, second] in [["a", "b"], ["b", "a"]] {
        check(
            |d| {
                for name in [first, second] {
                    renamed(d, name, if name == "a" { &["b"] } else { &[] });
                }
            },
            &["`b` is the name of a scope, so tokens with it mean that scope"],
        );
    }
    check(
        |d| {
            renamed(d, "a", &["x"]);
            renamed(d, "b", &["y", "x"]);
        },
        &["`x` is an old name of both `a` and `b`"],
    );
    check(|d| renamed(d, "a", &["x", "y", "x"]), &["old name `x` is named twice here"]);
    // What a scope was called in Rust does not matter to a token.
    check(
        |d| {
            renamed(d, "legacy:status", &["legacy.status", "Scope", "self"]);
            renamed(d, "a", &["A"]);
        },
        &[],
    );
}

#[test]
fn an_old_name_is_a_legal_name() {
    check(|d| renamed(d, "a", &[""]), &["an old name is empty"]);
    for old in ["a b", "a\"", "a\\", "ä", "a\n"] {
        check(|d| renamed(d, "a", &[old]), &["cannot have been a scope name"]);
    }
    check(|d| renamed(d, "a", &[&"x".repeat(MAX_WIRE_NAME)]), &[]);
    check(|d| renamed(d, "a", &[&"x".repeat(MAX_WIRE_NAME + 1)]), &["has 256 bytes"]);
}

/// A scope that is declared twice is one mistake, whatever its old names are.
#[test]
fn no_mistake_follows_from_another() {
    check(
        |d| {
            renamed(d, "a", &["x"]);
            renamed(d, "a", &["x", "a", "b c"]);
        },
        &["scope `a` is declared twice"],
    );
    check(|d| renamed(d, "a b", &["x", "x"]), &["`a b` is not a scope name"]);
}

#[test]
fn references_name_the_scope_of_today() {
    let declare = |d: &mut Declaration| {
        renamed(d, "users:read", &["users.view"]);
        d.scope("all").including("users.view");
        d.scope("old").deprecated = Some("".into());
    };
    check(declare, &["`users.view` is an old name, the scope is `users.read` today"]);
    check(
        |d| {
            declare(d);
            d.notation = Notation::Json;
        },
        &["`users.view` is an old name, the scope is `users:read` today"],
    );
}

#[test]
fn lookups() {
    let mut declaration = Declaration::new("api");
    for count in 0..200 {
        renamed(&mut declaration, &std::format!("s{count}.read"), &[]);
        if count % 3 == 0 {
            renamed(&mut declaration, &std::format!("s{count}.write"), &[&std::format!("w{count}"), "x"][..1]);
        }
    }
    renamed(&mut declaration, "last", &["first", "*"]);
    let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    let mut found = 0;
    for scope in catalogue.scopes() {
        assert_eq!(catalogue.scope_named(scope.name()), Some(scope.id()));
        assert_eq!(catalogue.scope_once_named(scope.name()), None);
        for old in scope.old_names() {
            assert_eq!(catalogue.scope_named(old), None, "{old}");
            assert_eq!(catalogue.scope_once_named(old), Some(scope.id()), "{old}");
            found += 1;
        }
    }
    assert_eq!(found, 67 + 2);
    for unknown in ["", "w1", "W0", "first ", "s0.read "] {
        assert_eq!(catalogue.scope_once_named(unknown), None, "{unknown:?}");
    }
    assert_eq!(catalogue.scopes().last().unwrap().old_names().collect::<Vec<_>>(), ["first", "*"]);
}

/// Without the table of hashes the search is linear, with the same answers.
#[test]
fn lookups_without_a_table() {
    let mut declaration = Declaration::new("api");
    renamed(&mut declaration, "a", &["x"]);
    renamed(&mut declaration, "b", &["y"]);
    let mut catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    catalogue.parts.names = Vec::new().into();
    let index = |id: Option<crate::ScopeId>| id.map(crate::ScopeId::index);
    assert_eq!(index(catalogue.scope_named("b")), Some(1));
    assert_eq!(index(catalogue.scope_once_named("y")), Some(1));
    assert_eq!(index(catalogue.scope_named("y")), None);
    assert_eq!(index(catalogue.scope_once_named("b")), None);
}

#[test]
fn titles() {
    let mut declaration = Declaration::new("api");
    declaration.scope("a");
    declaration.scope("b").title = Some("Read | *users*".into());
    declaration.scope("c").title = Some("Write".into());
    let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    let titles: Vec<_> = catalogue.scopes().map(crate::ScopeInfo::title).collect();
    assert_eq!(titles, [None, Some("Read | *users*"), Some("Write")]);
    for title in ["", " ", "a\nb", "a\u{7f}", "\t"] {
        check(|d| d.scope("a").title = Some(title.into()), &["a title is one line of text"]);
    }
    assert_eq!(catalogue.scopes().next().unwrap().anchor().to_string(), "#scope-a");
}
