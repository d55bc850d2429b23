scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    users.all includes { users.read };
}

fn main() {}
