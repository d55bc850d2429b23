scopes::scopes! {
    pub mod api;
    principal = crate::Account;
    users.read { GET "/users"; }
}

pub struct Account;

fn main() {}
