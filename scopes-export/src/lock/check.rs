//! Whether a catalogue is the one that was locked.

use std::fmt;

use scopes_core::{Date, UntypedCatalogue};

use super::meaning::{meaning, names, scope_of};
use super::{Accepted, Lock, LockError};
use crate::diff::{Diff, Finding, Level, TooComplex, diff_with_removed};

/// Why a catalogue is not the locked one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// A name that was removed is declared again and means something else. No option accepts that,
    /// because tokens may still hold the name.
    ReusedName {
        /// The wire name.
        name: String,
    },
    /// A difference to the locked catalogue.
    Differs(Box<Finding>),
    /// A difference that was accepted until a day, which has passed.
    Expired(Box<Accepted>),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReusedName { name } => write!(
                f,
                "the scope `{name}` was removed and cannot come back with another meaning: tokens may still hold the name"
            ),
            Self::Differs(finding) => finding.fmt(f),
            Self::Expired(accepted) => write!(
                f,
                "[{}] {} was accepted until {} only, because: {}",
                accepted.fingerprint(),
                accepted.effect(),
                accepted.until().map(|until| until.to_string()).unwrap_or_default(),
                accepted.reason()
            ),
        }
    }
}

impl Lock {
    /// Compares a catalogue with the locked one: everything but texts for humans.
    ///
    /// ```
    /// use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// use scopes_export::lock::{Lock, today};
    ///
    /// let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// let lock = Lock::new(UntypedCatalogue::from_declaration(&declaration)?);
    /// declaration.scope("users.write").route("POST", "/users");
    /// let problems = lock.problems(&UntypedCatalogue::from_declaration(&declaration)?, today())?;
    /// assert_eq!(problems[0].to_string(), "note: the scope `users.write` is new; 1 route names it [scope-added]");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the catalogues could not be compared.
    pub fn problems(&self, current: &UntypedCatalogue, today: Date) -> Result<Vec<Problem>, LockError> {
        let mut problems: Vec<Problem> =
            self.reused(current).map(|name| Problem::ReusedName { name: name.to_owned() }).collect();
        let found = self.diff(current).map_err(LockError::NotCompared)?;
        let differs = found.findings().iter().filter(|finding| finding.level() > Level::Text);
        problems.extend(differs.map(|finding| Problem::Differs(Box::new(finding.clone()))));
        let expired = self.accepted.iter().filter(|accepted| accepted.is_expired(today) && accepted.holds(current));
        problems.extend(expired.map(|accepted| Problem::Expired(Box::new(accepted.clone()))));
        Ok(problems)
    }

    /// The difference to a catalogue, for tokens that may also hold removed names.
    ///
    /// ```
    #[doc = include_str!("../docs/accepted.txt")]
    /// let found = lock.diff(&catalogue("authenticated"))?;
    /// assert_eq!(found.findings()[0].rule().id(), "access-changed");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`diff`](crate::diff::diff).
    pub fn diff(&self, current: &UntypedCatalogue) -> Result<Diff, TooComplex> {
        let removed: Vec<&str> = self.removed().collect();
        diff_with_removed(&self.catalogue, current, &removed)
    }

    /// The removed names that a catalogue declares again with another meaning.
    pub(super) fn reused<'c>(&self, current: &'c UntypedCatalogue) -> impl Iterator<Item = &'c str> {
        names(current).filter(|name| {
            let Some(before) = self.removed.get(*name) else { return false };
            scope_of(current, name).is_some_and(|scope| meaning(current, scope) != *before)
        })
    }
}
