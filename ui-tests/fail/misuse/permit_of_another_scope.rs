scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    users.write { POST "/users"; }
}

fn delete(_: scopes::Permit<api::permits::UsersWrite>) {}

#[scopes::requires(api::users.read as permit)]
fn list() {
    delete(permit);
}

fn main() {}
