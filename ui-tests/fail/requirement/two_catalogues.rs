scopes::scopes! {
    pub mod api;
    users.read;
}

scopes::scopes! {
    pub mod admin;
    users.read;
}

#[scopes::requires(all(api::users.read, admin::users.read))]
fn list() {}

fn main() {}
