scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    users.write { POST "/users"; }
}

#[scopes::requires(api::users.read as permit: Permit)]
fn handler() -> bool {
    permit.tenant().is_some()
}

fn main() {}
