//! What a gate enforces.

use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use scopes_core::Scope;

use super::mount::RoutesWithText;

/// What a gate enforces.
#[derive(Clone, Debug)]
pub(super) struct Enforcement<S: Scope> {
    pub(super) everywhere: bool,
    pub(super) with_text: RoutesWithText,
    /// Whether the log knows that the API is mounted elsewhere.
    pub(super) told: Arc<AtomicBool>,
    pub(super) catalogue: PhantomData<fn() -> S>,
}

impl<S: Scope> Default for Enforcement<S> {
    fn default() -> Self {
        Self { everywhere: false, with_text: RoutesWithText::default(), told: Arc::default(), catalogue: PhantomData }
    }
}
