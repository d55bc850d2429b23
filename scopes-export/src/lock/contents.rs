//! The contents of a lock file, as they are read and written.

use std::collections::BTreeMap;
use std::fmt;

use scopes_core::{Date, UntypedCatalogue};
use serde::{Deserialize, Serialize};

use crate::diff::{Caller, Effect, Finding, Level, TooComplex};
use crate::json::{Document, JsonError, from_json, text};

/// The contents of a lock file.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::Declaration};
/// use scopes_export::lock::Lock;
///
/// let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").route("GET", "/users");
/// let lock = Lock::new(UntypedCatalogue::from_declaration(&declaration)?);
/// assert_eq!(Lock::read(&lock.to_json())?, lock);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    pub(super) catalogue: UntypedCatalogue,
    /// For each name, what it meant.
    pub(super) removed: BTreeMap<String, Vec<String>>,
    pub(super) accepted: Vec<Accepted>,
}

/// A finding that was accepted, on one axis.
///
/// ```
#[doc = include_str!("../docs/accepted.txt")]
/// for accepted in lock.accepted() {
///     println!("{}: {}", accepted.effect(), accepted.reason());
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Accepted {
    pub(super) fingerprint: String,
    pub(super) rule: String,
    pub(super) is_widening: bool,
    pub(super) effect: Effect,
    pub(super) reason: String,
    pub(super) until: Option<Date>,
}

impl Accepted {
    /// The fingerprint of the finding.
    ///
    /// ```
    #[doc = include_str!("../docs/accepted.txt")]
    /// assert_eq!(lock.accepted()[0].fingerprint().len(), 12);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The id of the finding's rule.
    ///
    /// ```
    #[doc = include_str!("../docs/accepted.txt")]
    /// assert_eq!(lock.accepted()[0].rule(), "access-changed");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// The axis that was accepted: widening or breaking.
    ///
    /// ```
    #[doc = include_str!("../docs/accepted.txt")]
    /// assert_eq!(lock.accepted()[0].level(), scopes_export::diff::Level::Widening);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn level(&self) -> Level {
        if self.is_widening { Level::Widening } else { Level::Breaking }
    }

    /// The request that is answered differently.
    ///
    /// ```
    #[doc = include_str!("../docs/accepted.txt")]
    /// assert_eq!(lock.accepted()[0].effect().path(), "/status");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn effect(&self) -> &Effect {
        &self.effect
    }

    /// Why it was accepted.
    ///
    /// ```
    #[doc = include_str!("../docs/accepted.txt")]
    /// assert_eq!(lock.accepted()[0].reason(), "the status is public");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The first day on which the effect is not accepted any more.
    ///
    /// ```
    #[doc = include_str!("../docs/accepted.txt")]
    /// assert_eq!(lock.accepted()[0].until(), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn until(&self) -> Option<Date> {
        self.until
    }

    pub(super) fn new(
        finding: &Finding,
        is_widening: bool,
        effect: &Effect,
        reason: &str,
        until: Option<Date>,
    ) -> Self {
        Self {
            fingerprint: finding.fingerprint(),
            rule: finding.rule().id().to_owned(),
            is_widening,
            effect: effect.clone(),
            reason: reason.to_owned(),
            until,
        }
    }

    /// Whether the catalogue still answers the request in the accepted way.
    pub(super) fn holds(&self, catalogue: &UntypedCatalogue) -> bool {
        self.effect.is_allowed_by(catalogue) == self.is_widening
    }

    pub(super) fn is_expired(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until <= today)
    }
}

impl Lock {
    /// A lock of a catalogue without a history.
    #[must_use]
    pub const fn new(catalogue: UntypedCatalogue) -> Self {
        Self { catalogue, removed: BTreeMap::new(), accepted: Vec::new() }
    }

    /// Reads a lock file. A catalogue's JSON is a lock file without a history.
    ///
    /// # Errors
    /// If the text has mistakes.
    pub fn read(text: &str) -> Result<Self, LockError> {
        let catalogue = from_json(text).map_err(LockError::Json)?;
        let history: History = serde_json::from_str(text).map_err(|error| LockError::History(error.to_string()))?;
        let removed = history.removed.into_iter().map(|removed| (removed.scope, removed.meaning)).collect();
        let accepted = history.accepted.into_iter().map(Accepted::try_from).collect::<Result<_, _>>()?;
        Ok(Self { catalogue, removed, accepted })
    }

