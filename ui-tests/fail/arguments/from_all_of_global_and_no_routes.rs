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
}

#[scopes::requires(all(api::events.read, api::jobs.run), from = grant)]
fn held(grant: &api::Grant) -> Result<(), scopes::Denied> {
    let _ = grant;
    Ok(())
}

fn main() {}
