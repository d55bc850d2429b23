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
}

#[scopes::requires(api::notes.read, from = grant)]
fn held(grant: &api::Grant) -> Result<(), scopes::Denied> {
    let _ = grant;
    Ok(())
}

fn main() {}
