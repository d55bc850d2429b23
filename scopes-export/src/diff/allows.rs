//! Whether a catalogue allows the caller of an effect.

use scopes_core::{Access, CallerStatus, Holder, Tenants, UntypedCatalogue};

use super::{Caller, Effect};

impl Effect {
    /// Whether a catalogue allows this request of this caller. A caller with a grant also passes
    /// the checks that the catalogue leaves to others: the check of an `external` route, and the
    /// comparison of the owner on an `unbound` route.
    ///
    /// ```
    #[doc = include_str!("../docs/opened.txt")]
    /// let effect = finding.widening().unwrap();
    /// assert!(effect.is_allowed_by(&catalogue("public")));
    /// assert!(!effect.is_allowed_by(&catalogue("authenticated")));
    /// # Ok::<(), scopes_export::diff::TooComplex>(())
    /// ```
    #[must_use]
    pub fn is_allowed_by(&self, catalogue: &UntypedCatalogue) -> bool {
        let (names, tenant) = match self.caller() {
            Caller::Anyone | Caller::External => (None, None),
            Caller::Grant { scopes, tenant } => (Some(scopes), tenant.as_deref()),
        };
        let words = words_of(catalogue, names.into_iter().flatten().map(String::as_str));
        let tenants = tenant.map_or(Tenants::None, |tenant| Tenants::only([tenant]).unwrap_or(Tenants::None));
        let caller = match names {
            Some(_) => CallerStatus::Granted(Holder::new(&words, &tenants)),
            None => CallerStatus::Absent,
        };
        let decision = catalogue.decide(self.method(), self.path().as_bytes(), &caller);
        let is_external = decision.route().is_some_and(|route| matches!(route.access(), Access::External(_)));
        decision.is_allowed() && (!is_external || *self.caller() == Caller::External)
    }
}

/// The scopes of these names as bits, with those that they include. Old names count, unknown ones
/// do not.
pub(crate) fn words_of<'n>(catalogue: &UntypedCatalogue, names: impl Iterator<Item = &'n str>) -> Vec<u64> {
    let mut words = vec![0_u64; catalogue.scopes().len().div_ceil(64).max(1)];
    for name in names {
        let id = catalogue.scope_named(name).or_else(|| catalogue.scope_once_named(name));
        if let Some(id) = id
            && let Some(word) = words.get_mut(id.index() / 64)
        {
            *word |= 1 << (id.index() % 64);
        }
    }
    catalogue.close(&mut words);
    words
}
