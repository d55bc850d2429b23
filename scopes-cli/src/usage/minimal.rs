//! `scopes minimal`: the least set of scopes for what each client has used.

use std::fmt::Write as _;

use scopes_core::{RouteId, ScopeId, UntypedCatalogue};
use scopes_export::usage::{Client, Minimum, Outcome, Usage, minimum};
use serde_json::{Value, json};

use super::args::{Format, MinimalArgs};
use super::read::{Read, read};
use super::show::{bullet, json_text, name, names, peculiarity, route, routes, some, time};
use crate::escape;
use crate::operand::{Operand, named_or_only};
use crate::output::Outcome as Answer;

/// The JSON Schema (2020-12) of the JSON.
pub(crate) const SCHEMA: &str = include_str!("minimal.schema.json");

/// What is proposed for one client.
struct Proposal {
    client: String,
    usage: Usage,
    least: Minimum,
}

pub(crate) fn run(args: &MinimalArgs) -> Result<Answer, String> {
    let operand = Operand::read(&named_or_only(args.evidence.catalogue.as_deref())?)?;
    let catalogue = &operand.catalogue;
    let keep: Vec<ScopeId> = args.keep.iter().map(|name| scope(catalogue, name)).collect::<Result<_, _>>()?;
    let read = read(catalogue, &args.evidence)?;
    let chosen: Vec<(&Client, &Usage)> =
        read.evidence.clients().filter(|(client, _)| is_chosen(client, args)).collect();
    if chosen.is_empty() && !args.token.is_empty() {
        return Err("the evidence has none of these tokens".to_owned());
    }
    let of = |client: String, usage: &Usage| {
        let mut used: Vec<RouteId> = usage.routes(Outcome::Allowed).collect();
        if args.count_reported {
            used.extend(usage.routes(Outcome::Reported));
        }
        Proposal { client, usage: usage.clone(), least: minimum(catalogue, used, keep.iter().copied(), usage.held()) }
    };
    let proposals: Vec<Proposal> = if args.together {
        let mut all: Option<Usage> = None;
        for (_, usage) in &chosen {
            match &mut all {
                Some(all) => all.unite(usage),
                None => all = Some((*usage).clone()),
            }
        }
        all.map(|usage| of(format!("{} clients together", chosen.len()), &usage)).into_iter().collect()
    } else {
        chosen.iter().map(|(client, usage)| of(client.to_string(), usage)).collect()
    };
    let is_whole = read.evidence.dropped() == 0 && proposals.iter().all(|proposal| proposal.least.is_proven());
    let text = match args.evidence.format {
        Format::Text => escape::lines(&text(catalogue, &read, &proposals)),
        Format::Json => json_text(&json(catalogue, &read, &proposals))?,
        Format::Markdown => markdown(catalogue, &read, &proposals),
    };
    Ok(Answer::found(text, !is_whole))
}

fn scope(catalogue: &UntypedCatalogue, name: &str) -> Result<ScopeId, String> {
    let found = catalogue.scope_named(name).or_else(|| catalogue.scope_once_named(name));
    found.ok_or_else(|| format!("--keep: the catalogue has no scope `{name}`"))
}

/// Callers without a grant need no scopes.
fn is_chosen(client: &Client, args: &MinimalArgs) -> bool {
    match client {
        Client::Token(id) | Client::Subject(id) => args.token.is_empty() || args.token.contains(id),
        Client::WithoutGrant => false,
        _ => args.token.is_empty(),
    }
}

/// What a proposal changes for a client whose scopes are known.
struct Changes {
    remove: Vec<ScopeId>,
    add: Vec<ScopeId>,
}

impl Proposal {
    fn changes(&self) -> Option<Changes> {
        let held: Vec<ScopeId> = self.usage.held().collect();
        let least = self.least.scopes();
        let without = |of: &[ScopeId], other: &[ScopeId]| of.iter().copied().filter(|id| !other.contains(id)).collect();
        (!held.is_empty()).then(|| Changes { remove: without(&held, least), add: without(least, &held) })
    }

