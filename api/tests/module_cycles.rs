//! Files that import from one another, compared with the list of files that are allowed to.
//!
//! A node of the graph is a file of a library. An edge leads from the file that names an item to
//! the file that defines the item, through all re-exports. Paths count in `use`, in code and in
//! macro calls. Unit tests, documentation and the text within `quote!` do not count. Files that
//! reach one another can be read only together: `module-cycles.txt` lists them with the reason.

mod module_graph;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use self::module_graph::Graph;

const CRATES: [(&str, &str); 6] = [
    ("scopes", "src/lib.rs"),
    ("scopes-core", "scopes-core/src/lib.rs"),
    ("scopes-dsl-macros", "scopes-macros/src/lib.rs"),
    ("scopes-conformance", "scopes-conformance/src/lib.rs"),
    ("scopes-export", "scopes-export/src/lib.rs"),
    ("scopes-store", "scopes-store/src/lib.rs"),
];

type Cycles = BTreeSet<(String, BTreeSet<String>)>;

#[test]
fn modules_import_from_one_another_only_where_that_is_listed() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let listed = listed(include_str!("../module-cycles.txt"));
    let graphs: BTreeMap<&str, Graph> =
        CRATES.iter().map(|&(name, file)| (name, Graph::of_crate(&root.join(file)))).collect();
    for (name, graph) in &graphs {
        assert!(graph.edges().count() > 10, "{name}: hardly any edge was found");
    }
    let found: Cycles = graphs
        .iter()
        .flat_map(|(name, graph)| graph.cycles().into_iter().map(|cycle| ((*name).to_owned(), cycle)))
        .collect();
    let mut report = String::new();
    for (name, cycle) in found.difference(&listed) {
        let _ = writeln!(report, "a circle that is not listed: {}", line(name, cycle));
        for (from, to, path) in
            graphs[name.as_str()].edges().filter(|(from, to, _)| cycle.contains(*from) && cycle.contains(*to))
        {
            let _ = writeln!(report, "    {from} names {to}: `{path}`");
        }
    }
    for (name, cycle) in listed.difference(&found) {
        let _ = writeln!(report, "listed, but not there: {}", line(name, cycle));
    }
    assert!(report.is_empty(), "api/module-cycles.txt\n{report}");
}

/// A cycle in the form of the list.
fn line(name: &str, cycle: &BTreeSet<String>) -> String {
    format!("{name}: {}", cycle.iter().map(String::as_str).collect::<Vec<_>>().join(" "))
}

/// The cycles of the list; lines with `#` give the reasons.
fn listed(text: &str) -> Cycles {
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let (name, modules) = line.split_once(": ").expect("`crate: module module ..`");
            (name.to_owned(), modules.split(' ').map(str::to_owned).collect())
        })
        .collect()
}
