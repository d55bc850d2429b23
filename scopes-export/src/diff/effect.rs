//! The smallest caller that one side allows and the other denies.
//!
//! Verdicts are monotone: more scopes or tenants never cause a refusal. So it is enough to try the
//! smallest callers that the first side allows: if the second side allows all of them, it allows
//! every caller that the first side allows.

use std::collections::BTreeMap;

use scopes_core::Tenants;

use super::demand::{Kind, Owner, Side};
use super::names::{Name, Names};
use super::{Caller, TooComplex};

/// The greatest number of combinations of names that are tried for one route.
const MOST_COMBINATIONS: usize = 100_000;

/// What the smallest caller presents in addition to scopes.
struct Presented<'s> {
    tenant: Option<&'s str>,
    /// The handler finds that the caller is the owner.
    is_owner: bool,
}

pub(super) fn smallest_caller(
    allows: &Side<'_>,
    denies: &Side<'_>,
    names: &Names<'_>,
) -> Result<Option<Caller>, TooComplex> {
    let Some(demand) = allows.demand() else { return Ok(None) };
    let other = denies.demand().map(|demand| &demand.kind);
    match demand.kind {
        Kind::Public => Ok((other != Some(&Kind::Public)).then_some(Caller::Anyone)),
        Kind::External => {
            let is_allowed = matches!(other, Some(Kind::Public | Kind::External));
            Ok((!is_allowed).then_some(Caller::External))
        }
        Kind::Authenticated | Kind::Scoped(_) => grant(allows, denies, names),
    }
}

fn grant(allows: &Side<'_>, denies: &Side<'_>, names: &Names<'_>) -> Result<Option<Caller>, TooComplex> {
    let Some(demand) = allows.demand() else { return Ok(None) };
    let presented = match &demand.owner {
        Owner::Path(_) => {
            let Some(tenant) = allows.tenant.as_deref().filter(|tenant| Tenants::only([*tenant]).is_ok()) else {
                // No grant covers this tenant.
                return Ok(None);
            };
            Presented { tenant: Some(tenant), is_owner: false }
        }
        owner => Presented { tenant: None, is_owner: *owner == Owner::Handler },
    };
    let other = denies.demand();
    let denied_anyway = match other.map(|demand| &demand.kind) {
        None | Some(Kind::External) => true,
        Some(Kind::Public) => return Ok(None),
        Some(Kind::Authenticated | Kind::Scoped(_)) => !owner_passes(denies, &presented),
    };
    let needed = match other.map(|demand| &demand.kind) {
        Some(Kind::Scoped(_)) if !denied_anyway => Some(denies.alternatives()),
        Some(Kind::Authenticated) if !denied_anyway => return Ok(None),
        _ => None,
    };
    let scopes = match demand.kind {
        Kind::Scoped(_) => smallest_scopes(&allows.alternatives(), needed.as_deref(), names)?,
        _ => Some(Vec::new()),
    };
    let tenant = presented.tenant.map(str::to_owned);
    Ok(scopes.map(|scopes| Caller::Grant { scopes, tenant }))
}

/// Whether the tenant of the caller passes on this side.
fn owner_passes(side: &Side<'_>, presented: &Presented<'_>) -> bool {
    match side.demand().map(|demand| &demand.owner) {
        None | Some(Owner::None) => true,
        Some(Owner::Handler) => presented.is_owner,
        Some(Owner::Path(_)) => presented.tenant.is_some() && presented.tenant == side.tenant.as_deref(),
    }
}

/// For each scope of an alternative, the names whose holders have the scope.
type Alternative<'h> = Vec<&'h [Name]>;

/// The smallest set of names that satisfies one of these alternatives and none of the others.
fn smallest_scopes(
    satisfied: &[Alternative<'_>],
    unsatisfied: Option<&[Alternative<'_>]>,
    names: &Names<'_>,
) -> Result<Option<Vec<String>>, TooComplex> {
    let mut best: Option<(usize, usize, Vec<&str>)> = None;
    for alternative in satisfied {
        let choices: Vec<Vec<Name>> =
            alternative.iter().map(|holders| representatives(holders, alternative, unsatisfied, names)).collect();
        if choices.iter().any(Vec::is_empty) {
            continue;
        }
        let combinations = choices.iter().try_fold(1_usize, |count, names| count.checked_mul(names.len()));
        if combinations.is_none_or(|count| count > MOST_COMBINATIONS) {
            return Err(TooComplex::Requirements);
        }
        let mut chosen = vec![0_usize; choices.len()];
        loop {
            let mut set: Vec<Name> =
                choices.iter().zip(&chosen).filter_map(|(names, &at)| names.get(at).copied()).collect();
            set.sort_unstable();
            set.dedup();
            if !unsatisfied.is_some_and(|others| satisfies(others, &set)) {
                let power = set.iter().filter_map(|&name| names.power.get(name as usize)).sum();
                let mut texts: Vec<&str> =
                    set.iter().filter_map(|&name| names.texts.get(name as usize).copied()).collect();
                texts.sort_unstable();
                let candidate = (set.len(), power, texts);
                if best.as_ref().is_none_or(|best| candidate < *best) {
                    best = Some(candidate);
                }
            }
            if !advance(&mut chosen, &choices) {
                break;
            }
        }
    }
    Ok(best.map(|(_, _, texts)| texts.into_iter().map(str::to_owned).collect()))
}

/// The next combination; `false` after the last.
fn advance(chosen: &mut [usize], choices: &[Vec<Name>]) -> bool {
    for (at, names) in chosen.iter_mut().zip(choices) {
        *at += 1;
        if *at < names.len() {
            return true;
        }
        *at = 0;
    }
    false
}

/// One name for each group of names that make no difference to the comparison: the name that opens
/// the fewest scopes.
fn representatives(
    holders: &[Name],
    alternative: &Alternative<'_>,
    unsatisfied: Option<&[Alternative<'_>]>,
    names: &Names<'_>,
) -> Vec<Name> {
    let holds = |set: &&[Name], name: Name| set.binary_search(&name).is_ok();
    let mut best: BTreeMap<Vec<bool>, (usize, &str, Name)> = BTreeMap::new();
    for &name in holders {
        let others = unsatisfied.unwrap_or_default().iter().flatten();
        let signature = alternative.iter().chain(others).map(|set| holds(set, name)).collect();
        let power = names.power.get(name as usize).copied().unwrap_or(usize::MAX);
        let text = names.texts.get(name as usize).copied().unwrap_or_default();
        let entry = best.entry(signature).or_insert((power, text, name));
        *entry = (*entry).min((power, text, name));
    }
    best.into_values().map(|(_, _, name)| name).collect()
}

fn satisfies(alternatives: &[Alternative<'_>], set: &[Name]) -> bool {
    alternatives
        .iter()
        .any(|alternative| alternative.iter().all(|holders| set.iter().any(|name| holders.binary_search(name).is_ok())))
}