    /// Routes of an outcome that the set does not open for another reason.
    fn apart(&self, catalogue: &UntypedCatalogue, outcome: Outcome) -> Vec<String> {
        routes(catalogue, &self.usage.routes(outcome).collect::<Vec<_>>())
    }

    /// The ties in words.
    fn ties(&self, catalogue: &UntypedCatalogue) -> Vec<String> {
        let words = |ids: &[ScopeId]| names(catalogue, ids).join(" ");
        let ties = self.least.ties().iter().map(|tie| {
            let instead: Vec<String> = tie.instead().iter().map(|ids| words(ids)).collect();
            let more = if tie.has_all() { "" } else { ", and perhaps others" };
            match instead.as_slice() {
                [] => format!("instead of {}, perhaps other scopes", words(tie.chosen())),
                _ => format!("instead of {}: {}{more}", words(tie.chosen()), instead.join(", or ")),
            }
        });
        ties.collect()
    }

    fn deprecated(&self, catalogue: &UntypedCatalogue) -> Vec<String> {
        let scopes = self.least.scopes().iter().filter_map(|id| catalogue.scope(*id));
        let sentences = scopes.filter_map(|scope| {
            let deprecation = scope.deprecation()?;
            let schedule = deprecation.schedule_in_words(|successor| successor.name().to_owned());
            Some(format!("{} is deprecated{schedule}", scope.name()))
        });
        sentences.collect()
    }

    fn opened(&self, catalogue: &UntypedCatalogue) -> Vec<String> {
        let opened = self.least.opened_without_use().iter().filter_map(|id| catalogue.route_at(*id));
        opened.map(|found| format!("{}{}", route(catalogue, found.id()), peculiarity(found))).collect()
    }

    /// Whether the set is the least one, in words.
    fn proof(&self) -> String {
        match self.least.bound() {
            None => {
                "proven: no set with as few deprecated scopes opens fewer unused routes, or as few with fewer scopes"
                    .to_owned()
            }
            Some(bound) => format!(
                "NOT proven, because the search was given up: a set may exist that opens {} to {} unused routes",
                bound.unused_routes(),
                self.least.cost().unused_routes()
            ),
        }
    }
}

fn text(catalogue: &UntypedCatalogue, read: &Read<'_>, proposals: &[Proposal]) -> String {
    let mut text = String::new();
    for (index, sentence) in read.sentences().iter().enumerate() {
        let _ = writeln!(text, "{:<10} {}", if index == 0 { "evidence" } else { "" }, escape::line(sentence));
    }
    for proposal in proposals {
        let (least, usage) = (&proposal.least, &proposal.usage);
        let seen = usage.times().map(|(first, last)| format!(", used from {} to {}", time(first), time(last)));
        let _ = writeln!(text, "\n{}{}", escape::line(&proposal.client), seen.unwrap_or_default());
        let mut say = |what: &str, value: &str| {
            if !value.is_empty() {
                let _ = writeln!(text, "  {what:<9} {value}");
            }
        };
        let set = names(catalogue, least.scopes()).join(" ");
        say("needs", if set.is_empty() { "no scope" } else { &set });
        for (id, forced_by) in least.needed_for() {
            let why = some(&routes(catalogue, forced_by));
            let why = if why.is_empty() {
                "kept, or other scopes of the set open the same routes".to_owned()
            } else {
                format!("for {why}")
            };
            say("", &format!("{} {why}", name(catalogue, id)));
        }
        for tie in proposal.ties(catalogue) {
            say("as good", &tie);
        }
        for sentence in proposal.deprecated(catalogue) {
            say("ends", &sentence);
        }
        if let Some(Changes { remove, add }) = proposal.changes() {
            say("remove", &names(catalogue, &remove).join(" "));
            say("add", &names(catalogue, &add).join(" "));
        }
        say("opens too", &some(&proposal.opened(catalogue)));
        say("no scope", &some(&routes(catalogue, least.unscoped())));
        say("denied", &some(&proposal.apart(catalogue, Outcome::Denied)));
        say("reported", &some(&proposal.apart(catalogue, Outcome::Reported)));
        say("undecided", &some(&proposal.apart(catalogue, Outcome::Undecided)));
        say("", &proposal.proof());
    }
    text
}

