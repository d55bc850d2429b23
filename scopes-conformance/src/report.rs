//! The report of a run.

use std::collections::HashMap;
use std::fmt;

use scopes_core::Route;

use super::Problem;

/// The result of a run: the handlers that ran although they should not have, and what was not
/// tried. [`Display`](fmt::Display) shows tables and lists.
///
/// ```
#[doc = include_str!("docs/server.txt")]
/// use scopes_conformance::Conformance;
///
/// let conformance = Conformance::new(server(), &api::CATALOGUE);
/// let report = conformance.token("reader", reader).token("writer", writer).run();
/// assert!(report.breaches.is_empty());
/// println!("{} requests, {} routes reached", report.requests, report.reached);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// How many requests the client sent.
    pub requests: usize,
    /// The numbers of requests, by class: the kind of caller or of trick.
    pub classes: Vec<Class>,
    /// The numbers of requests, by the route under attack, in the catalogue's order.
    pub routes: Vec<OfRoute>,
    /// Handlers that ran although they should not have. Holds the first twelve of each class on
    /// each route, and five thousand at most. [`breach_count`](Self::breach_count) counts all.
    pub breaches: Vec<Breach>,
    /// How many routes an authorized caller has reached.
    pub reached: usize,
    /// How many of the reached routes need a token and were reached with one. If the test has no
    /// tokens, the number of routes that a caller without credentials reached.
    pub reached_by_token: usize,
    /// How many routes of the catalogue need a token.
    pub need_token: usize,
    /// Routes that no authorized caller reached. This is not a breach, but nothing is proven about
    /// them.
    pub unreached: Vec<Unreached>,
    /// What was not tried, because the test has no token for it. This is not a breach, but the test
    /// cannot find a server that omits this check.
    pub untried: Vec<Untried>,
    /// The made-up tenant that was used as the foreign one, because all tokens are of one tenant. A
    /// server that looks tenants up refuses it for that reason alone.
    pub made_up_tenant: Option<String>,
    /// The classes that were left out.
    pub left_out: Vec<&'static str>,
    /// Whether only methods that change nothing were sent.
    pub read_only: bool,
    /// What is wrong with the test.
    pub problems: Vec<Problem>,
    /// Requests that were not answered in time, and usual requests without any answer. It is
    /// unknown what they have done.
    pub unanswered: Vec<String>,
    /// Why the requests ended early, if they did.
    pub stopped: Option<String>,
}

/// The numbers of requests of one kind.
///
/// ```
#[doc = include_str!("docs/server.txt")]
/// # use scopes_conformance::Conformance;
/// let report = Conformance::new(server(), &api::CATALOGUE).token("reader", reader).run();
/// let sent: usize = report.classes.iter().map(|class| class.requests).sum();
/// assert_eq!(sent, report.requests);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Class {
    /// The name of the kind, such as `slashes`.
    pub name: &'static str,
    /// How many of these requests were sent.
    pub requests: usize,
    /// For how many of these requests a handler ran, rightly or not.
    pub ran: usize,
    /// How many of these requests were breaches.
    pub breaches: usize,
}

/// The numbers of requests for one route.
///
/// ```
#[doc = include_str!("docs/server.txt")]
/// # use scopes_conformance::Conformance;
/// let report = Conformance::new(server(), &api::CATALOGUE).token("reader", reader).run();
/// let routes: Vec<_> = report.routes.iter().map(|of| &*of.route).collect();
/// assert_eq!(routes, ["GET /users/{user}", "POST /users"]);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OfRoute {
    /// The route, as method and template.
    pub route: String,
    /// How many of these requests were sent.
    pub requests: usize,
    /// For how many of these requests a handler ran, of this route or another, rightly or not.
    pub ran: usize,
    /// How many of these requests were breaches.
    pub breaches: usize,
}

/// A request for which a handler ran that should not have run.
///
/// ```
#[doc = include_str!("docs/server.txt")]
/// # use scopes_conformance::Conformance;
/// // The test is told that the token opens nothing, but the server thinks otherwise.
/// let weak = api::Grant::new(api::Scopes::new());
/// let conformance = Conformance::new(server(), &api::CATALOGUE);
/// let report = conformance.token("reader", weak).token("writer", writer).run();
/// let breach = &report.breaches[0];
/// assert_eq!(breach.status, 200);
/// println!("{}: {}", breach.request, breach.reason);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Breach {
    /// The class of the request, such as `slashes`.
    pub class: &'static str,
    /// The request line and the headers that matter, with `<token>` for tokens.
    pub request: String,
    /// The caller: the token's scopes and tenants, or a caller without a token.
    pub caller: String,
    /// The answer's status; 0 if there was none.
    pub status: u16,
    /// Why the handler should not have run.
    pub reason: String,
}

