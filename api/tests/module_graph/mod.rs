//! The graph of a library's files, drawn from the paths that its source names.

mod paths;
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;
use syn::Item;

use self::paths::{Mentions, attributes, defined, is_test};

/// Which file names items of which other file.
pub(crate) struct Graph {
    /// One path for each edge. An edge is a pair of numbers of files.
    edges: BTreeMap<(usize, usize), String>,
    /// The names of the files, without folder of the crate and extension.
    files: Vec<String>,
}

impl Graph {
    /// The graph of the library that begins with this file.
    pub(crate) fn of_crate(file: &Path) -> Self {
        Self::of_sources(file, &|path| std::fs::read_to_string(path).ok())
    }

    fn of_sources(file: &Path, text: &dyn Fn(&Path) -> Option<String>) -> Self {
        let folder = file.parent().expect("a file in a folder").to_owned();
        let mut source = Source { text, folder, modules: Vec::new(), files: Vec::new() };
        source.read_file(file, None, Vec::new()).expect("the file can be read");
        source.graph()
    }

    /// The edges: the file that names an item, the file that defines it, and one path between them.
    pub(crate) fn edges(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.edges.iter().map(|(&(from, to), path)| (&*self.files[from], &*self.files[to], &**path))
    }

    /// Files that reach one another: the strongly connected components of more than one file.
    pub(crate) fn cycles(&self) -> Vec<BTreeSet<String>> {
        let graph: DiGraphMap<usize, ()> = DiGraphMap::from_edges(self.edges.keys().copied());
        let components = tarjan_scc(&graph).into_iter().filter(|component| component.len() > 1);
        components.map(|component| component.into_iter().map(|file| self.files[file].clone()).collect()).collect()
    }
}

/// A module, in a file of its own or within one.
struct Module {
    path: Vec<String>,
    parent: Option<usize>,
    file: usize,
    children: HashMap<String, usize>,
    /// The names of the items that are defined here.
    items: HashSet<String>,
    mentions: Mentions,
}

/// What a path leads to: a module, or an item of a module.
#[derive(Clone, Copy)]
enum Target {
    Module(usize),
    Item(usize),
}

/// The modules of a crate.
struct Source<'t> {
    text: &'t dyn Fn(&Path) -> Option<String>,
    folder: PathBuf,
    modules: Vec<Module>,
    files: Vec<String>,
}

impl Source<'_> {
    fn read_file(&mut self, file: &Path, parent: Option<usize>, path: Vec<String>) -> Option<usize> {
        let text = (self.text)(file)?;
        let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let name = if path.is_empty() { "lib".to_owned() } else { path.join("/") };
        self.files.push(name);
        Some(self.read_module(&parsed.items, self.files.len() - 1, parent, path))
    }

    fn read_module(&mut self, items: &[Item], file: usize, parent: Option<usize>, path: Vec<String>) -> usize {
        let number = self.modules.len();
        let module = Module {
            path,
            parent,
            file,
            children: HashMap::new(),
            items: HashSet::new(),
            mentions: Mentions::default(),
        };
        self.modules.push(module);
        for item in items.iter().filter(|item| !attributes(item).iter().any(is_test)) {
            let Item::Mod(child) = item else {
                self.modules[number].items.extend(defined(item));
                self.modules[number].mentions.read(item);
                continue;
            };
            let name = child.ident.to_string();
            let mut path = self.modules[number].path.clone();
            path.push(name.trim_start_matches("r#").to_owned());
            let read = match &child.content {
                Some((_, items)) => Some(self.read_module(items, file, Some(number), path)),
                None => {
                    let folder = self.folder.join(path.join("/"));
                    self.read_file(&folder.with_extension("rs"), Some(number), path.clone())
                        .or_else(|| self.read_file(&folder.join("mod.rs"), Some(number), path))
                }
            };
            let read = read.unwrap_or_else(|| panic!("the module `{name}` has no file"));
            self.modules[number].children.insert(name, read);
        }
        number
    }

    fn graph(self) -> Graph {
        let mut edges = BTreeMap::new();
        for (number, module) in self.modules.iter().enumerate() {
            for path in &module.mentions.paths {
                let target = match self.resolve(number, path, 0) {
                    Some(Target::Item(target)) => target,
                    // A path of one word that is also the name of a module means a variable or a
                    // field.
                    Some(Target::Module(target)) if path.len() > 1 => target,
                    _ => continue,
                };
                let to = self.modules[target].file;
                if to != module.file {
                    edges.entry((module.file, to)).or_insert_with(|| path.join("::"));
                }
            }
        }
        Graph { edges, files: self.files }
    }

    /// What a path means in a module; `None` if it leads out of the crate.
    fn resolve(&self, from: usize, path: &[String], depth: usize) -> Option<Target> {
        // Globs may name each other.
        if depth > 16 {
            return None;
        }
        let (first, rest) = path.split_first()?;
        let mut target = match &**first {
            "crate" => Target::Module(0),
            "self" => Target::Module(from),
            "super" => Target::Module(self.modules[from].parent?),
            name => self.look_up(from, name, depth)?,
        };
        for segment in rest {
            let Target::Module(module) = target else { break };
            target = match &**segment {
                "self" => target,
                "super" => Target::Module(self.modules[module].parent?),
                // An item that a macro has made.
                name => self.look_up(module, name, depth).unwrap_or(Target::Item(module)),
            };
        }
        Some(target)
    }

    /// What a name means in a module.
    fn look_up(&self, module: usize, name: &str, depth: usize) -> Option<Target> {
        let Module { children, items, mentions, .. } = &self.modules[module];
        if let Some(&child) = children.get(name) {
            return Some(Target::Module(child));
        }
        if items.contains(name) {
            return Some(Target::Item(module));
        }
        if let Some(path) = mentions.names.get(name) {
            // `use http;` and the like name something outside.
            return if path.first().is_some_and(|first| first == name) {
                None
            } else {
                self.resolve(module, path, depth + 1)
            };
        }
        mentions.globs.iter().find_map(|glob| match self.resolve(module, glob, depth + 1)? {
            Target::Module(other) if other != module => self.look_up(other, name, depth + 1),
            _ => None,
        })
    }
}
