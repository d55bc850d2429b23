//! Findings: what differs, how much it matters, and for whom.

use std::fmt;

use scopes_core::RouteId;

use super::Rule;

/// How much a finding matters, the least first.
///
/// ```
#[doc = include_str!("../docs/opened.txt")]
/// assert!(finding.level() > scopes_export::diff::Level::Breaking);
/// # Ok::<(), scopes_export::diff::TooComplex>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Level {
    /// Only a text for humans differs.
    Text,
    /// No token that was issued before the change is affected.
    Note,
    /// Some request that was allowed is denied, and none that was denied is allowed.
    Breaking,
    /// Some request that was denied is allowed.
    Widening,
}

impl Level {
    /// The word for the level, as in the options and outputs of the command.
    ///
    /// ```
    /// assert_eq!(scopes_export::diff::Level::Widening.as_str(), "widening");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Note => "note",
            Self::Breaking => "breaking",
            Self::Widening => "widening",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The smallest caller whose request is answered differently.
///
/// ```
#[doc = include_str!("../docs/opened.txt")]
/// assert_eq!(finding.widening().unwrap().caller().to_string(), "without credentials");
/// # Ok::<(), scopes_export::diff::TooComplex>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Caller {
    /// Every caller, also one without credentials.
    Anyone,
    /// A caller that the check outside of the catalogue lets pass.
    External,
    /// A caller with a grant.
    Grant {
        /// The wire names of the grant, sorted; none if any good credentials suffice.
        scopes: Vec<String>,
        /// The tenant of the grant, if the route compares it.
        tenant: Option<String>,
    },
}

impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scopes, tenant) = match self {
            Self::Anyone => return f.write_str("without credentials"),
            Self::External => return f.write_str("with what the external check demands"),
            Self::Grant { scopes, tenant } => (scopes, tenant),
        };
        match scopes.as_slice() {
            [] => f.write_str("with any good credentials")?,
            scopes => write!(f, "with `{}`", scopes.join(" "))?,
        }
        match tenant {
            Some(tenant) => write!(f, " for tenant `{tenant}`"),
            None => Ok(()),
        }
    }
}

/// A request whose answer differs, with the smallest caller for whom it does.
///
/// ```
#[doc = include_str!("../docs/opened.txt")]
/// println!("{}", finding.widening().unwrap());
/// # Ok::<(), scopes_export::diff::TooComplex>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Effect {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) caller: Caller,
}

impl Effect {
    /// The method of the request.
    ///
    /// ```
    #[doc = include_str!("../docs/opened.txt")]
    /// assert_eq!(finding.widening().unwrap().method(), "GET");
    /// # Ok::<(), scopes_export::diff::TooComplex>(())
    /// ```
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path of the request, with a value for each parameter.
    ///
    /// ```
    #[doc = include_str!("../docs/opened.txt")]
    /// assert_eq!(finding.widening().unwrap().path(), "/status");
    /// # Ok::<(), scopes_export::diff::TooComplex>(())
    /// ```
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The smallest caller that gains or loses.
    ///
    /// ```
    #[doc = include_str!("../docs/opened.txt")]
    /// assert_eq!(*finding.widening().unwrap().caller(), scopes_export::diff::Caller::Anyone);
    /// # Ok::<(), scopes_export::diff::TooComplex>(())
    /// ```
    #[must_use]
    pub const fn caller(&self) -> &Caller {
        &self.caller
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.method, self.path, self.caller)
    }
}

/// One difference.
///
/// ```
#[doc = include_str!("../docs/opened.txt")]
/// println!("{finding}");
/// # Ok::<(), scopes_export::diff::TooComplex>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub(crate) rule: Rule,
    pub(crate) method: String,
    pub(crate) template: String,
    /// The template of the old route, where another route answers now.
    pub(crate) replaced: String,
    pub(crate) message: String,
    pub(crate) subject: Subject,
    pub(crate) widening: Option<Effect>,
    pub(crate) breaking: Option<Effect>,
    pub(crate) is_text: bool,
}

/// What a finding is about. Its positions in the files follow from that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    Routes([Option<RouteId>; 2]),
    Scopes([Option<String>; 2]),
    Catalogue,
}

impl Finding {
    /// The rule that it belongs to.
    ///
    /// ```
    #[doc = include_str!("../docs/opened.txt")]
    /// assert_eq!(finding.rule().id(), "access-changed");
    /// # Ok::<(), scopes_export::diff::TooComplex>(())
    /// ```
    #[must_use]
    pub const fn rule(&self) -> Rule {
        self.rule
    }

    /// How much it matters.
    ///
    /// ```
    #[doc = include_str!("../docs/opened.txt")]
    /// assert_eq!(finding.level().as_str(), "widening");
    /// # Ok::<(), scopes_export::diff::TooComplex>(())
    /// ```
    #[must_use]
    pub const fn level(&self) -> Level {
        match (&self.widening, &self.breaking) {
            (Some(_), _) => Level::Widening,
            (None, Some(_)) => Level::Breaking,
            (None, None) if self.is_text => Level::Text,
            (None, None) => Level::Note,
        }
    }