fn markdown(catalogue: &UntypedCatalogue, read: &Read<'_>, proposals: &[Proposal]) -> String {
    let mut text = "# Least scopes\n\n".to_owned();
    for sentence in read.sentences() {
        let _ = writeln!(text, "- {}", escape::markdown(&sentence));
    }
    for proposal in proposals {
        let least = &proposal.least;
        let _ = writeln!(text, "\n## {}\n", escape::markdown(&proposal.client));
        if least.scopes().is_empty() {
            let _ = writeln!(text, "It needs no scope.\n");
        } else {
            let _ = writeln!(text, "| scope | needed for |\n|---|---|");
            for (id, forced_by) in least.needed_for() {
                let why: Vec<String> =
                    routes(catalogue, forced_by).iter().map(|route| escape::markdown(route)).collect();
                let _ = writeln!(text, "| {} | {} |", escape::markdown(&name(catalogue, id)), why.join(", "));
            }
            text.push('\n');
        }
        bullet(&mut text, "as good", &proposal.ties(catalogue));
        bullet(&mut text, "deprecated", &proposal.deprecated(catalogue));
        if let Some(Changes { remove, add }) = proposal.changes() {
            bullet(&mut text, "remove", &names(catalogue, &remove));
            bullet(&mut text, "add", &names(catalogue, &add));
        }
        bullet(&mut text, "opens without use", &proposal.opened(catalogue));
        bullet(&mut text, "used without a scope", &routes(catalogue, least.unscoped()));
        bullet(&mut text, "denied", &proposal.apart(catalogue, Outcome::Denied));
        bullet(&mut text, "let through, denial only reported", &proposal.apart(catalogue, Outcome::Reported));
        bullet(&mut text, "undecided", &proposal.apart(catalogue, Outcome::Undecided));
        let _ = writeln!(text, "- {}", escape::markdown(&proposal.proof()));
    }
    text
}

fn json(catalogue: &UntypedCatalogue, read: &Read<'_>, proposals: &[Proposal]) -> Value {
    let proposal = |proposal: &Proposal| {
        let least = &proposal.least;
        let scopes = least
            .needed_for()
            .map(|(id, forced_by)| json!({"scope": name(catalogue, id), "needed_for": routes(catalogue, forced_by)}));
        let ties = least.ties().iter().map(|tie| {
            let instead: Vec<Vec<String>> = tie.instead().iter().map(|ids| names(catalogue, ids)).collect();
            json!({"chosen": names(catalogue, tie.chosen()), "instead": instead, "has_all": tie.has_all()})
        });
        let cost = |cost: scopes_export::usage::Cost| json!({"deprecated": cost.deprecated(), "unused_routes": cost.unused_routes(), "scopes": cost.scopes()});
        let (first, last) = proposal.usage.times().unzip();
        let changes = proposal.changes();
        json!({
            "client": proposal.client,
            "first": first,
            "last": last,
            "scopes": scopes.collect::<Vec<_>>(),
            "ties": ties.collect::<Vec<_>>(),
            "deprecated": proposal.deprecated(catalogue),
            "remove": changes.as_ref().map(|changes| names(catalogue, &changes.remove)),
            "add": changes.as_ref().map(|changes| names(catalogue, &changes.add)),
            "opened_without_use": routes(catalogue, least.opened_without_use()),
            "unscoped": routes(catalogue, least.unscoped()),
            "denied": proposal.apart(catalogue, Outcome::Denied),
            "reported": proposal.apart(catalogue, Outcome::Reported),
            "undecided": proposal.apart(catalogue, Outcome::Undecided),
            "cost": cost(least.cost()),
            "is_proven": least.is_proven(),
            "bound": least.bound().map(cost),
        })
    };
    json!({
        "version": 1,
        "catalogue": catalogue.name(),
        "evidence": read.json(),
        "clients": proposals.iter().map(proposal).collect::<Vec<_>>(),
    })
}
