//! Limits, and input that would take long with a naive algorithm.

use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use crate::compile::compile;
use crate::compile::limits::{MAX_ALTERNATIVES, MAX_MEMBERS};
use crate::declaration::{At, BlockKind, Declaration, Place, RouteDeclaration};
use crate::error::{CatalogueErrorKind, Note};
use crate::suggest::Suggestions;

/// The errors of a declaration with their places.
fn found(declaration: &Declaration) -> Vec<(u32, String)> {
    compile(declaration).errors.iter().map(|error| (error.place.0, error.to_string())).collect()
}

/// A route at a place.
fn route(method: &str, path: &str, place: u32) -> RouteDeclaration {
    RouteDeclaration {
        method: At::new(method.into(), Place(place)),
        path: At::new(path.into(), Place(place)),
        ..RouteDeclaration::new(method, path)
    }
}

#[test]
fn alternatives_of_a_route() {
    let declaration = |count: usize| {
        let mut declaration = Declaration::new("test");
        for index in 0..count {
            declaration.scope(&format!("s{index}")).routes.push(route("GET", "/x", 1 + index as u32));
        }
        declaration
    };
    let compiled = compile(&declaration(MAX_ALTERNATIVES));
    assert_eq!(compiled.errors, []);
    assert_eq!(compiled.catalogue.routes().next().unwrap().requirement().iter().count(), MAX_ALTERNATIVES);
    let message = format!("more than {MAX_ALTERNATIVES} alternatives of one route");
    for count in [MAX_ALTERNATIVES + 1, 3 * MAX_ALTERNATIVES] {
        assert_eq!(found(&declaration(count)), [(1 + MAX_ALTERNATIVES as u32, message.clone())], "{count}");
    }
}

#[test]
fn scopes_demanded_together() {
    let declaration = |count: usize| {
        let mut declaration = Declaration::new("test");
        let names: Vec<String> = (0..count).map(|index| format!("s{index}")).collect();
        for name in &names {
            declaration.scope(name);
        }
        let places = names.into_iter().zip(1..).map(|(name, place)| At::new(name, Place(place)));
        declaration.block(BlockKind::All(places.collect())).route("GET", "/x");
        declaration
    };
    let compiled = compile(&declaration(MAX_ALTERNATIVES));
    assert_eq!(compiled.errors, []);
    assert_eq!(compiled.catalogue.routes().next().unwrap().requirement().iter().next().unwrap().ids().count(), 255);
    assert_eq!(found(&declaration(300)), [(256, "more than 255 scopes in one `all(..)`".into())]);
}

#[test]
fn methods() {
    let declaration = |custom: u32, standard: &[&str]| {
        let mut declaration = Declaration::new("test");
        let scope = declaration.scope("a");
        for (method, place) in (0..custom).map(|index| format!("M{index}")).zip(1..) {
            scope.routes.push(route(&method, "/x", place));
        }
        for (method, place) in standard.iter().zip(1 + custom..) {
            scope.routes.push(route(method, "/x", place));
        }
        declaration
    };
    assert_eq!(found(&declaration(62, &["GET"])), []);
    assert_eq!(found(&declaration(62, &["GET", "HEAD"])), []);
    assert_eq!(found(&declaration(64, &[])), []);
    let with_head = "more than 64 methods, with the `HEAD` that comes with `GET`";
    assert_eq!(found(&declaration(63, &["GET"])), [(64, with_head.into())]);
    assert_eq!(
        found(&declaration(63, &["GET", "HEAD"])),
        [(64, with_head.into()), (65, "more than 64 methods".into())]
    );
    assert_eq!(found(&declaration(64, &["GET"])), [(65, "more than 64 methods".into())]);
}

/// Declares `count` scopes, and `count` others that each include all of them.
fn all_with_all(count: usize) -> Declaration {
    let mut declaration = Declaration::new("test");
    for index in 0..count {
        declaration.scope(&format!("a{index}.read"));
        let scope = declaration.scope(&format!("b{index}")).including("*.read");
        scope.name.place = Place(1 + index as u32);
    }
    declaration
}

#[test]
fn members() {
    let count = MAX_MEMBERS.isqrt();
    let compiled = compile(&all_with_all(count));
    assert_eq!(compiled.errors, []);
    assert_eq!(compiled.catalogue.scopes().map(|scope| scope.members().len()).sum::<usize>(), count * count);
    let message = format!("more than {MAX_MEMBERS} members of scopes with `includes`");
    // The excess is reported once, at the scope that exceeds the limit.
    assert_eq!(found(&all_with_all(count + 1)), [(count as u32, message)]);
}

#[test]
fn a_way_as_long_as_there_are_scopes() {
    let mut declaration = Declaration::new("test");
    for index in 0..2_500 {
        declaration.scope(&format!("s{index}")).including(&format!("s{}", index + 1));
    }
    declaration.scope("s2500");
    let compiled = compile(&declaration);
    assert_eq!(compiled.errors, []);
    for (index, scope) in compiled.catalogue.scopes().enumerate() {
        let expected = (index as u16 + 1)..=2_500;
        assert!(scope.members().map(|member| member.0).eq(expected), "{index}");
    }
}

