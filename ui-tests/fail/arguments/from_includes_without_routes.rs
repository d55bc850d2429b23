scopes::scopes! {
    /// Test.
    pub mod api;

    tenant account;

    /// Users.
    users.read { GET "/accounts/:account/users"; }
    /// Jobs.
    jobs.run;
    /// Event types.
    events.read {
        #[global("the same for every account")]
        GET "/event-types";
    }
    /// All jobs.
    jobs.all includes jobs.run, events.read;
}

#[scopes::requires(api::jobs.all, from = grant)]
fn held(grant: &api::Grant) -> Result<(), scopes::Denied> {
    let _ = grant;
    Ok(())
}

fn main() {}
