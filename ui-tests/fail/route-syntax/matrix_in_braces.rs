scopes::scopes! {
    pub mod api;
    users.read { GET "/users{;m}"; }
}

fn main() {}