#[test]
fn every_cycle_is_said_and_long_ones_in_short() {
    let ring = |count: usize| {
        let mut declaration = Declaration::new("test");
        for index in 0..count {
            declaration.scope(&format!("s{index}")).including(&format!("s{}", (index + 1) % count));
        }
        found(&declaration).into_iter().map(|(_, message)| message).collect::<Vec<_>>()
    };
    assert_eq!(ring(3), ["scopes include one another: `s0` -> `s1` -> `s2` -> `s0`"]);
    assert_eq!(ring(16).len(), 1);
    assert!(ring(16)[0].ends_with("`s14` -> `s15` -> `s0`") && ring(16)[0].matches("->").count() == 16);
    assert_eq!(
        ring(2_500),
        ["scopes include one another: `s0` -> `s1` -> `s2` -> `s3` -> `s4` -> `s5` -> `s6` -> `s7` -> .. -> \
          `s2492` -> `s2493` -> `s2494` -> `s2495` -> `s2496` -> `s2497` -> `s2498` -> `s2499` -> `s0`"]
    );

    let mut declaration = Declaration::new("test");
    for (name, includes) in [("z", "c"), ("a", "b"), ("b", "c"), ("c", "a"), ("d", "e"), ("e", "d"), ("f", "f")] {
        let scope = declaration.scope(name).including(includes);
        scope.includes[0].place = Place(u32::from(name.as_bytes()[0]));
    }
    let said = |place: char, way: &str| (u32::from(place), format!("scopes include one another: {way}"));
    assert_eq!(
        found(&declaration),
        [said('a', "`a` -> `b` -> `c` -> `a`"), said('d', "`d` -> `e` -> `d`"), said('f', "`f` -> `f`")]
    );
    for scope in compile(&declaration).catalogue.scopes() {
        assert!(scope.members().all(|member| member != scope.id()), "{scope}");
    }
}

#[test]
fn one_scope_by_two_names() {
    let mut declaration = Declaration::new("test");
    declaration.scope("x.read");
    declaration.scope("legacy:all").including("legacy.all").including("legacy:all").including("*.read");
    assert_eq!(found(&declaration).len(), 1);
    let mut declaration = Declaration::new("test");
    declaration.scope("x.read");
    declaration.scope("w:read");
    declaration.scope("x.y.read");
    declaration.scope("all").including("*.read").including("w:read").including("w.read").including("*.y.read");
    let compiled = compile(&declaration);
    assert_eq!(compiled.errors, []);
    assert!(compiled.catalogue.scopes().last().unwrap().members().map(|member| member.0).eq(0..3));
}

#[test]
fn only_the_first_unknown_names_come_with_a_suggestion() {
    let count = Suggestions::MOST + 8;
    let mut declaration = Declaration::new("test");
    declaration.scope("users.read");
    for index in 0..count {
        declaration.scope(&format!("all{index}")).including("users.reed").including("*.raed");
    }
    let messages: Vec<String> = found(&declaration).into_iter().map(|(_, message)| message).collect();
    for (beginning, end) in [
        ("unknown scope `users.reed`", ", did you mean `users.read`?"),
        ("`includes *.raed` matches no scope", ", did you mean `*.read`?"),
    ] {
        let of_a_kind: Vec<&String> = messages.iter().filter(|message| message.starts_with(beginning)).collect();
        assert_eq!(of_a_kind.len(), count, "{beginning}");
        assert_eq!(of_a_kind.iter().filter(|message| message.ends_with(end)).count(), Suggestions::MOST, "{beginning}");
    }
}

#[test]
fn groups() {
    let mut declaration = Declaration::new("test");
    for name in ["users.write", "users_x.read", "usersx", "users.read", "user.read", "users.a.b", "other.read"] {
        declaration.scope(name);
    }
    declaration.scope("all").including("users").including("user").including("use").including("users.a");
    let messages: Vec<String> = found(&declaration).into_iter().map(|(_, message)| message).collect();
    assert_eq!(
        messages,
        [
            "`users` is a group of scopes, name one of them: `users.write`, `users.read`, `users.a.b`",
            "`user` is a group of scopes, name one of them: `user.read`",
            "unknown scope `use`",
            "`users.a` is a group of scopes, name one of them: `users.a.b`",
        ]
    );
    let mut declaration = Declaration::new("test");
    for index in 0..200 {
        declaration.scope(&format!("g.s{index}"));
    }
    declaration.scope("all").including("g");
    let compiled = compile(&declaration);
    assert!(matches!(&compiled.errors[0].kind, CatalogueErrorKind::Group { members, .. } if members.len() == 64));
}

