//! What a gate enforces.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use scopes_core::{Route, Scope, ScopeSet};

use super::mount::RoutesWithText;

/// What a gate enforces.
#[derive(Clone, Debug)]
pub(super) struct Enforcement<S: Scope> {
    pub(super) everywhere: bool,
    pub(super) strict: bool,
    pub(super) level: Option<ReportOnly>,
    pub(super) scopes: ScopeSet<S>,
    pub(super) routes: Vec<Route<'static>>,
    pub(super) with_text: RoutesWithText,
    /// Whether the log knows that the API is mounted elsewhere.
    pub(super) told: Arc<AtomicBool>,
}

impl<S: Scope> Default for Enforcement<S> {
    fn default() -> Self {
        Self {
            everywhere: false,
            strict: false,
            level: None,
            scopes: ScopeSet::default(),
            routes: Vec::new(),
            with_text: RoutesWithText::default(),
            told: Arc::default(),
        }
    }
}

/// What [`Gate::report_only`](super::Gate::report_only) lets through. Each level holds the ones before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ReportOnly {
    /// Callers without the scope, and undeclared routes (404, 405).
    #[default]
    Scopes,
    /// Other tenants' paths as well.
    Tenants,
    /// Callers without good credentials as well.
    Everything,
}
