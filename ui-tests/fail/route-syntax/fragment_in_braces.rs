scopes::scopes! {
    pub mod api;
    users.read { GET "/users{#part}"; }
}

fn main() {}
