#![no_implicit_prelude]

// The generated code finds the items that it needs, whatever these names mean here.
#[allow(dead_code, reason = "it only has to compile")]
mod core {}
#[allow(dead_code, reason = "it only has to compile")]
mod std {}
#[allow(dead_code, reason = "it only has to compile")]
mod alloc {}

::scopes::scopes! {
    pub mod api;
    tenant environmentId;
    environment.users.read { GET "/environments/:environmentId/users"; }
    all.read includes *.read;
    str.u64.usize;
    core.Option.Result;
    std;
}

#[::scopes::requires(api::environment.users.read)]
fn inserted() {}

#[::scopes::requires(any(api::all.read, api::core.Option.Result) as permit, stricter)]
fn combined() {
    let _ = permit.subject();
}

#[::scopes::requires(api::environment.users.read, GET "/environments/:environmentId/users")]
fn of_a_carrier(#[grant] request: ::http::Request<()>) -> ::std::result::Result<::http::Request<()>, ::scopes::Denied> {
    ::std::result::Result::Ok(request)
}

#[::scopes::requires(api::environment.users.read, from = grant, tenant = "e1")]
fn of_a_grant(grant: &api::Grant) -> ::std::result::Result<(), ::scopes::Denied> {
    ::std::result::Result::Ok(())
}

fn main() {
    let _ = (inserted, combined, of_a_carrier, of_a_grant);
}
