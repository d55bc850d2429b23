//! Verifiers that have nothing to look up, so that the guard alone is measured.

use scopes::{Grant, Scope, Verifier, VerifyError};

/// Knows one token and has nothing to wait for.
#[derive(Clone)]
pub struct Ready<S: Scope> {
    token: &'static str,
    grant: Option<Grant<S>>,
}

impl<S: Scope> Ready<S> {
    pub const fn new(token: &'static str, grant: Grant<S>) -> Self {
        Self { token, grant: Some(grant) }
    }

    fn find(&self, token: &str) -> Option<Grant<S>> {
        self.grant.as_ref().filter(|_| token == self.token).cloned()
    }
}

impl<S: Scope> Verifier<S> for Ready<S> {
    async fn verify(&self, token: &str) -> Result<Option<Grant<S>>, VerifyError> {
        Ok(self.find(token))
    }
}
