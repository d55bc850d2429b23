scopes::scopes! {
    pub mod api;
    users.read { under "/v1"; }
}

fn main() {}
