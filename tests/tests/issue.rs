//! Which scopes a token's holder may pass on, with the shared catalogue.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use scopes::Tenants;
use scopes::tokens::{IssueRequest, issue};
use scopes_tests::api::{Grant, Scope, Scopes};

const ALL: &[Scope] = &[Scope::AllRead];
const USERS: &[Scope] = &[Scope::UsersRead];
const MEMBERS: &[Scope] = &[Scope::UsersRead, Scope::EventsRead];

fn both() -> Tenants {
    Tenants::only(["E1", "E2"]).unwrap()
}

fn one(tenant: &str) -> Tenants {
    Tenants::only([tenant]).unwrap()
}

#[test]
fn a_new_token_never_may_do_more_than_its_issuer() {
    for (held, of, wanted, tenants, expected) in [
        (ALL, both(), ALL, both(), Ok(())),
        (ALL, both(), MEMBERS, one("E1"), Ok(())),
        (MEMBERS, both(), ALL, both(), Err("not yours to give: `all.read`")),
        (
            USERS,
            both(),
            &[Scope::EventsRead, Scope::AllRead],
            both(),
            Err("not yours to give: `events.read`, `all.read`"),
        ),
        (USERS, both(), &[], Tenants::None, Ok(())),
        (&[], Tenants::None, &[], Tenants::None, Ok(())),
        (USERS, both(), USERS, Tenants::only(["E1", "E3"]).unwrap(), Err("`E3` is not a tenant of yours")),
        (USERS, Tenants::None, USERS, one("E1"), Err("`E1` is not a tenant of yours")),
        (USERS, Tenants::Any, USERS, one("E1"), Ok(())),
        (USERS, Tenants::Any, USERS, Tenants::Any, Err("a token for any tenant cannot be issued, name them")),
    ] {
        let wanted: Scopes = wanted.iter().copied().collect();
        let issuer = Grant::new(held.iter().copied().collect::<Scopes>())
            .with_tenants(of)
            .with_subject("admin")
            .with_token_id("T1");
        let request = IssueRequest::new(wanted, tenants.clone());
        match issue(&issuer, request) {
            Ok(issued) => {
                assert_eq!(expected, Ok(()), "{wanted}");
                assert_eq!((issued.scopes, &issued.tenants), (wanted, &tenants));
                assert_eq!(issued.issuer_token_id.as_deref(), Some("T1"));
                let grant = issued.into_grant();
                assert_eq!((grant.scopes(), grant.tenants()), (wanted, &tenants));
                assert_eq!((grant.subject(), grant.token_id()), (Some("admin"), None));
            }
            Err(error) => assert_eq!(Err(error.to_string().as_str()), expected, "{wanted}"),
        }
    }
}

#[test]
fn unknown_names_are_refused_with_the_nearest() {
    let error = IssueRequest::<Scope>::from_names(["users.read", "users.wirte"], Tenants::None).unwrap_err();
    assert_eq!(error.to_string(), "unknown scope `users.wirte`, did you mean `users.write`?");
}
