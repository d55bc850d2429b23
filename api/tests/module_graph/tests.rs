//! What counts as an edge.

use std::path::Path;

use super::Graph;

/// The edges of a library, as `from>to`.
fn edges(files: &[(&str, &str)]) -> Vec<String> {
    let text = |path: &Path| files.iter().find(|(name, _)| Path::new(name) == path).map(|(_, text)| (*text).to_owned());
    Graph::of_sources(Path::new("src/lib.rs"), &text).edges().map(|(from, to, _)| format!("{from}>{to}")).collect()
}

/// The edges of a library of two modules. The second one defines `Item`.
fn edges_of_first(first: &str) -> Vec<String> {
    edges(&[
        ("src/lib.rs", "pub use self::second::Item as Renamed; mod first; mod second;"),
        ("src/first.rs", first),
        ("src/second/mod.rs", "pub struct Item; pub fn item() {}"),
    ])
}

#[test]
fn paths_in_imports_code_and_macro_calls_are_edges() {
    for first in [
        "use crate::second::Item;",
        "use super::second::{self, Item};",
        "use crate::second::*;",
        "use crate::{second as other};",
        "fn f() { use crate::second; }",
        "fn f(_: crate::second::Item) {}",
        "fn f() { super::second::item(); }",
        "fn f() { assert!(a == crate::second::Item, \"{}\", b); }",
        "macro_rules! m { () => { $crate::second::item() } } fn f() { x!(y, [self::super::second::item]); }",
        "mod within { fn f() { super::super::second::item() } }",
        "impl crate::second::Item { fn f() {} }",
        "#[cfg(feature = \"test\")] use crate::second::Item;",
    ] {
        assert_eq!(edges_of_first(first), ["first>second"], "{first}");
    }
}

#[test]
fn reexports_lead_to_the_file_that_defines_the_item() {
    assert_eq!(edges_of_first("use crate::Renamed;"), ["first>second"]);
    assert_eq!(edges_of_first("fn f(_: super::Renamed) {}"), ["first>second"]);
    assert_eq!(edges_of_first("pub use crate::second::Item;"), [""; 0], "what is only passed on");
    assert_eq!(edges_of_first("pub use crate::second::Item; fn f(_: Item) {}"), ["first>second"], "and used here");
}

#[test]
fn unit_tests_foreign_code_and_variables_make_no_edges() {
    for first in [
        "#[cfg(test)] mod tests { use crate::second::Item; }",
        "#[cfg(test)] use crate::second::Item;",
        "/// [`crate::second::Item`]\nfn f() {}",
        "fn f() { quote! { crate::second::Item } }",
        "fn f(second: u8) { g!(second, a.second) }",
        "use second::Item; use ::second::Item;",
        "fn f() { g!(::second::item) }",
    ] {
        assert_eq!(edges_of_first(first), [""; 0], "{first}");
    }
}

#[test]
fn circles_are_found_through_several_files() {
    let text = |path: &Path| match path.to_str()? {
        "src/lib.rs" => Some("mod a; mod b; mod c; mod d;".to_owned()),
        "src/a.rs" => Some("use crate::b::B; pub struct A;".to_owned()),
        "src/b.rs" => Some("use crate::c::C; pub struct B;".to_owned()),
        "src/c.rs" => Some("use crate::a::A; use crate::d::D; pub struct C;".to_owned()),
        "src/d.rs" => Some("pub struct D;".to_owned()),
        _ => None,
    };
    let cycles = Graph::of_sources(Path::new("src/lib.rs"), &text).cycles();
    assert_eq!(cycles, [["a", "b", "c"].map(str::to_owned).into()]);
}