/// A route that no authorized caller has reached.
///
/// ```
#[doc = include_str!("docs/server.txt")]
/// # use scopes_conformance::Conformance;
/// let report = Conformance::new(server(), &api::CATALOGUE).token("reader", reader).run();
/// assert_eq!(report.unreached[0].route, "POST /users");
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unreached {
    /// The route, as method and template.
    pub route: String,
    /// Why not, if that is known.
    pub reason: String,
}

/// A class of requests that was not tried on a route, because the test has no token for it.
///
/// ```
#[doc = include_str!("docs/server.txt")]
/// # use scopes_conformance::Conformance;
/// // The test has no token that `GET /users/{user}` must refuse.
/// let report = Conformance::new(server(), &api::CATALOGUE).token("reader", reader).run();
/// assert_eq!(report.untried[0].route, "GET /users/{user}");
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Untried {
    /// The route, as method and template.
    pub route: String,
    /// The class of the requests that were not sent.
    pub class: &'static str,
    /// Which token the test would need.
    pub reason: String,
}

impl Report {
    pub(super) fn of<'c>(routes: impl Iterator<Item = Route<'c>>) -> Self {
        let of_route = |route: Route<'_>| OfRoute { route: route.to_string(), requests: 0, ran: 0, breaches: 0 };
        Self { routes: routes.map(of_route).collect(), ..Self::default() }
    }

    /// Counts all breaches, including those that are not in the list.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// # use scopes_conformance::Conformance;
    /// let conformance = Conformance::new(server(), &api::CATALOGUE);
    /// let report = conformance.token("reader", reader).token("writer", writer).run();
    /// assert_eq!(report.breach_count(), 0);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn breach_count(&self) -> usize {
        self.classes.iter().map(|class| class.breaches).sum()
    }

    /// Whether no breach was found and the result means something: a token has opened a handler (or
    /// no route needs a token), every request was sent and answered or cut off, and the test has no
    /// [`Problem`].
    ///
    /// Routes that were [not reached](Self::unreached) and classes that were [not
    /// tried](Self::untried) do not count here, although nothing is proven about them; see
    /// [`is_complete`](Self::is_complete).
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// # use scopes_conformance::Conformance;
    /// let report = Conformance::new(server(), &api::CATALOGUE).token("reader", reader).run();
    /// assert!(report.is_clean() && !report.is_complete());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.breach_count() == 0
            && self.breaches.is_empty()
            && self.proves_something()
            && self.problems.is_empty()
            && self.unanswered.is_empty()
            && self.stopped.is_none()
    }

    /// Whether the report is clean, and every route was reached by an authorized caller and tried
    /// by unauthorized ones. Then each route could have failed the test.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// # use scopes_conformance::Conformance;
    /// let conformance = Conformance::new(server(), &api::CATALOGUE);
    /// let report = conformance.token("reader", reader).token("writer", writer).run();
    /// assert!(report.is_complete(), "{report}");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.is_clean() && self.unreached.is_empty() && self.untried.is_empty()
    }

    fn proves_something(&self) -> bool {
        self.reached > 0 && (self.reached_by_token > 0 || self.need_token == 0)
    }

    /// Panics unless the report is clean.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// # use scopes_conformance::Conformance;
    /// let report = Conformance::new(server(), &api::CATALOGUE).token("unknown", reader).run();
    /// assert!(std::panic::catch_unwind(|| report.assert_clean()).is_err());
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// If there was a breach; if no token opened any handler, so that the test could not fail; if
    /// the test itself has a [`Problem`]; if a request had no answer or the requests ended early.
    /// The message is the whole report.
    #[track_caller]
    pub fn assert_clean(&self) {
        assert!(self.is_clean(), "{self}");
    }

    /// Panics unless the report is complete: like [`assert_clean`](Self::assert_clean), for every
    /// single route.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// # use scopes_conformance::Conformance;
    /// // No token opens `POST /users`.
    /// let report = Conformance::new(server(), &api::CATALOGUE).token("reader", reader).run();
    /// assert!(std::panic::catch_unwind(|| report.assert_complete()).is_err());
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// Like `assert_clean`, and also if no authorized caller has reached some route, or if the test
    /// has no token that the route must refuse. On such a route the test could not fail.
    #[track_caller]
    pub fn assert_complete(&self) {
        assert!(self.is_complete(), "{self}");
    }

    pub(super) fn count(&mut self, name: &'static str, route: Route<'_>, ran: bool, is_breach: bool) {
        self.requests += 1;
        let at = match self.classes.iter().position(|class| class.name == name) {
            Some(at) => at,
            None => {
                self.classes.push(Class { name, requests: 0, ran: 0, breaches: 0 });
                self.classes.len() - 1
            }
        };
        if let Some(class) = self.classes.get_mut(at) {
            class.requests += 1;
            class.ran += usize::from(ran);
            class.breaches += usize::from(is_breach);
        }
        if let Some(of_route) = self.routes.get_mut(route.id().index()) {
            of_route.requests += 1;
            of_route.ran += usize::from(ran);
            of_route.breaches += usize::from(is_breach);
        }
    }
}

