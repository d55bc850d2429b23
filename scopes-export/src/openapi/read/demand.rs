//! What an operation demands of its callers, in the terms of a catalogue.

use std::collections::BTreeSet;
use std::rc::Rc;

use scopes_core::canonical;
use scopes_core::name::check_wire_name;

use super::documents::Place;
use super::exported::{ExportedDemand, ExportedOperation, MEMBER};
use super::extension::{MAX_ALTERNATIVES, product, too_many};
use super::fault::Fault;
use super::finding::Kind;
use super::kinds::{Kinds, either, together};
use super::options::Undeclared;
use super::security::{Alternative, Security};

/// What an operation demands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Demand {
    /// One of the alternatives, with all its scopes.
    AnyOf(Vec<Vec<String>>),
    Public(String),
    Authenticated(String),
    External(String),
}

/// What is known about an operation.
pub(super) struct Known<'k> {
    /// Where the operation stands.
    pub(super) place: Place,
    /// Its own `security`, or the document's.
    pub(super) security: Option<&'k Rc<Security>>,
    /// What the user's `x-*` members demand.
    pub(super) extension: Option<Vec<Vec<String>>>,
    pub(super) exported: Option<&'k ExportedOperation>,
    pub(super) undeclared: Option<Undeclared>,
    pub(super) kinds: &'k Kinds,
}

/// Decides what an operation demands. `report` takes what is not exact.
pub(super) fn decide(known: Known<'_>, report: &mut dyn FnMut(Kind, Fault)) -> Result<Demand, Fault> {
    let Known { place, security, extension, exported, undeclared, kinds } = known;
    if let Some(exported) = exported
        && let Some(demand) = &exported.demand
    {
        return of_export(demand, security.map(Rc::as_ref), exported.place);
    }
    match (security.map(Rc::as_ref), extension) {
        (None, None) => undeclared_demand(place, undeclared),
        (None, Some(names)) => any_of(names, place, report),
        (Some(security), None) if security.is_public() => Ok(Demand::Public(public(security, report))),
        (Some(security), None) => of_security(security, kinds, report),
        (Some(security), Some(names)) => {
            if security.is_public() {
                let message =
                    "`security` asks for no credentials, and a member that you named asks for scopes, which count";
                report(
                    Kind::Inexact,
                    Fault::new("contradiction", security.place, message, "write the scopes in `security`"),
                );
                return any_of(names, place, report);
            }
            let mut alternatives = Vec::new();
            for alternative in &security.alternatives {
                implied(alternative, kinds, report);
                let own: Vec<String> = alternative.scopes.iter().map(ToString::to_string).collect();
                let joined =
                    product(&[own], &names).filter(|joined| alternatives.len() + joined.len() <= MAX_ALTERNATIVES);
                alternatives.extend(
                    joined
                        .ok_or_else(|| Fault::new("alternatives", security.place, too_many(), "name fewer scopes"))?,
                );
            }
            any_of(alternatives, place, report)
        }
    }
}

fn undeclared_demand(place: Place, undeclared: Option<Undeclared>) -> Result<Demand, Fault> {
    let reason = |access: &str| format!("the document does not say who may call it: imported as {access}");
    match undeclared {
        Some(Undeclared::Public) => Ok(Demand::Public(reason("public"))),
        Some(Undeclared::Authenticated) => Ok(Demand::Authenticated(reason("authenticated"))),
        Some(Undeclared::External) => Ok(Demand::External(reason("external"))),
        None => Err(Fault::new(
            "undeclared",
            place,
            "it has no `security`, and neither has the document",
            "write `security`, or decide with --undeclared public, authenticated or external",
        )),
    }
}

/// The reason of a public operation.
fn public(security: &Security, report: &mut dyn FnMut(Kind, Fault)) -> String {
    if security.alternatives.is_empty() {
        return "the document asks for no credentials".to_owned();
    }
    let message = "`{}` makes the other alternatives optional: every client may call it";
    report(Kind::Note, Fault::new("optional", security.place, message, "remove `{}` if credentials are needed"));
    "the document makes credentials optional".to_owned()
}

fn of_security(security: &Security, kinds: &Kinds, report: &mut dyn FnMut(Kind, Fault)) -> Result<Demand, Fault> {
    if security.alternatives.iter().all(|alternative| alternative.scopes.is_empty()) {
        let kind = either(security);
        if !kinds.accepts_all(security) {
            let message = format!(
                "it accepts only the credentials of {kind}, and a catalogue does not tell kinds of credentials apart: \
                 it accepts all"
            );
            let advice =
                "let the verifier give a scope to these credentials and demand it, or check the kind in the handler";
            report(Kind::Inexact, Fault::new("kind-of-credentials", security.place, message, advice));
        }
        return Ok(Demand::Authenticated(format!("good credentials of {kind}, without a scope")));
    }
    let mut alternatives = Vec::new();
    for alternative in &security.alternatives {
        if alternative.scopes.is_empty() {
            let message = format!(
                "the alternative {} asks for other credentials, without a scope: callers with these are refused",
                together(&alternative.schemes)
            );
            let advice = "let the verifier give a scope to these credentials, and name it in an alternative of its own";
            report(Kind::LeftOut, Fault::new("other-credentials", alternative.place, message, advice));
            continue;
        }
        implied(alternative, kinds, report);
        alternatives.push(alternative.scopes.iter().map(ToString::to_string).collect());
    }
    if alternatives.len() > MAX_ALTERNATIVES {
        return Err(Fault::new("alternatives", security.place, too_many(), "name fewer scopes"));
    }
    let demand = any_of(alternatives, security.place, report)?;
    for alternative in &security.alternatives {
        if let Some((wide, narrow)) = readable(&alternative.scopes) {
            let message = format!("`{wide}` and `{narrow}` are in one object, so a caller needs both");
            let advice = "if one of them suffices, write them as two objects";
            report(Kind::Note, Fault::new("all-of", alternative.place, message, advice));
        }
    }
    Ok(demand)
}

