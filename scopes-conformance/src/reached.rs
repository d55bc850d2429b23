//! The handler that ran, according to an answer.

use super::client::Answer;

/// What an answer says about the handler that ran.
///
/// ```
#[doc = include_str!("docs/server.txt")]
/// use scopes_conformance::{Conformance, Reached};
///
/// let conformance = Conformance::new(server(), &api::CATALOGUE);
/// let conformance = conformance.reached(|answer| match answer.header("x-handler") {
///     Some(route) => Reached::Handler { route: route.to_owned(), tenant: None },
///     None => Reached::Nothing,
/// });
/// let report = conformance.token("reader", reader).token("writer", writer).run();
/// assert!(report.is_complete(), "{report}");
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reached {
    /// The answer proves that no handler has run.
    Nothing,
    /// A handler has run, but it is unknown which.
    Something,
    /// The handler of this route has run.
    Handler {
        /// The name of its route, or method and template with the base:
        /// `GET /accounts/{account}/users`.
        route: String,
        /// The tenant that it worked for, if that is known.
        tenant: Option<String>,
    },
}

impl From<bool> for Reached {
    fn from(ran: bool) -> Self {
        if ran { Self::Something } else { Self::Nothing }
    }
}

/// The user's function that finds out which handler ran.
pub(super) type Function = Box<dyn Fn(&Answer) -> Reached + Send + Sync>;
