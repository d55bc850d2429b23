//! Nested routers, other parameter names, one name for all parameters, another mount.

use scopes::Access;

use super::routes::OBJECT;
use super::{Asked, Group, Session, is_sound, path, right_scopes, tenant_position, wrong_scopes};
use crate::catalogues::dashboard::api::{self, Scope};
use crate::client::Request;
use crate::server::{Holder, Kit, Naming, Nesting, ServerUnderTest};

pub(super) async fn group<T: ServerUnderTest>() -> Group {
    let mut group = Group::new("nests, names");
    for (nesting, naming) in [
        (Nesting::Flat, Naming::Other),
        (Nesting::Flat, Naming::Repeated),
        (Nesting::Base, Naming::Catalogue),
        (Nesting::Base, Naming::Repeated),
        (Nesting::Tenant, Naming::Other),
        (Nesting::Tenant, Naming::Repeated),
    ] {
        if naming == Naming::Repeated && !T::FACTS.repeated_names {
            group.impossible("one name for two parameters");
            continue;
        }
        if nesting == Nesting::Tenant && !T::FACTS.nests_below_parameters {
            group.impossible("a mount with a parameter in it");
            continue;
        }
        let kit = Kit { naming, nesting, ..Kit::new::<T>() };
        let mut session = Session::start::<T, Scope>(kit).await;
        every_route(&mut group, &mut session, "/api/v0", (nesting, naming)).await;
    }
    let kit = Kit { mounted_at: Some("/v2/admin"), nesting: Nesting::Base, ..Kit::new::<T>() };
    let mut session = Session::start::<T, Scope>(kit).await;
    every_route(&mut group, &mut session, "/v2/admin", (Nesting::Base, Naming::Catalogue)).await;
    let token = session.token(&["environment.users.read"], &["E1"]);
    for target in
        ["/api/v0/environments/E1/users", "/v2/admin/api/v0/environments/E1/users", "/v2/environments/E1/users"]
    {
        let found = session.outcome("GET", target, Some(&token)).await;
        group.equal(found, (404, None), format_args!("mounted at /v2/admin, {target}"));
    }
    group
}

async fn every_route(group: &mut Group, session: &mut Session, base: &str, setup: (Nesting, Naming)) {
    for route in api::CATALOGUE.routes().filter(|route| route.access() == Access::Scoped) {
        let bound = tenant_position(route).is_some();
        let right = right_scopes::<Scope>(route);
        for (what, holder, status) in [
            ("right", Holder::new("right", &right, &["E1"]), 200),
            ("wrong scope", Holder::new("wrong", &wrong_scopes::<Scope>(route), &["E1"]), 403),
            // The object's name contains the other tenant's name, in case a framework reads the
            // wrong parameter as the tenant.
            ("other environment", Holder::new("other", &right, &["E1.o-7"]), 403),
        ] {
            if what == "other environment" && !bound {
                continue;
            }
            let token = session.tokens.issue(holder.clone());
            let target = path(route, base, "E1", |_| OBJECT.0.into());
            let mut request = Request::new(route.method(), target).token(&token);
            if matches!(route.method(), "POST" | "PUT") {
                request = request.body("a body");
            }
            let Asked { answer, seen } = session.ask(&request).await;
            let right = match &*seen {
                [] => status != 200,
                [seen] => status == 200 && seen.route == route.name() && is_sound::<Scope>(seen, Some(&holder)),
                _ => false,
            };
            group.check(answer.status == status && right, || {
                format!("{setup:?}, {what}, {route}: {} {seen:?}", answer.status)
            });
        }
    }
}
