scopes::scopes! {
    pub mod api;
    principal Account;
    principal crate::Session;
    users.read { GET "/users"; }
}

pub struct Account;
pub struct Session;

fn main() {}