    /// The text of the lock file: the same bytes on every machine.
    ///
    /// ```
    #[doc = include_str!("../docs/accepted.txt")]
    /// assert!(lock.to_json().contains("\"accepted\""));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        #[derive(Serialize)]
        struct Written<'c> {
            #[serde(flatten)]
            catalogue: Document<'c>,
            #[serde(flatten)]
            history: History,
        }
        let removed = self.removed.iter();
        let mut accepted: Vec<&Accepted> = self.accepted.iter().collect();
        accepted.sort();
        text(&Written {
            catalogue: Document::of(&self.catalogue),
            history: History {
                removed: removed
                    .map(|(scope, meaning)| RemovedEntry { scope: scope.clone(), meaning: meaning.clone() })
                    .collect(),
                accepted: accepted.into_iter().map(AcceptedEntry::from).collect(),
            },
        })
    }

    /// The catalogue that was locked.
    ///
    /// ```
    #[doc = include_str!("../docs/accepted.txt")]
    /// assert_eq!(lock.catalogue().name(), "api");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn catalogue(&self) -> &UntypedCatalogue {
        &self.catalogue
    }

    /// The names that were removed, sorted.
    pub fn removed(&self) -> impl Iterator<Item = &str> + Clone {
        self.removed.keys().map(String::as_str)
    }

    /// What was accepted.
    ///
    /// ```
    #[doc = include_str!("../docs/accepted.txt")]
    /// assert_eq!(lock.accepted().len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn accepted(&self) -> &[Accepted] {
        &self.accepted
    }
}

/// Why a lock file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LockError {
    /// The text is not a catalogue.
    Json(JsonError),
    /// The members `removed` or `accepted` have a mistake.
    History(String),
    /// The two catalogues could not be compared.
    NotCompared(TooComplex),
}

impl fmt::Display for LockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => error.fmt(f),
            Self::History(message) => f.write_str(message),
            Self::NotCompared(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for LockError {}

/// The members of the lock file in addition to the catalogue's.
#[derive(Serialize, Deserialize)]
struct History {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    removed: Vec<RemovedEntry>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    accepted: Vec<AcceptedEntry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RemovedEntry {
    scope: String,
    meaning: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AcceptedEntry {
    fingerprint: String,
    rule: String,
    effect: String,
    method: String,
    path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    caller: Option<String>,
    scopes: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tenant: Option<String>,
    reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

impl From<&Accepted> for AcceptedEntry {
    fn from(accepted: &Accepted) -> Self {
        let (caller, scopes, tenant) = match accepted.effect.caller() {
            Caller::Anyone => (Some("anyone"), Vec::new(), None),
            Caller::External => (Some("external"), Vec::new(), None),
            Caller::Grant { scopes, tenant } => (None, scopes.clone(), tenant.clone()),
        };
        Self {
            fingerprint: accepted.fingerprint.clone(),
            rule: accepted.rule.clone(),
            effect: accepted.level().as_str().to_owned(),
            method: accepted.effect.method().to_owned(),
            path: accepted.effect.path().to_owned(),
            caller: caller.map(str::to_owned),
            scopes,
            tenant,
            reason: accepted.reason.clone(),
            until: accepted.until.map(|until| until.to_string()),
        }
    }
}

impl TryFrom<AcceptedEntry> for Accepted {
    type Error = LockError;

    fn try_from(entry: AcceptedEntry) -> Result<Self, LockError> {
        let wrong = |message: String| LockError::History(format!("accepted `{}`: {message}", entry.fingerprint));
        let is_widening = match entry.effect.as_str() {
            "widening" => true,
            "breaking" => false,
            _ => return Err(wrong("`effect` is `widening` or `breaking`".to_owned())),
        };
        let caller = match entry.caller.as_deref() {
            Some("anyone") => Caller::Anyone,
            Some("external") => Caller::External,
            None | Some("grant") => Caller::Grant { scopes: entry.scopes.clone(), tenant: entry.tenant.clone() },
            Some(_) => return Err(wrong("`caller` is `anyone`, `external` or `grant`".to_owned())),
        };
        if entry.reason.trim().is_empty() {
            return Err(wrong("the reason is empty".to_owned()));
        }
        let until = match entry.until.as_deref().map(str::parse::<Date>) {
            None => None,
            Some(Ok(until)) => Some(until),
            Some(Err(error)) => return Err(wrong(format!("`until`: {error}"))),
        };
        Ok(Self {
            effect: Effect { method: entry.method, path: entry.path, caller },
            fingerprint: entry.fingerprint,
            rule: entry.rule,
            is_widening,
            reason: entry.reason,
            until,
        })
    }
}
