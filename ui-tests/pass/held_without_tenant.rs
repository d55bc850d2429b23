// `from = ..` needs neither `tenant` nor `unbound` if every scope opens only `global` routes, or
// the catalogue has no tenant.

use scopes::{Denied, requires};

scopes::scopes! {
    /// With a tenant.
    pub mod api;

    tenant account;

    /// Users.
    users.read { GET "/accounts/:account/users"; }
    /// Event types.
    events.read {
        #[global("the same for every account")]
        GET "/event-types";
    }
    /// Regions.
    regions.read {
        #[global("the same for every account")]
        GET "/regions";
    }
    /// What is the same for every account.
    common.read includes events.read, regions.read;
}

scopes::scopes! {
    /// Without a tenant.
    pub mod plain;

    /// Jobs.
    jobs.run;
    /// Users.
    users.read { GET "/users"; }
}

#[requires(api::events.read, from = grant)]
fn one(grant: &api::Grant) -> Result<(), Denied> {
    Ok(drop(grant.clone()))
}

#[requires(all(api::events.read, any(api::regions.read, api::common.read)), from = grant)]
fn several(grant: &api::Grant) -> Result<(), Denied> {
    Ok(drop(grant.clone()))
}

// It includes scopes of `global` routes only.
#[requires(api::common.read, from = grant)]
fn included(grant: &api::Grant) -> Result<(), Denied> {
    Ok(drop(grant.clone()))
}

#[requires(any(plain::jobs.run, plain::users.read), from = grant)]
fn without_a_tenant(grant: &plain::Grant) -> Result<(), Denied> {
    Ok(drop(grant.clone()))
}

fn main() {
    let grant = api::Grant::new(api::Scope::set(&[api::Scope::EventsRead, api::Scope::CommonRead])).for_tenant("A1").unwrap();
    assert!(one(&grant).is_ok() && several(&grant).is_ok() && included(&grant).is_ok());
    let grant = plain::Grant::new(plain::Scope::JobsRun);
    assert!(without_a_tenant(&grant).is_ok());
}
