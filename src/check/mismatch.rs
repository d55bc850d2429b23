//! Sentences for the log: a handler and its route demand different scopes, or a grant has no
//! tenants.

use std::fmt;

use scopes_core::{Access, CallerStatus, Denial, Requirement, Route, Tenants};

use crate::settings::Settings;

/// The sentence for a handler whose demand differs from its route's.
pub(super) struct Mismatch<'a> {
    pub(super) required: &'a Requirement,
    pub(super) route: Route<'static>,
}

impl fmt::Display for Mismatch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (route, catalogue) = (self.route, self.route.catalogue());
        write!(f, "the handler of `{route}` requires `{}`, but the catalogue ", self.required.display(catalogue))?;
        match route.access() {
            Access::Scoped => write!(
                f,
                "requires `{}`: write the same in both places, or `stricter` if the handler is to ask for more",
                route.requirement().display(catalogue)
            ),
            Access::Public(_) => f.write_str("says that it is public: remove the permit or declare the route's scope"),
            Access::Authenticated(_) => f.write_str(
                "says that any valid grant will do: take the `Grant` instead of the permit, write `stricter`, or declare \
                 the route's scope",
            ),
            Access::External(_) => {
                f.write_str("says that something else checks it: remove the permit or declare the route's scope")
            }
        }
    }
}

/// Logs, once for each route, that a grant without tenants cannot open a route that names one.
/// Nearly always the verifier has forgotten to set them, and the 403 does not tell the reason.
pub(crate) fn tell_of_no_tenants(
    settings: &Settings,
    caller: &CallerStatus<'_>,
    route: Route<'static>,
    denial: Denial,
) {
    if matches!(denial, Denial::OtherTenant)
        && let CallerStatus::Granted(holder) = caller
        && matches!(holder.tenants(), Tenants::None)
    {
        settings.told.warning(format_args!(
            "a grant has no tenants, and `{route}` names the tenant, so the request is denied: let the verifier say whose data the \
             token is for with `Grant::for_tenant(..)`, or with `for_any_tenant()` for an operator's own token"
        ));
    }
}
