//! The parts of a gate that enforce its verdict.

use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use scopes_core::Scope;

use super::mount::RoutesWithText;

/// The catalogue that a gate enforces, and the exceptions from it.
#[derive(Clone, Debug)]
pub(super) struct Enforcement<S: Scope> {
    /// The reason for serving paths outside of the base without a check, if the gate does so.
    pub(super) outside: Option<Arc<str>>,
    pub(super) with_text: RoutesWithText,
    /// Whether the gate has logged that the API is mounted elsewhere.
    pub(super) told: Arc<AtomicBool>,
    /// Whether the gate has logged each of its two sentences about paths outside of the base: that
    /// it has refused a request, and that the router serves something there.
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
