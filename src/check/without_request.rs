//! The check of a grant without a request: in a job, a GraphQL resolver, a plain function.

use scopes_core::{Denial, Requirement, Scope, ScopeId, ScopeInfo};

use crate::denial::{Denied, default_settings};
use crate::required::{Required, few_alternatives};
use crate::{Grant, Permit, UntypedCatalogue, principal};

/// The tenant of a check without a request.
///
/// ```
/// # scopes::scopes! {
/// #     pub mod api;
/// #     tenant account;
/// #     users.read { GET "/accounts/{account}/users"; }
/// # }
/// use scopes::Denial;
/// use scopes::check::{TenantWithoutRequest, check_grant};
///
/// let grant = api::Grant::new(api::Scope::UsersRead).for_tenant("a1")?;
/// let other = TenantWithoutRequest::At("a2");
/// let denied = check_grant::<api::permits::UsersRead>(Some(&grant), other).unwrap_err();
/// assert_eq!(denied.denial(), Some(Denial::OtherTenant));
/// # Ok::<(), scopes::TenantError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum TenantWithoutRequest<'a> {
    /// The grant must be valid for this tenant.
    At(&'a str),
    /// The code compares the owner itself. Holds the reason.
    Unbound(&'static str),
    /// All routes that the requirement's scopes open are `global`, or the catalogue has no tenant.
    NotNeeded,
}

/// Checks a grant without a request.
///
/// This check has no [`Settings`](crate::Settings), so
/// [`Settings::report_only`](crate::Settings::report_only) does not apply.
///
/// ```
/// # scopes::scopes! {
/// #     pub mod api;
/// #     tenant account;
/// #     users.read { GET "/accounts/{account}/users"; }
/// # }
/// use scopes::check::{TenantWithoutRequest, check_grant};
///
/// let grant = api::Grant::new(api::Scope::UsersRead).for_tenant("a1")?.with_subject("ada");
/// let tenant = TenantWithoutRequest::At("a1");
/// let permit = check_grant::<api::permits::UsersRead>(Some(&grant), tenant)?;
/// assert_eq!((permit.subject(), permit.tenant()), (Some("ada"), Some("a1")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Those of [`permit`](super::permit). Also a 500 for [`TenantWithoutRequest::NotNeeded`] if the
/// catalogue's routes need a tenant.
pub fn check_grant<R: Required>(
    grant: Option<&Grant<R::Scope>>,
    tenant: TenantWithoutRequest<'_>,
) -> Result<Permit<R>, Denied> {
    const { few_alternatives::<R>() };
    let (catalogue, settings) = (R::Scope::catalogue(), default_settings());
    let denied = |denial| Denied::new(denial, settings, catalogue);
    if matches!(tenant, TenantWithoutRequest::NotNeeded) && some_scope_asks_for_tenant(catalogue, &R::requirement()) {
        return Err(Denied::misconfigured(
            settings,
            catalogue,
            format_args!(
                "`{}` is checked without a tenant, but not all of its scopes open `global` routes only: say `tenant = ..` or \
                 `unbound = \"why\"`",
                R::requirement().display(catalogue)
            ),
        ));
    }
    let grant = grant.ok_or_else(|| denied(Denial::CredentialsAbsent))?;
    if !principal::is_sound(grant, settings) {
        return Err(Denied::misconfigured_silently(settings, catalogue));
    }
    let tenant = match tenant {
        TenantWithoutRequest::At(tenant) => Some(tenant),
        TenantWithoutRequest::Unbound(_) | TenantWithoutRequest::NotNeeded => None,
    };
    let has_scopes = R::satisfied_by(grant.effective_words());
    let has_tenant = tenant.is_none_or(|tenant| grant.tenants().covers(tenant));
    match (has_scopes, has_tenant) {
        (true, true) => Ok(Permit::without_route(grant, tenant, settings)),
        _ if grant.is_anonymous() => Err(denied(Denial::CredentialsAbsent)),
        (false, _) => Err(Denied::scope_missing(R::requirement(), grant.effective_words(), settings, catalogue)),
        (true, false) => Err(denied(Denial::OtherTenant)),
    }
}

/// The same rule by which `#[requires(.., from = ..)]` compiles without `tenant` and `unbound`.
fn some_scope_asks_for_tenant(catalogue: &UntypedCatalogue, requirement: &Requirement) -> bool {
    let asks = |&scope: &ScopeId| catalogue.scope(scope).is_none_or(ScopeInfo::asks_for_tenant);
    requirement.alternatives().flatten().any(asks)
}