    /// What has changed, in one sentence.
    ///
    /// ```
    #[doc = include_str!("../docs/opened.txt")]
    /// assert_eq!(finding.message(), "`GET /status` needed good credentials, and is public");
    /// # Ok::<(), scopes_export::diff::TooComplex>(())
    /// ```
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// A request that was denied and is allowed.
    ///
    /// ```
    #[doc = include_str!("../docs/opened.txt")]
    /// assert_eq!(finding.widening().unwrap().to_string(), "GET /status without credentials");
    /// # Ok::<(), scopes_export::diff::TooComplex>(())
    /// ```
    #[must_use]
    pub const fn widening(&self) -> Option<&Effect> {
        self.widening.as_ref()
    }

    /// A request that was allowed and is denied.
    ///
    /// ```
    #[doc = include_str!("../docs/opened.txt")]
    /// assert!(finding.breaking().is_none());
    /// # Ok::<(), scopes_export::diff::TooComplex>(())
    /// ```
    #[must_use]
    pub const fn breaking(&self) -> Option<&Effect> {
        self.breaking.as_ref()
    }

    /// The routes of the old and the new catalogue that answer the request, if the finding is about
    /// routes.
    ///
    /// ```
    #[doc = include_str!("../docs/opened.txt")]
    /// assert!(finding.routes().iter().all(Option::is_some));
    /// # Ok::<(), scopes_export::diff::TooComplex>(())
    /// ```
    #[must_use]
    pub const fn routes(&self) -> [Option<RouteId>; 2] {
        match &self.subject {
            Subject::Routes(routes) => *routes,
            Subject::Scopes(_) | Subject::Catalogue => [None, None],
        }
    }

    /// The wire names of the scope in the old and the new catalogue, if the finding is about a
    /// scope.
    ///
    /// ```
    #[doc = include_str!("../docs/opened.txt")]
    /// assert_eq!(finding.scopes(), [None, None]);
    /// # Ok::<(), scopes_export::diff::TooComplex>(())
    /// ```
    #[must_use]
    pub fn scopes(&self) -> [Option<&str>; 2] {
        match &self.subject {
            Subject::Scopes([old, new]) => [old.as_deref(), new.as_deref()],
            Subject::Routes(_) | Subject::Catalogue => [None, None],
        }
    }

    /// Twelve hexadecimal digits, made of the finding's rule, its method and template, and whom it
    /// affects. They stay the same if the finding moves to another place of the files.
    ///
    /// ```
    #[doc = include_str!("../docs/opened.txt")]
    /// assert_eq!(finding.fingerprint().len(), 12);
    /// # Ok::<(), scopes_export::diff::TooComplex>(())
    /// ```
    #[must_use]
    pub fn fingerprint(&self) -> String {
        use sha2::{Digest, Sha256};
        let mut hash = Sha256::new();
        let mut add = |text: &str| {
            hash.update(text.as_bytes());
            hash.update([0]);
        };
        for text in [self.rule.id(), &self.method, &self.template, &self.replaced] {
            add(text);
        }
        // Not the path and the tenant of the witness, which depend on all other routes.
        for effect in [&self.widening, &self.breaking] {
            match effect.as_ref().map(Effect::caller) {
                Some(Caller::Grant { scopes, tenant }) => {
                    add("grant");
                    add(&scopes.join(" "));
                    add(if tenant.is_some() { "tenant" } else { "" });
                }
                Some(other) => add(&other.to_string()),
                None => add("-"),
            }
        }
        if self.widening.is_none() && self.breaking.is_none() {
            add(&self.message);
        }
        hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The level, what has changed, whom it affects, and the rule.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} [{}]", self.level(), self.message, self.rule)?;
        for (effect, verb) in [(&self.widening, "allowed now"), (&self.breaking, "denied now")] {
            if let Some(effect) = effect {
                write!(f, "\n    {verb}: {effect}")?;
            }
        }
        Ok(())
    }
}

/// All differences of two catalogues, in a fixed order: by path, method and rule.
///
/// ```
#[doc = include_str!("../docs/opened.txt")]
/// assert_eq!(found.findings().len(), 1);
/// # Ok::<(), scopes_export::diff::TooComplex>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    pub(crate) findings: Vec<Finding>,
}

impl Diff {
    /// The differences.
    ///
    /// ```
    #[doc = include_str!("../docs/opened.txt")]
    /// assert_eq!(found.findings(), [finding.clone()]);
    /// # Ok::<(), scopes_export::diff::TooComplex>(())
    /// ```
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The highest level, or `None` if the catalogues are equal.
    ///
    /// ```
    #[doc = include_str!("../docs/opened.txt")]
    /// assert_eq!(found.level(), Some(finding.level()));
    /// # Ok::<(), scopes_export::diff::TooComplex>(())
    /// ```
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        self.findings.iter().map(Finding::level).max()
    }
}

/// Why two catalogues could not be compared. Nothing is known about their difference then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TooComplex {
    /// The templates cross so often that there are too many classes of paths.
    Paths,
    /// A route demands several scopes, and too many other scopes include each of them.
    Requirements,
    /// The literal text beside parameters uses every character, so that the search for another
    /// value fails.
    Texts,
}

impl fmt::Display for TooComplex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Paths => "the templates cross too often to compare every class of paths",
            Self::Requirements => "a route demands several scopes, and too many scopes include them",
            Self::Texts => "the text beside parameters uses every character that a path may have",
        })
    }
}

impl std::error::Error for TooComplex {}
