use scopes::Permit;

scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

pub struct Account;

fn handler(permit: Permit<api::permits::UsersRead>) {
    let _ = permit.principal::<Account>();
}

fn main() {}
