//! What a gate enforces.

use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use scopes_core::Scope;

use super::mount::RoutesWithText;

/// What a gate enforces.
#[derive(Clone, Debug)]
pub(super) struct Enforcement<S: Scope> {
    /// Why what lies outside of the base is served without a check, if it is.
    pub(super) outside: Option<Arc<str>>,
    pub(super) with_text: RoutesWithText,
    /// Whether the log knows that the API is mounted elsewhere.
    pub(super) told: Arc<AtomicBool>,
    /// Whether the log knows that something outside of the base was asked for, and that the router
    /// serves something there.
    pub(super) told_outside: Arc<[AtomicBool; 2]>,
    pub(super) catalogue: PhantomData<fn() -> S>,
}

impl<S: Scope> Default for Enforcement<S> {
    fn default() -> Self {
        Self {
            outside: None,
            with_text: RoutesWithText::default(),
            told: Arc::default(),
            told_outside: Arc::default(),
            catalogue: PhantomData,
        }
    }
}
