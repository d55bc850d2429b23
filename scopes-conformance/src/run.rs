//! Sending everything, and keeping account of it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::{Duration, Instant};
use std::{io, thread};

use scopes_core::RouteId;
use scopes_core::{Access, Route, Tenancy};

use super::bodies::Bodies;
use super::client::{Client, Outcome};
use super::fits::Templates;
use super::judge::Probe;
use super::plan::Planned;
use super::problem::{Problem, TokenProblem};
use super::reached::Reached;
use super::report::{Breach, Report, Untried};
use super::setup::Setup;
use super::{Answer, classes};

/// After so many requests without an answer the server is given up.
const MAX_UNANSWERED: usize = 5;
/// So many breaches of one class on one route are kept; the others are counted.
const MAX_ALIKE: usize = 12;
/// So many are kept in all.
const MAX_BREACHES: usize = 5_000;
/// The client waits so long for bodies that it does not need, to use the connection again.
const FOR_A_BODY: Duration = Duration::from_millis(250);

impl Setup {
    /// Sends everything; see [`Conformance::run`](super::Conformance::run).
    pub(super) fn run(&self) -> Report {
        let mut report = Report::of(self.catalogue.routes());
        report.left_out.clone_from(&self.left_out);
        report.read_only = self.read_only;
        report.problems = self.mistakes();
        if !report.problems.is_empty() {
            return report;
        }
        let body_limit = if self.function.is_some() { self.limit } else { FOR_A_BODY };
        let mut run = Run {
            setup: self,
            probe: self.probe(),
            client: Client::new(self.address, self.limit, body_limit),
            report,
            kept: HashMap::new(),
            tokens: vec![Opened::default(); self.tokens.len()],
            anonymous: Opened::default(),
            used_up: BTreeMap::new(),
            unseen: self.handler_header.iter().chain(&self.tenant_header).cloned().collect(),
            unnamed: HashSet::new(),
            turned_away: BTreeMap::new(),
            next: Instant::now(),
            templates: self.templates(),
            bodies: Bodies::default(),
        };
        if let Err(Stopped(why)) = run.everything() {
            run.report.stopped = Some(why);
        }
        run.ended()
    }

    pub(super) fn leaves_out(&self, class: &str) -> bool {
        self.left_out.contains(&class)
    }

    fn probe(&self) -> Probe<'_> {
        match (&self.function, &self.handler_header) {
            (Some(function), _) => Probe::Function(function),
            (None, Some(handler)) => Probe::Headers { handler, tenant: self.tenant_header.as_deref() },
            (None, None) => Probe::Success,
        }
    }
}

/// Whether a token was sent where it may, and the last route that it opened.
#[derive(Clone, Copy, Default)]
pub(super) struct Opened {
    pub(super) tried: bool,
    pub(super) last: Option<Route<'static>>,
}

impl Opened {
    /// It was sent where it may, and has opened nothing.
    pub(super) const fn is_idle(&self) -> bool {
        self.tried && self.last.is_none()
    }
}

/// Requests on their way.
pub(super) struct Run<'c> {
    pub(super) setup: &'c Setup,
    pub(super) probe: Probe<'c>,
    pub(super) client: Client,
    pub(super) report: Report,
    /// How many breaches are kept, of each class on each route.
    pub(super) kept: HashMap<(&'static str, RouteId), usize>,
    /// What came of each token.
    pub(super) tokens: Vec<Opened>,
    /// What came of callers without credentials.
    pub(super) anonymous: Opened,
    /// Headers of handlers that no answer has had so far.
    pub(super) unseen: Vec<String>,
    /// Routes as declared that gave a success to callers who may not, without naming a handler.
    pub(super) unnamed: HashSet<RouteId>,
    /// How many requests were answered with a status that says nothing of the caller.
    pub(super) turned_away: BTreeMap<u16, usize>,
    /// Not before then the next request is sent.
    pub(super) next: Instant,
    pub(super) templates: Templates,
    /// What callers who may were answered.
    pub(super) bodies: Bodies,
    /// How many values of a parameter deletions have used up.
    pub(super) used_up: BTreeMap<String, usize>,
}

/// Why it is of no use to go on.
pub(super) struct Stopped(String);

