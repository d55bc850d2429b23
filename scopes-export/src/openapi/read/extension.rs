//! Scopes from `x-*` members that the user names.

use super::documents::{At, Documents};
use super::fault::Fault;
use super::options::{Members, Options};

/// The most alternatives of one operation: as many as a catalogue can hold.
pub(super) const MAX_ALTERNATIVES: usize = 255;

/// What the members demand together, as an OR of ANDs; `None` if the operation has none of them.
pub(super) fn demand(
    documents: &mut Documents<'_>,
    operation: &At,
    options: &Options,
) -> Result<Option<Vec<Vec<String>>>, Fault> {
    let mut demand: Option<Vec<Vec<String>>> = None;
    for (member, combination) in &options.members {
        let Some(at) = operation.get(member) else { continue };
        let at = documents.resolve(&at).map_err(|message| Fault::reference(&at, message))?;
        let mut alternatives = alternatives(&at, member, *combination)?;
        alternatives.iter_mut().for_each(|names| names.retain(|name| !options.placeholders.contains(name)));
        // With an alternative of placeholders only, the member demands nothing.
        if alternatives.iter().any(Vec::is_empty) {
            continue;
        }
        if alternatives.is_empty() {
            continue;
        }
        demand = Some(match demand {
            None => alternatives,
            Some(known) => product(&known, &alternatives)
                .ok_or_else(|| Fault::new("alternatives", at.place(), too_many(), "name fewer scopes"))?,
        });
    }
    Ok(demand)
}

pub(super) fn too_many() -> String {
    format!("there are more than {MAX_ALTERNATIVES} alternatives")
}

/// Both together; `None` if there are too many alternatives.
pub(super) fn product(one: &[Vec<String>], other: &[Vec<String>]) -> Option<Vec<Vec<String>>> {
    if one.len().saturating_mul(other.len()) > MAX_ALTERNATIVES {
        return None;
    }
    let joined = one.iter().flat_map(|a| other.iter().map(move |b| [a.as_slice(), b.as_slice()].concat()));
    Some(joined.collect())
}

fn alternatives(at: &At, member: &str, combination: Members) -> Result<Vec<Vec<String>>, Fault> {
    let form =
        |at: &At, expected: &str| Fault { rule: "extension", ..Fault::form(at, &format!("`{member}`"), expected) };
    if let Some(text) = at.node.text() {
        return Ok(match combination {
            Members::All => Vec::from([text.split_whitespace().map(str::to_owned).collect()]),
            Members::Any => Vec::from([Vec::from([text.to_owned()])]),
        });
    }
    let list = at.node.list().ok_or_else(|| form(at, "a name or an array of names"))?;
    let mut alternatives: Vec<Vec<String>> = Vec::new();
    let mut all = Vec::new();
    for item in list {
        let item = at.within(item);
        match (item.node.text(), item.node.list(), combination) {
            (Some(name), _, Members::All) => all.push(name.to_owned()),
            (Some(name), _, Members::Any) => alternatives.push(Vec::from([name.to_owned()])),
            (None, Some(names), Members::Any) if !names.is_empty() => {
                let names = names.iter().map(|name| name.text().map(str::to_owned));
                alternatives.push(names.collect::<Option<_>>().ok_or_else(|| form(&item, "names"))?);
            }
            _ => return Err(form(&item, "a name")),
        }
    }
    if !all.is_empty() {
        alternatives.push(all);
    }
    if alternatives.len() > MAX_ALTERNATIVES {
        return Err(Fault::new("alternatives", at.place(), too_many(), "name fewer scopes"));
    }
    Ok(alternatives)
}