/// The greatest number of lines of one list.
const SHOWN: usize = 40;
/// The greatest number of breaches of each class that are listed.
const SHOWN_OF_CLASS: usize = 4;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:16} {:>8} {:>8} {:>8}", "", "requests", "ran", "breaches")?;
        for Class { name, requests, ran, breaches } in &self.classes {
            writeln!(f, "{name:16} {requests:8} {ran:8} {breaches:8}")?;
        }
        let ran: usize = self.classes.iter().map(|class| class.ran).sum();
        writeln!(f, "{:16} {:8} {ran:8} {:8}", "all", self.requests, self.breach_count())?;
        writeln!(f, "routes reached by callers who may: {} of {}", self.reached, self.routes.len())?;
        if !self.left_out.is_empty() {
            writeln!(f, "left out: {}", self.left_out.join(", "))?;
        }
        if self.read_only {
            writeln!(f, "read only: of other methods than GET, HEAD and OPTIONS nothing was sent")?;
        }
        if !self.problems.is_empty() && self.requests == 0 {
            writeln!(f, "NOTHING WAS SENT: the test has to be mended first")?;
        } else if !self.proves_something() {
            writeln!(f, "NOTHING IS PROVEN: no token has opened a handler")?;
        }
        if let Some(why) = &self.stopped {
            writeln!(f, "STOPPED EARLY: {why}")?;
        }
        list(f, self.problems.len(), self.problems.iter().map(|problem| format!("PROBLEM: {problem}")))?;
        list(f, self.unanswered.len(), self.unanswered.iter().map(|request| format!("NO ANSWER: `{request}`")))?;
        self.fmt_breaches(f)?;
        let unreached =
            self.unreached.iter().map(|Unreached { route, reason }| format!("not reached: {route}: {reason}"));
        list(f, self.unreached.len(), unreached)?;
        let untried = self.untried_lines();
        list(f, untried.len(), untried.into_iter())?;
        match &self.made_up_tenant {
            Some(tenant) => writeln!(f, "all tokens are of one tenant: `{tenant}` is made up, give one of a second"),
            None => Ok(()),
        }
    }
}

/// The greatest number of routes that one line names.
const NAMED: usize = 3;

impl Report {
    /// One line for each class and reason.
    fn untried_lines(&self) -> Vec<String> {
        let mut groups: Vec<(&str, &str, Vec<&str>)> = Vec::new();
        for Untried { route, class, reason } in &self.untried {
            match groups.iter_mut().find(|(of_class, why, _)| of_class == class && why == reason) {
                Some((_, _, routes)) => routes.push(route),
                None => groups.push((class, reason, vec![route])),
            }
        }
        let line = |(class, reason, routes): (&str, &str, Vec<&str>)| match &*routes {
            [route] => format!("not tried: {class} on {route}: {reason}"),
            routes => {
                let named = routes.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
                let more = if routes.len() > NAMED { ", .." } else { "" };
                format!("not tried: {class} on {} routes: {reason} ({named}{more})", routes.len())
            }
        };
        groups.into_iter().map(line).collect()
    }

    /// Lists some breaches of each class, and how many there were on each route.
    fn fmt_breaches(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut of_class: HashMap<&str, usize> = HashMap::new();
        let some_of_each = self.breaches.iter().filter(|breach| {
            let shown = of_class.entry(breach.class).or_default();
            *shown += 1;
            *shown <= SHOWN_OF_CLASS
        });
        let all = self.breach_count().max(self.breaches.len());
        list(f, all, some_of_each.map(|breach| format!("BREACH: {breach}")))?;
        let mut routes: Vec<_> = self.routes.iter().filter(|route| route.breaches > 0).collect();
        routes.sort_by_key(|route| std::cmp::Reverse(route.breaches));
        let lines = routes.iter().map(|OfRoute { route, requests, breaches, .. }| {
            format!("breaches on {route}: {breaches} of {requests} requests")
        });
        list(f, routes.len(), lines)
    }
}

/// Writes the first lines, and how many of the `count` lines were omitted.
fn list(f: &mut fmt::Formatter<'_>, count: usize, lines: impl Iterator<Item = String>) -> fmt::Result {
    let mut shown = 0;
    for line in lines.take(SHOWN) {
        writeln!(f, "{line}")?;
        shown += 1;
    }
    match count.saturating_sub(shown) {
        0 => Ok(()),
        more => writeln!(f, ".. and {more} more"),
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { class, request, caller, status, reason } = self;
        write!(f, "{class}: `{request}` by {caller} was answered {status}: {reason}")
    }
}
