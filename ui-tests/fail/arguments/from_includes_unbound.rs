scopes::scopes! {
    /// Test.
    pub mod api;

    tenant account;

    /// Users.
    users.read { GET "/accounts/:account/users"; }
    /// Notes.
    notes.read {
        #[unbound("the handler compares the owner of the note")]
        GET "/notes/{id}";
    }
    /// All that can be read without a path to the tenant.
    reading includes notes.read, events.read;
    /// Event types.
    events.read {
        #[global("the same for every account")]
        GET "/event-types";
    }
}

#[scopes::requires(api::reading, from = grant)]
fn held(grant: &api::Grant) -> Result<(), scopes::Denied> {
    let _ = grant;
    Ok(())
}

fn main() {}
