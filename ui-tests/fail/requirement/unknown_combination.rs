scopes::scopes! {
    pub mod api;
    users.read;
    all.read;
}

#[scopes::requires(one_of(api::users.read, api::all.read))]
fn list() {}

fn main() {}
