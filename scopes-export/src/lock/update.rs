//! The next lock file.

use scopes_core::{Date, UntypedCatalogue};

use super::meaning::{meaning, names, scope_of};
use super::{Accepted, Lock, LockError, Problem};
use crate::diff::Level;

/// What the caller of [`Lock::updated`] accepts.
///
/// ```
/// use scopes_export::lock::Accept;
///
/// let nothing = Accept::default();
/// assert!(!nothing.breaking && !nothing.widening);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accept {
    /// Requests that were allowed may be denied: `--accept`.
    pub breaking: bool,
    /// Requests that were denied may be allowed: `--accept-widening`.
    pub widening: bool,
    /// The reason. It is needed if something is accepted.
    pub reason: String,
    /// The first day on which the differences are not accepted any more.
    pub until: Option<Date>,
}

/// Why the next lock file cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// There are differences that were not accepted, or that cannot be accepted.
    NotAccepted(Vec<Problem>),
    /// Something is accepted without a reason.
    NoReason,
    /// The catalogues could not be compared.
    Lock(LockError),
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotAccepted(problems) => {
                for (index, problem) in problems.iter().enumerate() {
                    write!(f, "{}{problem}", if index > 0 { "\n" } else { "" })?;
                }
                Ok(())
            }
            Self::NoReason => f.write_str("say why it is accepted: `--reason \"..\"`"),
            Self::Lock(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Refused {}

impl Lock {
    /// The lock of the current catalogue, with the history of this one.
    ///
    /// ```
    /// use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// use scopes_export::lock::{Accept, Lock, Refused, today};
    ///
    /// let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// let lock = Lock::new(UntypedCatalogue::from_declaration(&declaration)?);
    /// declaration.items.clear();
    /// let without = UntypedCatalogue::from_declaration(&declaration)?;
    /// assert!(matches!(lock.updated(&without, &Accept::default(), today()), Err(Refused::NotAccepted(_))));
    /// let accept = Accept { breaking: true, reason: "no client calls it".into(), ..Accept::default() };
    /// let next = lock.updated(&without, &accept, today())?;
    /// assert!(next.removed().eq(["users.read"]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If a difference was not accepted, or cannot be accepted.
    pub fn updated(&self, current: &UntypedCatalogue, accept: &Accept, today: Date) -> Result<Self, Refused> {
        let found = self.diff(current).map_err(|error| Refused::Lock(LockError::NotCompared(error)))?;
        let mut refused: Vec<Problem> =
            self.reused(current).map(|name| Problem::ReusedName { name: name.to_owned() }).collect();
        let mut accepted = Vec::new();
        for finding in found.findings() {
            let axes = [(true, accept.widening, finding.widening()), (false, accept.breaking, finding.breaking())];
            let mut is_refused = false;
            for (is_widening, is_accepted, effect) in axes {
                let Some(effect) = effect else { continue };
                is_refused |= !is_accepted;
                accepted.push(Accepted::new(finding, is_widening, effect, accept.reason.trim(), accept.until));
            }
            if is_refused {
                refused.push(Problem::Differs(Box::new(finding.clone())));
            }
        }
        let mut history: Vec<Accepted> = Vec::new();
        for before in &self.accepted {
            let is_renewed = accepted.iter().any(|new| new.level() == before.level() && new.effect == before.effect);
            // An acceptance ends if it was renewed, or if the request is answered as before.
            if is_renewed || !before.holds(current) {
                continue;
            }
            if !before.is_expired(today) {
                history.push(before.clone());
                continue;
            }
            let is_accepted = match before.level() {
                Level::Widening => accept.widening,
                _ => accept.breaking,
            };
            if !is_accepted {
                refused.push(Problem::Expired(Box::new(before.clone())));
            }
            let (reason, until) = (accept.reason.trim().to_owned(), accept.until);
            accepted.push(Accepted { reason, until, ..before.clone() });
        }
        if !refused.is_empty() {
            return Err(Refused::NotAccepted(refused));
        }
        if !accepted.is_empty() && accept.reason.trim().is_empty() {
            return Err(Refused::NoReason);
        }
        history.append(&mut accepted);
        history.sort();
        history.dedup();
        let mut removed = self.removed.clone();
        for name in names(&self.catalogue) {
            if let Some(scope) = scope_of(&self.catalogue, name) {
                removed.insert(name.to_owned(), meaning(&self.catalogue, scope));
            }
        }
        // A name that the catalogue knows again does not count as removed.
        removed.retain(|name, _| scope_of(current, name).is_none());
        Ok(Self { catalogue: current.clone(), removed, accepted: history })
    }
}