impl Run<'_> {
    fn everything(&mut self) -> Result<(), Stopped> {
        let mut routes: Vec<_> = self.setup.catalogue.routes().collect();
        routes.sort_by_key(|route| {
            let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
            let place = known.iter().position(|method| *method == route.method()).unwrap_or(known.len());
            // What lies within something is deleted before that.
            (place, if route.method() == "DELETE" { usize::MAX - route.segments() } else { 0 })
        });
        let (mut rightful, mut escaped) = (Vec::new(), Vec::new());
        for (index, route) in routes.into_iter().enumerate() {
            // What is only long is long on every route.
            let mut planned = Vec::new();
            if self.setup.may_send(route.method()) {
                planned.extend(self.setup.planned(route, index == 0));
                planned.extend(self.setup.overlapping(&self.templates, route));
                self.setup.add_query(route, &mut planned);
            }
            self.note_untried(route, &planned);
            let mut by_route = Vec::new();
            for planned in planned.into_iter().filter(|planned| self.setup.sends(planned)) {
                if planned.right {
                    by_route.push(planned);
                } else if planned.trick.class == classes::ESCAPED {
                    escaped.push(planned);
                } else {
                    self.send(&planned)?;
                }
            }
            rightful.push((route, by_route));
        }
        rightful.into_iter().try_for_each(|(route, requests)| self.rightful(route, &requests))?;
        // Their answers are compared with those to callers who may.
        escaped.iter().try_for_each(|planned| self.send(planned).map(drop))
    }

    /// A route for which a class that it should be tried with has no request.
    fn note_untried(&mut self, route: Route<'static>, planned: &[Planned]) {
        let has = |class| planned.iter().any(|planned| planned.trick.class == class);
        let (setup, report) = (self.setup, &mut self.report);
        let mut note = |class: &'static str, reason: &str| {
            if !has(class) && !setup.leaves_out(class) {
                let reason = reason.to_owned();
                report.untried.push(Untried { route: route.to_string(), class, reason });
            }
        };
        // Otherwise it is in the list of routes that were not reached.
        if !planned.iter().any(|planned| planned.right) {
            return;
        }
        if route.access() == Access::Scoped {
            note(classes::MISSING_SCOPE, "every token holds its scopes");
        }
        if needs_token(route) && matches!(route.tenancy(), Tenancy::Bound) {
            note(classes::OTHER_TENANT, "every token that may is good for any tenant");
        }
        if !has(classes::TEXT_BESIDE)
            && let Some(wider) = self.setup.untried_overlap(&self.templates, route)
        {
            note(classes::NARROWER, &format!("no token may reach only `{wider}`, which takes its paths too"));
        }
    }

    /// What ran, and the answer.
    pub(super) fn send(&mut self, planned: &Planned) -> Result<(Reached, Answer), Stopped> {
        let setup = self.setup;
        thread::sleep(self.next.saturating_duration_since(Instant::now()));
        self.next = Instant::now() + setup.pace;
        let sent = self.client.send(&setup.bytes(planned), &planned.trick.method);
        let (answer, is_known) = match sent {
            Ok(Outcome::Answered(answer)) => (answer, true),
            // To an odd request, that is an answer as well.
            Ok(Outcome::Closed) => (Answer::default(), !planned.is_plain() || self.probe.knows_without_answer()),
            Ok(Outcome::Silent) => (Answer::default(), false),
            Err(error) => return Err(self.unreachable(&error)),
        };
        if !is_known {
            self.report.unanswered.push(setup.shown(planned));
        }
        self.unseen.retain(|name| answer.header(name).is_none());
        let ran = self.probe.ask(&answer, &planned.trick.method);
        self.account(planned, &ran, &answer);
        if planned.is_plain() && !planned.right && self.is_unnamed(&ran, &answer) {
            self.unnamed.insert(planned.route.id());
        }
        if self.report.unanswered.len() == MAX_UNANSWERED {
            let limit = setup.limit;
            return Err(Stopped(format!("{MAX_UNANSWERED} requests had no answer (the limit is {limit:?})")));
        }
        Ok((ran, answer))
    }

    /// A success of which the header does not say that it is a handler's.
    pub(super) fn is_unnamed(&self, ran: &Reached, answer: &Answer) -> bool {
        matches!(self.probe, Probe::Headers { .. }) && *ran == Reached::Nothing && answer.is_success()
    }

    fn unreachable(&self, error: &io::Error) -> Stopped {
        Stopped(format!("no connection to {}: {error}", self.setup.address))
    }

    fn account(&mut self, planned: &Planned, ran: &Reached, answer: &Answer) {
        let (class, status) = (planned.trick.class, answer.status());
        let reason = self.setup.judge(planned, ran).or_else(|| self.bodies.judge(planned, answer));
        let has_run = *ran != Reached::Nothing || reason.is_some();
        self.report.count(class, planned.route, has_run, reason.is_some());
        if !planned.right && !has_run && matches!(status, 429 | 502..=504) {
            *self.turned_away.entry(status).or_default() += 1;
        }
        let Some(reason) = reason else { return };
        let kept = self.kept.entry((class, planned.route.id())).or_default();
        if *kept < MAX_ALIKE && self.report.breaches.len() < MAX_BREACHES {
            *kept += 1;
            let request = self.setup.shown(planned);
            let caller = self.setup.caller(planned);
            self.report.breaches.push(Breach { class, request, caller, status, reason });
        }
    }

    /// What is known only in the end.
    fn ended(self) -> Report {
        let mut report = self.report;
        report.made_up_tenant = self.setup.made_up_tenant();
        let idle = |(index, token): (usize, &Opened)| {
            token.is_idle().then_some(Problem::Token { number: index + 1, reason: TokenProblem::Idle })
        };
        report.problems.extend(self.tokens.iter().enumerate().filter_map(idle));
        report.problems.extend(self.anonymous.is_idle().then_some(Problem::AnonymousIdle));
        if report.stopped.is_none() {
            report.problems.extend(self.unseen.into_iter().map(|name| Problem::UnseenHeader { name }));
        }
        let turned_away = self.turned_away.into_iter();
        report.problems.extend(turned_away.map(|(status, requests)| Problem::TurnedAway { status, requests }));
        report
    }
}

pub(super) fn needs_token(route: Route<'_>) -> bool {
    route.access().needs_grant()
}
