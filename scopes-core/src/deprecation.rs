//! The deprecation of a scope or of a route: why, since when, until when, and what replaces it.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::catalogue::{ScopeInfo, UntypedCatalogue};
use crate::date::Date;
use crate::layout::ScheduleFields;
use crate::route::Route;
use crate::scope::ScopeId;

/// Why a scope or a route is deprecated, since when, until when, and what replaces it.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::{Declaration, DeprecationDeclaration}};
///
/// let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").route("GET", "/users");
/// let mut deprecated = DeprecationDeclaration::from("people are users now");
/// deprecated.since = Some("2026-11-01".into());
/// deprecated.sunset = Some("2027-05-01".into());
/// deprecated.successor = Some("users.read".into());
/// declaration.scope("people.read").deprecated = Some(deprecated);
/// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
///
/// let deprecation = catalogue.scopes().last().unwrap().deprecation().unwrap();
/// assert_eq!(deprecation.reason(), "people are users now");
/// assert_eq!(deprecation.since().unwrap().unix_seconds(), 1_793_491_200);
/// assert_eq!(deprecation.sunset().unwrap().to_string(), "2027-05-01");
/// assert_eq!(deprecation.successor().unwrap().name(), "users.read");
/// # Ok::<(), scopes_core::CatalogueErrors>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Deprecation<'c> {
    reason: &'c str,
    since: Option<Date>,
    sunset: Option<Date>,
    successor: Option<ScopeInfo<'c>>,
}

impl<'c> Deprecation<'c> {
    pub(crate) fn new(catalogue: &'c UntypedCatalogue, reason: &'c str, schedule: ScheduleFields) -> Self {
        Self {
            reason,
            since: schedule.since.and_then(Date::from_days),
            sunset: schedule.sunset.and_then(Date::from_days),
            successor: schedule.successor.and_then(|id| catalogue.scope(ScopeId(id))),
        }
    }

    /// The reason for humans; empty if the declaration has none.
    #[must_use]
    pub const fn reason(self) -> &'c str {
        self.reason
    }

    /// The day from which the scope or route is deprecated.
    #[must_use]
    pub const fn since(self) -> Option<Date> {
        self.since
    }

    /// The day from which the scope or route may stop working.
    #[must_use]
    pub const fn sunset(self) -> Option<Date> {
        self.sunset
    }

    /// The scope to use instead. It is not deprecated itself.
    #[must_use]
    pub const fn successor(self) -> Option<ScopeInfo<'c>> {
        self.successor
    }

    /// The dates and the successor in the words that follow "deprecated" in a sentence. A comma
    /// stands before them, unless they begin with `since`. Empty without dates and successor.
    /// `show` writes the successor.
    ///
    /// ```
    /// use scopes_core::{UntypedCatalogue, declaration::{Declaration, DeprecationDeclaration}};
    ///
    /// let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// let mut deprecated = DeprecationDeclaration::from("people are users now");
    /// deprecated.sunset = Some("2027-05-01".into());
    /// deprecated.successor = Some("users.read".into());
    /// declaration.scope("people.read").deprecated = Some(deprecated);
    /// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
    ///
    /// let deprecation = catalogue.scopes().last().unwrap().deprecation().unwrap();
    /// let words = deprecation.schedule_in_words(|scope| format!("`{scope}`"));
    /// assert_eq!(format!("deprecated{words}"), "deprecated, works until 2027-05-01, use `users.read`");
    /// # Ok::<(), scopes_core::CatalogueErrors>(())
    /// ```
    pub fn schedule_in_words(self, show: impl FnOnce(ScopeInfo<'c>) -> String) -> String {
        let since = self.since.map(|date| format!("since {date}"));
        let sunset = self.sunset.map(|date| format!("works until {date}"));
        let successor = self.successor.map(|scope| format!("use {}", show(scope)));
        let parts: Vec<String> = [since, sunset, successor].into_iter().flatten().collect();
        let before = match (self.since, parts.is_empty()) {
            (Some(_), _) => " ",
            (None, true) => "",
            (None, false) => ", ",
        };
        format!("{before}{}", parts.join(", "))
    }

    /// Whether it has a date or a successor, which a server can tell clients.
    pub(crate) const fn is_announced(self) -> bool {
        self.since.is_some() || self.sunset.is_some() || self.successor.is_some()
    }

    /// The deprecation of a route that only deprecated scopes open: the route works as long as one
    /// of its alternatives works, and an alternative works as long as each of its scopes works.
    pub(crate) fn inherited(route: Route<'c>) -> Option<Self> {
        let catalogue = route.catalogue();
        let mut latest: Option<Self> = None;
        for term in route.requirement().iter() {
            let scopes = term.ids().filter_map(|id| catalogue.scope(id)?.deprecation());
            let first = scopes.reduce(|first, next| {
                let earlier = if next.ends_before(first) { next } else { first };
                Self { since: earliest(first.since, next.since), ..earlier }
            })?;
            latest = Some(match latest {
                None => first,
                Some(before) => {
                    let later = if before.ends_before(first) { first } else { before };
                    // Unless both alternatives have a date, it is not known since when both are
                    // deprecated.
                    let since = before.since.zip(first.since).map(|(before, first)| before.max(first));
                    Self { since, ..later }
                }
            });
        }
        latest
    }

    fn ends_before(self, other: Self) -> bool {
        match (self.sunset, other.sunset) {
            (Some(own), Some(other)) => own < other,
            (own, None) => own.is_some(),
            (None, Some(_)) => false,
        }
    }
}

/// The earlier one of two dates that are known.
fn earliest(first: Option<Date>, second: Option<Date>) -> Option<Date> {
    match (first, second) {
        (Some(first), Some(second)) => Some(first.min(second)),
        (known, None) | (None, known) => known,
    }
}
