scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    principal Account;
}

pub struct Account;

fn main() {}
