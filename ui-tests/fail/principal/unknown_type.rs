scopes::scopes! {
    pub mod api;
    principal Acount;
    users.read { GET "/users"; }
}

pub struct Account;

fn main() {}
