scopes::scopes! {
    mod api;
    #[was("users.view")]
    users.read { GET "/users"; }
}

#[scopes::requires(api::users.view)]
fn list() {}

fn main() {}
