scopes::scopes! {
    pub mod api;
    users.read { under "environments" { GET "/users"; GET "/roles"; } }
}

fn main() {}
