//! Every route of a whole API with every kind of caller.

use scopes::{Access, Route, Tenancy};

use super::{Asked, Group, Session, is_sound, path, right_scopes, tenant_position, wrong_scopes};
use crate::catalogues::dashboard::api::{self, Scope};
use crate::client::Request;
use crate::server::{Holder, Kit, ServerUnderTest};

/// An object of `E1`: its spelling in a path, and the value that handlers must see.
pub(super) const OBJECT: (&str, &str) = ("E1.o%2D7", "E1.o-7");

pub(super) async fn group<T: ServerUnderTest>() -> Group {
    let mut group = Group::new("128 routes x 8");
    let kit = Kit::<Scope>::new::<T>();
    let mut session = Session::start::<T, Scope>(kit).await;
    let scoped = || api::CATALOGUE.routes().filter(|route| route.access() == Access::Scoped);
    group.equal(scoped().count(), 128, "the catalogue has lost routes");
    for route in scoped() {
        callers(&mut group, &mut session, route).await;
    }
    for route in api::CATALOGUE.routes().filter(|route| matches!(route.access(), Access::External(_))) {
        let target = path(route, "/api/v0", "E1", |_| OBJECT.0.into());
        let found = session.outcome(route.method(), &target, None).await;
        group.equal(found, (200, Some(route.name())), format_args!("external {route}"));
    }
    group
}

async fn callers(group: &mut Group, session: &mut Session, route: Route<'static>) {
    let (right, wrong) = (right_scopes::<Scope>(route), wrong_scopes::<Scope>(route));
    let of_e1 = Holder::new("of-e1", &right, &["E1"]);
    let token = |holder: &Holder| session.tokens.issue(holder.clone());
    let tokens = [
        token(&Holder::new("wrong", &wrong, &["E1"])),
        token(&Holder::new("of-e2", &right, &["E2"])),
        token(&Holder::new("of-none", &right, &[])),
        token(&of_e1),
    ];
    let [wrong, of_e2, of_none, good] = &tokens;
    let challenge = |rest: &str| Some(format!("Bearer realm=\"suite\"{rest}"));
    let bare = challenge("");
    let insufficient = challenge(&format!(", error=\"insufficient_scope\", scope=\"{}\"", right.join(" ")));
    let invalid = challenge(", error=\"invalid_token\", error_description=\"the access token is invalid\"");
    let malformed =
        challenge(", error=\"invalid_request\", error_description=\"the credentials are repeated or malformed\"");
    let (other_tenant, handler_compares) = match route.tenancy() {
        Tenancy::Bound => (403, false),
        Tenancy::Unbound(_) => (403, true),
        _ => (200, false),
    };
    let bearer = |token: &str| format!("Authorization: Bearer {token}");
    for (what, headers, status, challenge) in [
        ("no token", vec![], 401, bare),
        ("malformed header", vec![bearer("a b")], 400, malformed.clone()),
        ("two headers", vec![bearer(good), bearer(good)], 400, malformed),
        ("unknown token", vec![bearer("tok_x")], 401, invalid),
        ("wrong scope", vec![bearer(wrong)], 403, insufficient),
        ("other environment", vec![bearer(of_e2)], other_tenant, None),
        ("grant without tenant", vec![bearer(of_none)], other_tenant, None),
        ("right", vec![bearer(good)], 200, None),
    ] {
        let target = path(route, "/api/v0", "E1", |_| OBJECT.0.into());
        let mut request = Request::new(route.method(), target);
        for header in headers {
            request = request.header(header);
        }
        let takes_body = matches!(route.method(), "POST" | "PUT");
        if takes_body {
            request = request.body("a body");
        }
        let Asked { answer, seen } = session.ask(&request).await;
        let found = (answer.status, answer.header("www-authenticate").map(str::to_owned));
        let mut faults = Vec::new();
        if found != (status, challenge) {
            faults.push(format!("answered {found:?}"));
        }
        match (&*seen, what) {
            ([seen], "right") => {
                let values: Vec<&str> = seen.parameters.iter().map(|(_, value)| &**value).collect();
                let expected: Vec<&str> = (0..route.parameters().len())
                    .map(|index| if Some(index) == tenant_position(route) { "E1" } else { OBJECT.1 })
                    .collect();
                let echoed = answer.json();
                if seen.route != route.name()
                    || !is_sound::<Scope>(seen, Some(&of_e1))
                    || values != expected
                    || seen.permits_parameters.iter().map(|(_, value)| &**value).ne(values)
                    || seen.body.as_deref() != takes_body.then_some("a body")
                    || echoed["subject"] != "of-e1"
                    || echoed["route"] != route.name()
                {
                    faults.push(format!("the handler saw {seen:?}"));
                }
            }
            ([], _) if status != 200 => {}
            // The handler of an unbound route runs and compares the owner itself.
            ([_], "other environment" | "grant without tenant") if handler_compares || status == 200 => {}
            (seen, _) => faults.push(format!("these ran: {seen:?}")),
        }
        group.check(faults.is_empty(), || format!("{what}, {route}: {}", faults.join("; ")));
    }
}