/// One literal at each position, parameters elsewhere: 2^k merged states.
fn crossing(count: usize) -> Declaration {
    let mut declaration = Declaration::new("test");
    for at in 0..count {
        let segment = |index| if index == at { format!("/k{at}") } else { format!("/{{p{index}}}") };
        let path: String = (0..count).map(segment).collect();
        declaration.scope("a");
        declaration.items.truncate(1);
        let crate::declaration::Item::Scope(scope) = &mut declaration.items[0] else { unreachable!("a scope") };
        scope.routes.push(route("GET", &path, 1 + at as u32));
    }
    declaration
}

#[test]
fn templates_that_are_not_merged_are_worth_a_note() {
    let mut declaration = crossing(14);
    let compiled = compile(&declaration);
    assert_eq!(compiled.errors, []);
    let notes = compiled.catalogue.notes();
    let [Note::NotMerged { path, other }] = notes.as_slice() else { panic!("{notes:?}") };
    let routes: Vec<&str> = compiled.catalogue.routes().map(crate::Route::path).collect();
    assert!(path != other && routes.contains(&path.as_str()) && routes.contains(&other.as_str()), "{notes:?}");

    declaration.strict = true;
    let compiled = compile(&declaration);
    let [error] = compiled.errors.as_slice() else { panic!("{:?}", compiled.errors) };
    assert_eq!(error.kind, CatalogueErrorKind::NotMerged { path: path.clone(), other: other.clone() });
    let place = |path: &String| 1 + routes.iter().position(|route| route == path).unwrap() as u32;
    let twin = error.twin.as_ref().map(|(place, _)| place.0);
    assert_eq!((error.place.0, twin), (place(path), Some(place(other))));

    let mut declaration = crossing(6);
    declaration.strict = true;
    assert_eq!(found(&declaration), []);
    assert_eq!(compile(&declaration).catalogue.notes(), []);
}

#[test]
fn merging_that_takes_long_is_given_up() {
    // There are few states, but all literals follow the 16 nodes of one state.
    let notes = |literals: usize| {
        let mut declaration = Declaration::new("test");
        let scope = declaration.scope("a");
        for (before, literal) in (0..16).flat_map(|before| (0..literals).map(move |literal| (before, literal))) {
            let segment = |bit: u32| if before >> bit & 1 == 1 { String::from("/a") } else { format!("/{{p{bit}}}") };
            scope.route("GET", &format!("{}/e{before}-{literal}", (0..4).map(segment).collect::<String>()));
        }
        compile(&declaration).catalogue.notes()
    };
    assert_eq!(notes(100), []);
    assert!(matches!(notes(300).as_slice(), [Note::NotMerged { path, other }] if path != other));
}

#[test]
fn too_much_text_around_parameters_is_worth_a_note() {
    let notes = |count: usize| {
        let mut declaration = Declaration::new("test");
        let scope = declaration.scope("a");
        // These affixes are not the cause: each segment fits at most one of them.
        for index in 0..100 {
            scope.route("GET", &format!("/z{index}-{{p}}."));
        }
        // Each affix of the first form combines with each affix of the second.
        for length in 1..=count {
            scope.route("GET", &format!("/{}{{p}}", "b".repeat(length)));
            scope.route("GET", &format!("/{{p}}{}", "e".repeat(length)));
        }
        let catalogue = compile(&declaration).catalogue;
        (catalogue.at("GET", b"/bb-e").unwrap().route().path().into(), catalogue.notes())
    };
    // 64 pairs. Counting also the affixes that are not the cause would give 864.
    let (found, sound): (String, _) = notes(8);
    assert_eq!((found.as_str(), sound), ("/bb{p}", Vec::new()));
    let (found, noted) = notes(9);
    let [Note::NotMerged { path, other }] = noted.as_slice() else { panic!("{noted:?}") };
    assert!(path != other && !path.contains('z') && !other.contains('z'), "{noted:?}");
    assert_eq!(found, "/bb{p}");
}

/// Hundreds of actions on one resource, like in large catalogues, and calls with arguments.
#[test]
fn text_around_parameters_that_does_not_combine_is_merged() {
    for count in [64, 65, 107, 1_000] {
        let mut declaration = Declaration::new("test");
        declaration.strict = true;
        let scope = declaration.scope("a").route("GET", "/v1/{name}").route("GET", "/v1/other:verb7");
        for index in 0..count {
            scope.route("GET", &format!("/v1/{{name}}:verb{index}"));
            scope.route("GET", &format!("/reports/getReport{index}X(period={{p}})"));
        }
        let compiled = compile(&declaration);
        assert_eq!(compiled.errors, [], "{count}");
        assert!(compiled.catalogue.parts.tables.trie.is_empty(), "{count}");
        assert_eq!(compiled.catalogue.notes(), [], "{count}");
        for (path, expected) in [
            ("/v1/x:verb63", "/v1/{name}:verb63"),
            ("/v1/x:verb", "/v1/{name}"),
            ("/v1/other:verb7", "/v1/other:verb7"),
            ("/reports/getReport8X(period=D7)", "/reports/getReport8X(period={p})"),
        ] {
            assert_eq!(compiled.catalogue.at("GET", path.as_bytes()).unwrap().route().path(), expected);
        }
    }
}
