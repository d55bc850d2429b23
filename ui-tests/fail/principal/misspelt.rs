scopes::scopes! {
    pub mod api;
    principle Account;
    users.read { GET "/users"; }
}

pub struct Account;

fn main() {}
