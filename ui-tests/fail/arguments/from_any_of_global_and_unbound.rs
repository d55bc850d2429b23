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
    /// Event types.
    events.read {
        #[global("the same for every account")]
        GET "/event-types";
    }
}

#[scopes::requires(any(api::events.read, api::notes.read), from = grant)]
fn held(grant: &api::Grant) -> Result<(), scopes::Denied> {
    let _ = grant;
    Ok(())
}

fn main() {}
