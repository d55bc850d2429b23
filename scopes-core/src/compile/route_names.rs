//! Fourth step: the names of routes. A name is given with `as`, or derived from method and path.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use super::Draft;
use crate::declaration::{At, Place};
use crate::error::CatalogueErrorKind;
use crate::name;

/// Settles names given with `as` first, so that a derived name never takes the place of a given
/// one.
pub(super) fn settle(draft: &mut Draft<'_>) {
    let mut taken: BTreeMap<String, Place> = BTreeMap::new();
    let mut given: Vec<(usize, At<String>)> = Vec::new();
    let mut derived = Vec::new();
    for (index, route) in draft.routes.iter().enumerate() {
        match &route.name {
            Some(name) => given.push((index, name.clone())),
            None => {
                let name = name::route_name(&draft.method_of(route), &route.template);
                derived.push((index, At::new(name, route.place)));
            }
        }
    }
    for (index, name) in given {
        if name::snake_case(&name.value) != name.value || !is_identifier(&name.value) {
            draft.error(name.place, CatalogueErrorKind::RouteName { name: name.value.clone() });
        }
        claim(draft, &mut taken, index, name);
    }
    if draft.declaration.routes {
        for (index, name) in derived {
            claim(draft, &mut taken, index, name);
        }
        return;
    }
    let given = taken.into_keys().collect();
    let derived = derived.into_iter().map(|(index, name)| (index, name.value)).collect();
    number(draft, &given, derived);
}

/// Numbers derived names that collide, in the order of methods and paths: the first route keeps the
/// name, the second gets `_2`. So the names do not depend on the order in which the routes are
/// declared.
fn number(draft: &mut Draft<'_>, given: &BTreeSet<String>, derived: Vec<(usize, String)>) {
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, name) in derived {
        by_name.entry(name).or_default().push(index);
    }
    // A numbered name must differ from every name without a number.
    let mut taken: BTreeSet<String> = by_name.keys().cloned().collect();
    taken.extend(given.iter().cloned());
    for (name, mut routes) in by_name {
        routes.sort_by_cached_key(|&index| (draft.method_of(&draft.routes[index]), draft.routes[index].path.clone()));
        let mut routes = routes.into_iter();
        if !given.contains(&name)
            && let Some(first) = routes.next()
        {
            draft.routes[first].final_name.clone_from(&name);
        }
        let mut numbers = 2_usize..;
        for index in routes {
            let mut numbered = numbers.by_ref().map(|number| alloc::format!("{name}_{number}"));
            let Some(free) = numbered.find(|numbered| !taken.contains(numbered)) else { continue };
            taken.insert(free.clone());
            draft.routes[index].final_name = free;
        }
    }
}

fn is_identifier(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name.bytes().next().is_some_and(|byte| !byte.is_ascii_digit())
        && name.bytes().any(|byte| byte != b'_')
}

fn claim(draft: &mut Draft<'_>, taken: &mut BTreeMap<String, Place>, index: usize, name: At<String>) {
    match taken.get(&name.value) {
        Some(&twin) => {
            let kind = CatalogueErrorKind::DuplicateRouteName { name: name.value.clone() };
            draft.conflict(name.place, kind, twin, "the other route of this name");
        }
        None => {
            taken.insert(name.value.clone(), name.place);
        }
    }
    draft.routes[index].final_name = name.value;
}
