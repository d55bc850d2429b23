//! What came of it.

use std::fmt;

/// How many handlers ran that should not have, and what else is to know. [`Display`](fmt::Display) is a table and a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// How many requests were sent.
    pub requests: usize,
    /// What was sent and answered, by kind of caller and kind of trick.
    pub classes: Vec<Class>,
    /// Every handler that ran although it should not have.
    pub breaches: Vec<Breach>,
    /// How many routes were reached by a caller who may.
    pub reached: usize,
    /// How many of them need a token.
    pub reached_by_token: usize,
    /// How many routes of the catalogue need a token.
    pub need_token: usize,
    /// Routes that were not: no breach, but nothing is proven on them.
    pub unreached: Vec<Unreached>,
    /// Requests without an answer in time, of which nobody knows what they have done.
    pub unanswered: Vec<String>,
    /// Why the requests ended early, if they did.
    pub stopped: Option<String>,
}

/// The requests of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Class {
    /// What kind.
    pub name: &'static str,
    /// How many were sent.
    pub requests: usize,
    /// For how many of them a handler ran, rightly or not.
    pub ran: usize,
    /// How many breaches there were among them.
    pub breaches: usize,
}

/// A handler ran that should not have.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Breach {
    /// The class of the request.
    pub class: &'static str,
    /// The request line and the headers that matter, with `<token>` for tokens.
    pub request: String,
    /// Who sent it: the token's scopes and tenants, or nobody.
    pub caller: String,
    /// The answer's status; 0 if there was none.
    pub status: u16,
    /// Why it should not have run.
    pub reason: String,
}

/// A route that no caller has reached.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unreached {
    /// The route: method and template.
    pub route: String,
    /// Why, as far as it can be told.
    pub reason: String,
}

impl Report {
    /// Whether nothing ran that should not have, and the answer means something: a token has opened a handler to one who may
    /// (or no route needs any), and every request was sent and answered or cut off.
    ///
    /// Routes that were [not reached](Self::unreached) do not count, although nothing is proven on them:
    /// [`is_complete`](Self::is_complete).
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.breaches.is_empty() && self.proves_something() && self.unanswered.is_empty() && self.stopped.is_none()
    }

    /// Whether it is clean and every route was reached by a caller who may, so that each of them could have failed.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.is_clean() && self.unreached.is_empty()
    }

    fn proves_something(&self) -> bool {
        self.reached > 0 && (self.reached_by_token > 0 || self.need_token == 0)
    }

    /// Ends a test that must fail.
    ///
    /// # Panics
    /// If there was a breach; if no token opened any handler, so that the test could not fail; if a request had no answer or the
    /// requests ended early. The text is the whole report.
    #[track_caller]
    pub fn assert_clean(&self) {
        assert!(self.is_clean(), "{self}");
    }

    /// As [`assert_clean`](Self::assert_clean), for every single route.
    ///
    /// # Panics
    /// As `assert_clean`, and if some route was reached by nobody: on it the test could not fail.
    #[track_caller]
    pub fn assert_complete(&self) {
        assert!(self.is_complete(), "{self}");
    }

    pub(super) fn count(&mut self, name: &'static str, ran: bool, breach: Option<Breach>) {
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
            class.breaches += usize::from(breach.is_some());
        }
        self.breaches.extend(breach);
    }
}

/// Lists as many of each kind of thing.
const SHOWN: usize = 40;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:16} {:>8} {:>8} {:>8}", "", "requests", "ran", "breaches")?;
        for Class { name, requests, ran, breaches } in &self.classes {
            writeln!(f, "{name:16} {requests:8} {ran:8} {breaches:8}")?;
        }
        let ran: usize = self.classes.iter().map(|class| class.ran).sum();
        writeln!(f, "{:16} {:8} {ran:8} {:8}", "all", self.requests, self.breaches.len())?;
        writeln!(f, "routes reached by callers who may: {} of {}", self.reached, self.reached + self.unreached.len())?;
        if !self.proves_something() {
            writeln!(f, "NOTHING IS PROVEN: no token has opened a handler")?;
        }
        if let Some(why) = &self.stopped {
            writeln!(f, "STOPPED EARLY: {why}")?;
        }
        for request in &self.unanswered {
            writeln!(f, "NO ANSWER: `{request}`")?;
        }
        for breach in self.breaches.iter().take(SHOWN) {
            writeln!(f, "BREACH: {breach}")?;
        }
        and_more(f, self.breaches.len())?;
        for Unreached { route, reason } in self.unreached.iter().take(SHOWN) {
            writeln!(f, "not reached: {route}: {reason}")?;
        }
        and_more(f, self.unreached.len())
    }
}

fn and_more(f: &mut fmt::Formatter<'_>, count: usize) -> fmt::Result {
    match count.saturating_sub(SHOWN) {
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
