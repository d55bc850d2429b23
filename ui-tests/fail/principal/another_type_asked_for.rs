use scopes::Permit;

scopes::scopes! {
    pub mod api;
    principal Account;
    users.read { GET "/users"; }
}

pub struct Account;
pub struct Session;

fn handler(permit: Permit<api::permits::UsersRead>) {
    let _ = permit.principal::<Session>();
}

fn main() {}
