scopes::scopes! {
    pub mod api;
    users.read;
    authenticated("who am I") { GET "/me"; }
}

#[scopes::requires(api::users.read, GET "/me")]
fn me() {}

fn main() {}
