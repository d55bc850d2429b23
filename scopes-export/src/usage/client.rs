//! A client of an API, and what it has done.

use std::fmt;

use scopes_core::{RouteId, ScopeId, UntypedCatalogue};

use super::bits::Bits;

/// A client of the API, or what is known of it.
///
/// ```
/// use scopes_export::usage::Client;
///
/// assert_eq!(Client::Token("t-1".into()).to_string(), "token t-1");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Client {
    /// A token, by its id.
    Token(String),
    /// A caller, by its subject.
    Subject(String),
    /// All callers whose tokens have no id.
    WithoutId,
    /// All callers without a grant: public routes, and refused requests.
    WithoutGrant,
    /// All callers of an access log that does not name them.
    Unnamed,
}

impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(id) => write!(f, "token {id}"),
            Self::Subject(subject) => write!(f, "subject {subject}"),
            Self::WithoutId => f.write_str("tokens without an id"),
            Self::WithoutGrant => f.write_str("callers without a grant"),
            Self::Unnamed => f.write_str("all clients"),
        }
    }
}

/// What became of a request.
///
/// ```
/// use scopes_export::usage::Outcome;
///
/// assert_eq!(Outcome::of_status(204), Outcome::Allowed);
/// assert_eq!(Outcome::of_status(403), Outcome::Denied);
/// assert_eq!(Outcome::of_status(404), Outcome::Undecided);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was allowed.
    Allowed,
    /// It was let through although the caller lacks something, because denials are only reported.
    Reported,
    /// It was denied.
    Denied,
    /// An access log does not tell: a handler has answered 404, or the gate has.
    Undecided,
}

impl Outcome {
    /// What a status in an access log tells: 101, 2xx and 3xx are allowed, 401 and 403 are denied,
    /// and anything else does not tell.
    #[must_use]
    pub const fn of_status(status: u16) -> Self {
        match status {
            101 | 200..=399 => Self::Allowed,
            401 | 403 => Self::Denied,
            _ => Self::Undecided,
        }
    }
}

/// What one client has done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    pub(super) held: Bits,
    /// By outcome, in the order of [`Outcome`].
    routes: [Bits; 4],
    pub(super) times: Option<(u64, u64)>,
}

impl Usage {
    pub(super) fn new(catalogue: &UntypedCatalogue) -> Self {
        let routes = Bits::new(catalogue.routes().len());
        Self {
            held: Bits::new(catalogue.scopes().len()),
            routes: [routes.clone(), routes.clone(), routes.clone(), routes],
            times: None,
        }
    }

    /// The scopes that the client has held, if the record has them. Without those that they
    /// include.
    pub fn held(&self) -> impl Iterator<Item = ScopeId> {
        self.held.iter().filter_map(|index| u16::try_from(index).ok()).map(ScopeId::new)
    }

    /// The routes with this outcome.
    pub fn routes(&self, outcome: Outcome) -> impl Iterator<Item = RouteId> {
        let routes = self.routes.get(outcome as usize).into_iter().flat_map(Bits::iter);
        routes.filter_map(|index| u16::try_from(index).ok()).map(RouteId::new)
    }

    /// When the client was allowed something first and last, in seconds since 1970.
    #[must_use]
    pub const fn times(&self) -> Option<(u64, u64)> {
        self.times
    }

    pub(super) fn add(&mut self, route: RouteId, outcome: Outcome) {
        if let Some(routes) = self.routes.get_mut(outcome as usize) {
            routes.insert(route.index());
        }
    }

    /// Adds what another client of the same catalogue has done.
    pub fn unite(&mut self, other: &Self) {
        self.held.add(&other.held);
        for (routes, more) in self.routes.iter_mut().zip(&other.routes) {
            routes.add(more);
        }
        self.times = united(self.times, other.times);
    }
}

pub(super) fn united(one: Option<(u64, u64)>, two: Option<(u64, u64)>) -> Option<(u64, u64)> {
    match (one, two) {
        (Some((first, last)), Some((from, to))) => Some((first.min(from), last.max(to))),
        (one, two) => one.or(two),
    }
}
