scopes::scopes! {
    pub mod api;
    users.read { GET "/users/:userId"; }
}

#[scopes::requires(api::users.read, GET "/users/<userId>")]
fn show() {}

fn main() {}
