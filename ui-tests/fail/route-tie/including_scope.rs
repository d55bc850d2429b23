scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    all.read includes *.read;
}

#[scopes::requires(api::all.read, GET "/users")]
fn list() {}

fn main() {}
