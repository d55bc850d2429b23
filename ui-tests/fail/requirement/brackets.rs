scopes::scopes! {
    pub mod api;
    users.read;
    all.read;
}

#[scopes::requires([api::users.read, api::all.read])]
fn list() {}

fn main() {}
