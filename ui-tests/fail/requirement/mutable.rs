scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[scopes::requires(mut api::users.read as permit)]
fn list() -> bool {
    permit.tenant().is_none()
}

fn main() {}
