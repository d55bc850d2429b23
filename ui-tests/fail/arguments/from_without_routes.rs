scopes::scopes! {
    /// Test.
    pub mod api;

    tenant account;

    /// Users.
    users.read { GET "/accounts/:account/users"; }
    /// Jobs.
    jobs.run;
}

#[scopes::requires(api::jobs.run, from = grant)]
fn held(grant: &api::Grant) -> Result<(), scopes::Denied> {
    let _ = grant;
    Ok(())
}

fn main() {}
