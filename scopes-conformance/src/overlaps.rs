//! Requests for routes whose path a wider route matches too, by callers who may reach only the
//! wider one.
//!
//! A path that fits two routes once it is decoded needs the scopes of the more specific one: the
//! router may have matched the wider route, and the handler may still act on the text of the
//! narrower one. This happens with text beside a parameter that the router does not support
//! (`/avatars/7.orig` matched as `/avatars/{name}`), with a router that is mounted at a route
//! (`/users/export` below `/users/{id}`), and with escaped letters.
//!
//! The number of requests grows with routes times callers, not with pairs of routes.

use std::iter;

use scopes_core::template::{Segment, Template};
use scopes_core::{Access, Route, Tenancy};

use super::classes;
use super::fits::{Fit, Templates};
use super::plan::Planned;
use super::setup::Setup;
use super::spelled::Spelled;
use super::tricks::{Trick, first_encoded, last_encoded};

/// One path of the narrower route, and who sends it.
struct Asking<'a> {
    narrower: Route<'static>,
    caller: Option<usize>,
    spelled: &'a Spelled,
    templates: &'a Templates,
}

impl Setup {
    /// Makes all requests for a route whose path wider routes match too. Requests of the class
    /// `escaped literals` are judged by the answers to authorized callers, so they come last.
    pub(super) fn overlapping(&self, templates: &Templates, narrower: Route<'static>) -> Vec<Planned> {
        let mut all = Vec::new();
        for caller in iter::once(None).chain((0..self.tokens.len()).map(Some)) {
            for tenant in self.tenants_for(narrower, caller) {
                if let Some(spelled) = self.spelled(narrower, &tenant) {
                    self.within(&Asking { narrower, caller, spelled: &spelled, templates }, &mut all);
                }
            }
        }
        all
    }

    /// Returns the caller's own tenant, and a foreign one if the route belongs to a tenant.
    fn tenants_for(&self, route: Route<'_>, caller: Option<usize>) -> Vec<String> {
        let Some(token) = self.sender(caller) else { return vec![self.home()] };
        let foreign = self.foreign_tenant(&token.tenants).filter(|_| route.tenancy() == Tenancy::Bound);
        iter::once(self.own_tenant(token)).chain(foreign.map(str::to_owned)).collect()
    }

    fn within(&self, asking: &Asking<'_>, all: &mut Vec<Planned>) {
        let (method, path) = (asking.narrower.method(), asking.spelled.path());
        let Some((_, wider)) = self.overlap(asking, method, path.as_bytes()) else { return };
        let Some(template) = self.template(asking.narrower) else { return };
        let (mut beside, mut escaped) = (Vec::new(), Vec::new());
        for (at, segment) in
            template.segments().iter().enumerate().filter(|(at, segment)| differs(&wider, *at, segment))
        {
            let spelled = |change: &dyn Fn(&str) -> String| asking.spelled.with_segment(at, change);
            match segment {
                Segment::Literal(_) => {
                    escaped.push(spelled(&first_encoded));
                    escaped.push(spelled(&last_encoded));
                }
                Segment::Parameter { prefix, suffix, .. } if !(prefix.is_empty() && suffix.is_empty()) => {
                    beside.extend(texts(prefix, suffix).map(|text| spelled(&|whole| text(whole, prefix, suffix))));
                }
                _ => {}
            }
        }
        let class = if beside.is_empty() { classes::NARROWER } else { classes::TEXT_BESIDE };
        let mut add = |class, method: &str, target: String, as_declared| {
            if let Some((lacks, _)) = self.overlap(asking, method, target.as_bytes()) {
                let trick = Trick::new(class, method, target);
                let Asking { narrower: route, caller, .. } = *asking;
                all.push(Planned { route, trick, caller, as_declared, right: false, lacks: Some(lacks) });
            }
        };
        add(class, method, path.clone(), true);
        if method == "GET" {
            add(class, "HEAD", path, false);
        }
        beside.dedup();
        ends(beside, TEXTS).for_each(|target| add(classes::TEXT_BESIDE, method, target, false));
        ends(escaped, LITERALS).for_each(|target| add(classes::ESCAPED, method, target, false));
    }

