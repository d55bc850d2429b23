//! The requests of authorized callers. Their handlers run and may change the server's data.

use scopes_core::Route;

use super::Answer;
use super::classes;
use super::judge;
use super::plan::Planned;
use super::problem::Problem;
use super::reached::Reached;
use super::report::Unreached;
use super::run::{Run, Stopped, needs_token};

/// The result of the requests for one route.
struct Outcome {
    reached: bool,
    reached_by_token: bool,
    is_unnamed: bool,
    reason: String,
}

impl Run<'_> {
    /// Sends the requests of authorized callers for one route.
    pub(super) fn rightful(&mut self, route: Route<'static>, requests: &[Planned]) -> Result<(), Stopped> {
        let needs_token = needs_token(route);
        self.report.need_token += usize::from(needs_token);
        let reason = match (self.setup.leaves_out(classes::RIGHT), needs_token) {
            _ if !self.setup.may_send(route.method()) => "only methods that change nothing are sent",
            (true, _) => "left out",
            (false, true) => "no token may",
            (false, false) => "nothing was sent",
        };
        let mut outcome =
            Outcome { reached: false, reached_by_token: false, is_unnamed: false, reason: reason.to_owned() };
        for planned in requests {
            if let Some(reset) = &self.setup.reset {
                reset();
            }
            let planned = self.setup.with_unused_value(planned, &self.used_up);
            self.right(&planned, &mut outcome)?;
            if needs_token && !self.setup.leaves_out(classes::AFTERWARDS) {
                for planned in self.setup.afterwards(&planned) {
                    self.send(&planned)?;
                }
            }
        }
        if outcome.reached {
            self.report.reached += 1;
            self.report.reached_by_token += usize::from(needs_token && outcome.reached_by_token);
        } else {
            if outcome.is_unnamed && self.unnamed.contains(&route.id()) {
                self.report.problems.push(Problem::Unnamed { route: route.to_string() });
            }
            self.report.unreached.push(Unreached { route: route.to_string(), reason: outcome.reason });
        }
        Ok(())
    }

    fn right(&mut self, planned: &Planned, outcome: &mut Outcome) -> Result<(), Stopped> {
        let route = planned.route;
        let (ran, answer) = self.send(planned)?;
        let status = answer.status();
        let opened = judge::is_of(&ran, route);
        outcome.reached |= opened;
        outcome.reached_by_token |= opened && (planned.caller.is_some() || self.setup.tokens.is_empty());
        outcome.is_unnamed |= self.is_unnamed(&ran, &answer);
        let last = planned.caller.and_then(|number| self.tokens.get(number)?.last);
        outcome.reason = match ran {
            Reached::Handler { route, .. } => format!("`{}` ran, answered {status}", self.setup.text(&route)),
            _ if outcome.is_unnamed => format!("answered {status}, and named no handler"),
            Reached::Nothing | Reached::Something => match last.filter(|last| is_of_revoked(status, *last)) {
                Some(last) => format!(
                    "answered {status} to a token that has opened handlers before: it may have revoked itself, \
                     `{last}` was the last"
                ),
                None => format!("answered {status}"),
            },
        };
        let sender = planned.caller.map_or(Some(&mut self.anonymous), |number| self.tokens.get_mut(number));
        if let Some(token) = sender.filter(|_| needs_token(route)) {
            token.tried = true;
            token.last = if opened { Some(route) } else { token.last };
        }
        if opened && let Some(parameter) = self.setup.deletes(route) {
            *self.used_up.entry(parameter.to_owned()).or_default() += 1;
        }
        if opened && answer.is_success() {
            self.bodies.keep(route.id(), &answer);
            self.told(route, &answer);
        }
        Ok(())
    }
}

impl Run<'_> {
    /// Notes the headers about the deprecation of a route that its answer lacks. Their values are
    /// the server's own matter.
    fn told(&mut self, route: Route<'static>, answer: &Answer) {
        let Some(deprecation) = route.effective_deprecation() else { return };
        let due = [("Deprecation", deprecation.since()), ("Sunset", deprecation.sunset())];
        for (header, _) in due.into_iter().filter(|(header, date)| date.is_some() && answer.header(header).is_none()) {
            let problem = Problem::Untold { route: route.to_string(), header };
            if !self.setup.leaves_out(classes::DEPRECATION) && !self.report.problems.contains(&problem) {
                self.report.problems.push(problem);
            }
        }
    }
}

/// Whether a server answers a revoked token with this status.
fn is_of_revoked(status: u16, last: Route<'_>) -> bool {
    status == 401 || status == 403 && last.method() == "DELETE"
}