/// Reports an alternative whose kind of credentials its scopes do not imply.
fn implied(alternative: &Alternative, kinds: &Kinds, report: &mut dyn FnMut(Kind, Fault)) {
    if !kinds.is_implied(alternative) {
        let message = format!(
            "the scopes count only with the credentials of {}, and a catalogue does not tell kinds of credentials apart",
            together(&alternative.schemes)
        );
        let advice = "let the verifier grant these scopes only for these credentials";
        report(Kind::Inexact, Fault::new("kind-of-credentials", alternative.place, message, advice));
    }
}

/// A scope and the one for reading the same, which are seldom needed together.
fn readable(scopes: &BTreeSet<Rc<str>>) -> Option<(&str, &str)> {
    const READ: [&str; 4] = [".read", ":read", ".readonly", ":readonly"];
    scopes.iter().find_map(|narrow| {
        let wide = READ.iter().find_map(|read| narrow.strip_suffix(read))?;
        scopes.get(wide).map(|wide| (&**wide, &**narrow))
    })
}

/// The alternatives whose names can be the names of scopes, without those that others make
/// pointless.
fn any_of(alternatives: Vec<Vec<String>>, place: Place, report: &mut dyn FnMut(Kind, Fault)) -> Result<Demand, Fault> {
    let mut sound = Vec::with_capacity(alternatives.len());
    let mut wrong = None;
    for alternative in alternatives {
        match alternative.iter().find_map(|name| check_wire_name(name).err().map(|error| (name, error))) {
            None => sound.push(alternative),
            Some((name, error)) => {
                let message = format!("`{name}` cannot be a scope: {error}");
                let advice = "give the scope another name in the document";
                wrong = Some(Fault::new("scope-name", place, message, advice));
            }
        }
    }
    if sound.is_empty() {
        return Err(wrong.unwrap_or_else(|| Fault::new("security", place, "it names no scope", "name one")));
    }
    if let Some(fault) = wrong {
        report(Kind::LeftOut, fault);
    }
    let mut distinct = sound.clone();
    distinct.iter_mut().for_each(|alternative| {
        alternative.sort_unstable();
        alternative.dedup();
    });
    distinct.sort_unstable();
    distinct.dedup();
    let demand = canonical(sound);
    if demand.len() < distinct.len() {
        let message = "an alternative has no effect, because another one with fewer of its scopes suffices";
        report(Kind::Note, Fault::new("absorbed", place, message, ""));
    }
    if demand.iter().any(|alternative| alternative.len() > MAX_ALTERNATIVES) {
        let message = format!("an alternative has more than {MAX_ALTERNATIVES} scopes");
        return Err(Fault::new("alternatives", place, message, "name fewer scopes"));
    }
    Ok(Demand::AnyOf(demand))
}

/// What `x-scopes` says, if `security` does not contradict it.
fn of_export(demand: &ExportedDemand, security: Option<&Security>, place: Place) -> Result<Demand, Fault> {
    let agrees = |security: &Security| match demand {
        ExportedDemand::Public(_) | ExportedDemand::External(_) => security.is_public(),
        _ if security.is_public() => false,
        ExportedDemand::Authenticated(_) => security.alternatives.iter().all(|one| one.scopes.is_empty()),
        ExportedDemand::AnyOf(alternatives) => {
            let of = |one: &Alternative| one.scopes.iter().map(ToString::to_string).collect::<Vec<String>>();
            let written: Vec<Vec<String>> = security.alternatives.iter().map(of).collect();
            // Longer lists are not compared, because that would take long.
            let is_short = written.len() <= MAX_ALTERNATIVES && alternatives.len() <= MAX_ALTERNATIVES;
            written.iter().all(Vec::is_empty)
                || is_short
                    && written.iter().all(|one| !one.is_empty())
                    && canonical(written) == canonical(alternatives.clone())
        }
    };
    if security.is_some_and(|security| !agrees(security)) {
        let message = "`security` and `x-scopes` demand different things";
        return Err(Fault::new(
            MEMBER,
            place,
            message,
            "write the document again with the export, or remove one of the two",
        ));
    }
    if matches!(demand, ExportedDemand::AnyOf(alternatives) if alternatives.len() > MAX_ALTERNATIVES) {
        return Err(Fault::new("alternatives", place, too_many(), "name fewer scopes"));
    }
    Ok(match demand.clone() {
        ExportedDemand::AnyOf(alternatives) => Demand::AnyOf(canonical(alternatives)),
        ExportedDemand::Public(reason) => Demand::Public(reason),
        ExportedDemand::Authenticated(reason) => Demand::Authenticated(reason),
        ExportedDemand::External(reason) => Demand::External(reason),
    })
}