    /// What the caller lacks for the narrower route, and the wider routes that the caller may reach
    /// with this target.
    ///
    /// `None` if another route fits the target better, if the caller may reach the narrower route,
    /// or if the caller may reach none of the wider routes.
    fn overlap<'t>(&self, asking: &Asking<'t>, method: &str, target: &[u8]) -> Option<(String, Vec<Fit<'t>>)> {
        let mut fitting = asking.templates.fitting(method, target).into_iter();
        let best = fitting.next().filter(|best| best.route == asking.narrower)?;
        let holder = self.sender(asking.caller);
        let lacks = self.lacking_here(holder, best.route, best.tenant.as_deref())?;
        let may = |fit: &Fit<'_>| self.lacking_here(holder, fit.route, fit.tenant.as_deref()).is_none();
        let wider: Vec<Fit<'t>> = fitting.filter(may).collect();
        let reason = format!("the path is also that of `{}`, which {lacks}", asking.narrower);
        (!wider.is_empty()).then_some((reason, wider))
    }

    /// Finds a wider route that does not demand the scopes of this route. To test the pair, a token
    /// must be able to reach only the wider one.
    pub(super) fn untried_overlap(&self, templates: &Templates, narrower: Route<'static>) -> Option<Route<'static>> {
        let path = self.spelled(narrower, &self.home())?.path();
        let mut fitting = templates.fitting(narrower.method(), path.as_bytes()).into_iter().map(|fit| fit.route);
        fitting.next().filter(|best| *best == narrower)?;
        fitting.find(|wider| !self.implies(*wider, narrower))
    }

    /// Whether every caller who may reach the wider route may reach the narrower one, without
    /// regard to tenants.
    fn implies(&self, wider: Route<'_>, narrower: Route<'_>) -> bool {
        match (wider.access(), narrower.access()) {
            (_, Access::Public(_) | Access::External(_)) => true,
            (Access::Public(_) | Access::External(_), _) => false,
            (_, Access::Authenticated(_)) => true,
            (Access::Authenticated(_), Access::Scoped) => false,
            (Access::Scoped, Access::Scoped) => wider.requirement().iter().all(|term| {
                let names = term.ids().filter_map(|id| Some(self.catalogue.scope(id)?.name()));
                self.words(names).is_ok_and(|held| narrower.requirement().satisfied_by(&held))
            }),
        }
    }
}

/// The number of requests made from one segment with text beside its parameter.
const TEXTS: usize = 5;
/// The number of requests made from one literal.
const LITERALS: usize = 2;

/// The requests made from the first and from the last segment, which stand for the segments between
/// them.
fn ends(all: Vec<String>, of_segment: usize) -> impl Iterator<Item = String> {
    let last = all.len().saturating_sub(of_segment);
    let is_kept = move |index: usize| index < of_segment || index >= last;
    all.into_iter().enumerate().filter(move |(index, _)| is_kept(*index)).map(|(_, target)| target)
}

/// Whether one of the wider routes has another segment at this index.
fn differs(wider: &[Fit<'_>], at: usize, segment: &Segment) -> bool {
    let has_it = |template: &Template| template.segments().get(at).is_some_and(|other| other.same_shape(segment));
    wider.iter().any(|fit| !has_it(fit.template))
}

/// Changes a segment that has text beside its parameter. The arguments are the segment, the prefix
/// and the suffix.
type Text = fn(&str, &str, &str) -> String;

/// The text with its first and its last letter escaped, and with an empty value.
fn texts(prefix: &str, suffix: &str) -> impl Iterator<Item = Text> + use<> {
    fn value<'w>(whole: &'w str, prefix: &str, suffix: &str) -> &'w str {
        whole.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(suffix)).unwrap_or_default()
    }
    let before: [Text; 2] = [
        |whole, prefix, suffix| first_encoded(prefix) + value(whole, prefix, suffix) + suffix,
        |whole, prefix, suffix| last_encoded(prefix) + value(whole, prefix, suffix) + suffix,
    ];
    let after: [Text; 2] = [
        |whole, prefix, suffix| format!("{prefix}{}{}", value(whole, prefix, suffix), first_encoded(suffix)),
        |whole, prefix, suffix| format!("{prefix}{}{}", value(whole, prefix, suffix), last_encoded(suffix)),
    ];
    let empty: [Text; 1] = [|_, prefix, suffix| format!("{prefix}{suffix}")];
    let (has_prefix, has_suffix) = (!prefix.is_empty(), !suffix.is_empty());
    let before = before.into_iter().filter(move |_| has_prefix);
    before.chain(after.into_iter().filter(move |_| has_suffix)).chain(empty)
}
