//! Fourth step: what a grant of a scope also holds.

use alloc::string::String;
use alloc::vec::Vec;

use super::Draft;
use crate::declaration::{At, Place};
use crate::error::CatalogueErrorKind;
use crate::name;

/// A scope that another includes, and the pattern that says so.
type Edge = (u16, Place);

pub(super) fn resolve(draft: &mut Draft<'_>) {
    let mut direct: Vec<Vec<Edge>> = Vec::new();
    for scope in 0..draft.scopes.len() {
        let patterns = draft.scopes[scope].includes.clone();
        let mut members: Vec<Edge> = Vec::new();
        for (index, pattern) in patterns.iter().enumerate() {
            if patterns.iter().take(index).any(|earlier| earlier.value == pattern.value) {
                let kind = CatalogueErrorKind::Repeated { what: "pattern", name: pattern.value.clone() };
                draft.error(pattern.place, kind);
                continue;
            }
            for member in matched(draft, scope, pattern) {
                if !members.iter().any(|(known, _)| *known == member) {
                    members.push((member, pattern.place));
                }
            }
        }
        direct.push(members);
    }
    for scope in 0..draft.scopes.len() {
        if !direct[scope].is_empty() {
            draft.scopes[scope].members = closure(draft, &direct, scope as u16);
        }
    }
}

/// The scopes that a pattern names: never the including one, and none that includes others unless it is spelled out.
fn matched(draft: &mut Draft<'_>, including: usize, pattern: &At<String>) -> Vec<u16> {
    let text = &pattern.value;
    let Some(suffix) = text.strip_prefix("*.") else {
        return match draft.scope_of(text) {
            Some(scope) => [scope].into(),
            None if text.contains('*') => {
                draft.error(pattern.place, CatalogueErrorKind::Pattern { pattern: text.clone() });
                Vec::new()
            }
            None => {
                let kind = draft.unknown_scope(text);
                draft.error(pattern.place, kind);
                Vec::new()
            }
        };
    };
    if suffix.contains('*') || name::check_dotted(&alloc::format!("x.{suffix}")).is_err() {
        draft.error(pattern.place, CatalogueErrorKind::Pattern { pattern: text.clone() });
        return Vec::new();
    }
    let ending = alloc::format!(".{suffix}");
    let members: Vec<u16> = draft
        .scopes
        .iter()
        .enumerate()
        .filter(|(index, scope)| *index != including && scope.includes.is_empty() && scope.dotted.ends_with(&ending))
        .map(|(index, _)| index as u16)
        .collect();
    if members.is_empty() {
        let endings = draft.scopes.iter().filter_map(|scope| scope.dotted.rsplit_once('.').map(|(_, last)| last));
        let nearest = crate::suggest::nearest(suffix, endings.filter(|last| *last != suffix));
        let nearest = nearest.map(|last| alloc::format!("*.{last}"));
        draft.error(pattern.place, CatalogueErrorKind::PatternMatchesNothing { pattern: text.clone(), nearest });
    }
    members
}

/// Everything reachable, without the scope itself, in declaration order. Reports a cycle through `scope`, once.
fn closure(draft: &mut Draft<'_>, direct: &[Vec<Edge>], scope: u16) -> Vec<u16> {
    let mut reached: Vec<u16> = Vec::new();
    let mut came_from: Vec<(u16, u16)> = Vec::new();
    let mut open = alloc::vec![scope];
    while let Some(next) = open.pop() {
        for &(member, _) in direct.get(usize::from(next)).map_or(&[][..], Vec::as_slice) {
            if member == scope {
                report_cycle(draft, direct, scope, next, &came_from);
            } else if !reached.contains(&member) {
                reached.push(member);
                came_from.push((member, next));
                open.push(member);
            }
        }
    }
    reached.sort_unstable();
    reached
}

fn report_cycle(draft: &mut Draft<'_>, direct: &[Vec<Edge>], scope: u16, last: u16, came_from: &[(u16, u16)]) {
    let mut ids = alloc::vec![scope];
    let mut at = last;
    while at != scope {
        ids.push(at);
        at = came_from.iter().find(|(member, _)| *member == at).map_or(scope, |(_, from)| *from);
    }
    // Each cycle is met from each of its members; it is reported at the first one declared.
    if ids.iter().min() != Some(&scope) {
        return;
    }
    ids.push(scope);
    ids.reverse();
    let names = ids.iter().map(|id| draft.scopes[usize::from(*id)].name.value.clone()).collect();
    // The pattern that goes on along the cycle.
    let next = ids.get(1).copied();
    let pattern = direct[usize::from(scope)].iter().find(|(member, _)| Some(*member) == next);
    let place = pattern.map_or(draft.scopes[usize::from(scope)].name.place, |(_, place)| *place);
    draft.error(place, CatalogueErrorKind::IncludesCycle { names });
}
