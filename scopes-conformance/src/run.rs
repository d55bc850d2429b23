//! Sends all requests and counts the results.

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

/// The number of requests without an answer after which the run ends.
const MAX_UNANSWERED: usize = 5;
/// The greatest number of breaches of one class on one route that are kept. Further ones are only
/// counted.
const MAX_ALIKE: usize = 12;
/// The greatest number of breaches that are kept in total.
const MAX_BREACHES: usize = 5_000;
/// How long the client waits for a body that it does not need, so that it can reuse the connection.
const FOR_A_BODY: Duration = Duration::from_millis(250);

impl Setup {
    /// Sends all requests; see [`Conformance::run`](super::Conformance::run).
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

/// Whether a token was sent to a route that it may reach, and the last route that it opened.
#[derive(Clone, Copy, Default)]
pub(super) struct Opened {
    pub(super) tried: bool,
    pub(super) last: Option<Route<'static>>,
}

impl Opened {
    /// Whether the token was sent to a route that it may reach, but has opened none.
    pub(super) const fn is_idle(&self) -> bool {
        self.tried && self.last.is_none()
    }
}

/// The state of a run.
pub(super) struct Run<'c> {
    pub(super) setup: &'c Setup,
    pub(super) probe: Probe<'c>,
    pub(super) client: Client,
    pub(super) report: Report,
    /// The number of breaches that are kept, by class and route.
    pub(super) kept: HashMap<(&'static str, RouteId), usize>,
    /// The result of each token.
    pub(super) tokens: Vec<Opened>,
    /// The result of callers without credentials.
    pub(super) anonymous: Opened,
    /// Headers of handlers that have not been in any answer so far.
    pub(super) unseen: Vec<String>,
    /// Routes that answered a usual request of an unauthorized caller with success, without a
    /// handler's name.
    pub(super) unnamed: HashSet<RouteId>,
    /// The number of answers for each status that says nothing about the caller.
    pub(super) turned_away: BTreeMap<u16, usize>,
    /// The earliest time of the next request.
    pub(super) next: Instant,
    pub(super) templates: Templates,
    /// The bodies of answers to authorized callers.
    pub(super) bodies: Bodies,
    /// The number of values that deletions have used up, by parameter.
    pub(super) used_up: BTreeMap<String, usize>,
}

/// Why the run ended early.
pub(super) struct Stopped(String);

impl Run<'_> {
    fn everything(&mut self) -> Result<(), Stopped> {
        let mut routes: Vec<_> = self.setup.catalogue.routes().collect();
        routes.sort_by_key(|route| {
            let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
            let place = known.iter().position(|method| *method == route.method()).unwrap_or(known.len());
            // Nested resources are deleted before the resource that contains them.
            (place, if route.method() == "DELETE" { usize::MAX - route.segments() } else { 0 })
        });
        let (mut rightful, mut escaped) = (Vec::new(), Vec::new());
        for (index, route) in routes.into_iter().enumerate() {
            // Long targets are sent for the first route only, because their length is the same on
            // every route.
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
        // The answers to these requests are compared with the answers to authorized callers, so
        // these requests are sent last.
        escaped.iter().try_for_each(|planned| self.send(planned).map(drop))
    }

    /// Notes the classes that should try this route but have no request for it.
    fn note_untried(&mut self, route: Route<'static>, planned: &[Planned]) {
        let has = |class| planned.iter().any(|planned| planned.trick.class == class);
        let (setup, report) = (self.setup, &mut self.report);
        let mut note = |class: &'static str, reason: &str| {
            if !has(class) && !setup.leaves_out(class) {
                let reason = reason.to_owned();
                report.untried.push(Untried { route: route.to_string(), class, reason });
            }
        };
        // Without an authorized caller, the route is already listed as not reached.
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

    /// Sends a request; returns which handler ran, and the answer.
    pub(super) fn send(&mut self, planned: &Planned) -> Result<(Reached, Answer), Stopped> {
        let setup = self.setup;
        thread::sleep(self.next.saturating_duration_since(Instant::now()));
        self.next = Instant::now() + setup.pace;
        let sent = self.client.send(&setup.bytes(planned), &planned.trick.method);
        let (answer, is_known) = match sent {
            Ok(Outcome::Answered(answer)) => (answer, true),
            // Closing the connection is a valid answer to an unusual request.
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

    /// Whether the answer is a success without a handler's name, although handlers should name
    /// themselves.
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

    /// Adds what is known only at the end.
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
