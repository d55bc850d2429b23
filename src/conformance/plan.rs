//! What is sent for one route: every kind of caller with the path as declared, then the tricks by those who may not.

use scopes_core::{Access, Route, Scope, Tenancy, Tenants};

use super::derive::{self, Trick};
use super::spelled::Spelled;
use super::{Conformance, corpus};

/// A request to be sent.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    /// The route it is about.
    pub(super) route: Route<'static>,
    /// What to send, but for the credentials.
    pub(super) trick: Trick,
    /// The token that is sent and counts, by its number; without one the caller is nobody.
    pub(super) caller: Option<usize>,
    /// Method and path are as declared: there is only one reading of them.
    pub(super) as_declared: bool,
    /// The caller has every right to what is sent, which is as declared.
    pub(super) right: bool,
}

/// No token of anybody.
const UNKNOWN: [&str; 2] = ["Authorization: Bearer unknown-0123456789", "Authorization: Bearer x"];
/// No credentials at all, by their form.
const MALFORMED: [&str; 4] =
    ["Authorization: Bearer", "Authorization: Bearer a b", "Authorization: Bearer ,", "Authorization: ="];

impl<S: Scope> Conformance<S> {
    /// Everything that is sent for a route.
    pub(super) fn planned(&self, route: Route<'static>, with_long: bool) -> Vec<Planned> {
        let mut all = Vec::new();
        let open = matches!(route.access(), Access::Public(_) | Access::External(_));
        let home = self.tenants().first().copied().unwrap_or("tenant-1").to_owned();
        let Some(spelled) = self.spelled(route, &home) else { return all };
        let method = route.method();
        let nobody = |class, path: String| {
            let trick = Trick::new(class, method, path);
            Planned { route, trick, caller: None, as_declared: true, right: false }
        };
        let tricky = |trick, caller| Planned { route, trick, caller, as_declared: false, right: false };
        if open {
            all.push(Planned { right: true, ..nobody("right", spelled.path()) });
            return all;
        }
        all.push(nobody("no token", spelled.path()));
        for (class, lines) in [("unknown token", &UNKNOWN[..]), ("malformed token", &MALFORMED)] {
            for line in lines {
                let mut planned = nobody(class, spelled.path());
                planned.trick = planned.trick.header(*line);
                all.push(planned);
            }
        }
        let public = self.public_path();
        let mut refused: Vec<(Option<usize>, Spelled)> = vec![(None, spelled.clone())];
        for (number, token) in self.tokens.iter().enumerate() {
            let by_token = |class, spelled: &Spelled| Planned { caller: Some(number), ..nobody(class, spelled.path()) };
            let tenants = token.grant.tenants();
            let own = tenants.iter().next().unwrap_or(&home).to_owned();
            let Some(at_home) = self.spelled(route, &own) else { continue };
            let satisfied =
                route.access() != Access::Scoped || route.requirement().satisfied_by(token.grant.effective_words());
            if !satisfied {
                all.push(by_token("missing scope", &at_home));
                refused.push((Some(number), at_home));
                continue;
            }
            if matches!(route.tenancy(), Tenancy::Bound)
                && let Some(foreign) = self.foreign_tenant(tenants)
                && let Some(abroad) = self.spelled(route, &foreign)
            {
                all.push(by_token("other tenant", &abroad));
                if *tenants != Tenants::None {
                    let parameter = route.tenant_parameter().map_or("tenant", |parameter| parameter.name);
                    let mixed = derive::tenants(method, &abroad, &own, parameter);
                    all.extend(mixed.into_iter().map(|trick| tricky(trick, Some(number))));
                }
                refused.push((Some(number), abroad));
            }
            if !matches!(route.tenancy(), Tenancy::Bound) || *tenants != Tenants::None {
                all.push(Planned { right: true, ..by_token("right", &at_home) });
                let misplaced = derive::credentials(method, &at_home.path(), &token.raw);
                all.extend(misplaced.into_iter().map(|trick| Planned { as_declared: true, ..tricky(trick, None) }));
            }
        }
        for (caller, spelled) in refused {
            let tricks = derive::tricks(method, &spelled, &public).into_iter().chain(corpus::tricks(
                method,
                &spelled.path(),
                with_long,
            ));
            all.extend(tricks.map(|trick| tricky(trick, caller)));
        }
        all
    }

    fn spelled(&self, route: Route<'_>, tenant: &str) -> Option<Spelled> {
        let value = |name: &str| self.values.get(name).map_or_else(|| "1".to_owned(), Clone::clone);
        Spelled::new(route, &self.base, tenant, value)
    }

    /// The tenants that the tokens name.
    fn tenants(&self) -> Vec<&str> {
        self.tokens.iter().flat_map(|token| token.grant.tenants().iter()).collect()
    }

    /// A tenant that the grant is not for; of another token, if there is one, since only then it need not be made up.
    fn foreign_tenant(&self, tenants: &Tenants) -> Option<String> {
        let known = self.tenants().into_iter().find(|tenant| !tenants.covers(tenant));
        let made_up = || ["tenant-2", "tenant-3"].into_iter().find(|tenant| !tenants.covers(tenant));
        known.or_else(made_up).map(str::to_owned)
    }

    /// What everybody may reach, else the root.
    fn public_path(&self) -> String {
        let mut open = self.catalogue.routes().filter(|route| matches!(route.access(), Access::Public(_)));
        let spelled = open.find(|route| route.method() == "GET").and_then(|route| self.spelled(route, "tenant-1"));
        spelled.map_or_else(|| "/".to_owned(), |spelled| spelled.path())
    }
}
