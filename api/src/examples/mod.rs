//! Counts the public items that have an example.
//!
//! It counts the items that users call or name: functions, methods, the methods that a trait
//! declares, structs, enums, unions, traits, aliases of types, and macros, each once and in the
//! crate that defines it. It does not count items with `#[doc(hidden)]`, methods of an
//! implementation of a trait (the trait's declaration counts), modules, constants, fields and
//! variants.
//!
//! An item has an example if its own documentation contains a code block that shows a result;
//! `blocks` judges that. The documentation of a re-export counts for the re-exported item, even if
//! another of these crates defines it. The documentation of a module or of a type does not count
//! for the methods.

mod blocks;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use rustdoc_types::{Crate, Id, Item, ItemEnum};

/// The items of one crate.
#[derive(Debug)]
pub(crate) struct Counted {
    name: String,
    items: usize,
    /// The places and names of the items without an example.
    without: BTreeSet<((String, usize), String)>,
}

impl Counted {
    fn new(file: &str, krate: &Crate, re_exported: &HashMap<&[String], Vec<&str>>) -> Result<Self, Box<dyn Error>> {
        let of_implementations = of_trait_implementations(krate);
        let mut found: BTreeMap<Id, String> = BTreeMap::new();
        for public in crate::public_items(Path::new(file))?.items() {
            let id = public.id();
            if !krate.index.get(&id).is_some_and(is_counted) || of_implementations.contains(&id) {
                continue;
            }
            // A provided method of a trait is listed for each type as well.
            let parent = public.parent_id().and_then(|parent| krate.index.get(&parent));
            let of_trait = parent.is_some_and(|parent| matches!(parent.inner, ItemEnum::Trait(_)));
            if of_trait || !found.contains_key(&id) {
                found.insert(id, public.to_string());
            }
        }
        let has_example = |id: &Id| {
            let re_exports = krate.paths.get(id).and_then(|summary| re_exported.get(&*summary.path));
            let own = krate.index[id].docs.iter().map(String::as_str);
            own.chain(re_exports.into_iter().flatten().copied()).any(blocks::show_a_result)
        };
        let items = found.len();
        found.retain(|id, _| !has_example(id));
        let without = found.into_iter().map(|(id, item)| (place(&krate.index[&id]), item)).collect();
        let name = krate.index.get(&krate.root).and_then(|root| root.name.clone()).unwrap_or_default();
        Ok(Self { name, items, without })
    }

    /// Whether at least this percentage of the items has an example. `false` for a crate without
    /// items, because an empty list is a mistake.
    pub(crate) fn reaches(&self, least: usize) -> bool {
        self.items > 0 && self.with() * 100 >= self.items * least
    }

    /// The items without an example, one for each line.
    pub(crate) fn missing(&self) -> String {
        let mut lines = String::new();
        for ((file, line), item) in &self.without {
            let _ = writeln!(lines, "{file}:{line}: no example: {item}");
        }
        lines
    }

    /// The figures of this crate, in one line.
    pub(crate) fn summary(&self, least: usize) -> String {
        let verdict = if self.reaches(least) { String::new() } else { format!(": FAILED, at least {least} %") };
        let percent = (self.with() * 100).checked_div(self.items).unwrap_or_default();
        format!(
            "{:<20} {:>4} of {:>4} items have an example, {percent:>3} %{verdict}",
            self.name,
            self.with(),
            self.items
        )
    }

    fn with(&self) -> usize {
        self.items - self.without.len()
    }
}

/// The counts of each crate. The files are read together, because one crate may document what
/// another one defines.
pub(crate) fn count(files: &[&str]) -> Result<Vec<Counted>, Box<dyn Error>> {
    let crates = files.iter().map(|file| read(file)).collect::<Result<Vec<_>, _>>()?;
    let mut re_exported: HashMap<&[String], Vec<&str>> = HashMap::new();
    for krate in &crates {
        for item in krate.index.values() {
            let (ItemEnum::Use(import), Some(docs)) = (&item.inner, &item.docs) else { continue };
            if let Some(target) = import.id.and_then(|id| krate.paths.get(&id)) {
                re_exported.entry(&target.path).or_default().push(docs);
            }
        }
    }
    files.iter().zip(&crates).map(|(file, krate)| Counted::new(file, krate, &re_exported)).collect()
}

fn read(file: &str) -> Result<Crate, Box<dyn Error>> {
    let text = fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    Ok(serde_json::from_str(&text).map_err(|error| format!("{file}: {error}"))?)
}

fn is_counted(item: &Item) -> bool {
    matches!(
        item.inner,
        ItemEnum::Function(_)
            | ItemEnum::Struct(_)
            | ItemEnum::Enum(_)
            | ItemEnum::Union(_)
            | ItemEnum::Trait(_)
            | ItemEnum::TypeAlias(_)
            | ItemEnum::Macro(_)
            | ItemEnum::ProcMacro(_)
    )
}

fn of_trait_implementations(krate: &Crate) -> HashSet<Id> {
    let implementations = krate.index.values().filter_map(|item| match &item.inner {
        ItemEnum::Impl(implementation) if implementation.trait_.is_some() => Some(&implementation.items),
        _ => None,
    });
    implementations.flatten().copied().collect()
}

/// The file and the line of an item, or the place of the macro that generates it.
fn place(item: &Item) -> (String, usize) {
    item.span
        .as_ref()
        .map_or_else(|| ("a macro".to_owned(), 0), |span| (span.filename.display().to_string(), span.begin.0))
}
