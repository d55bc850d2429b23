scopes::scopes! {
    pub mod api;
    users.__read { GET "/users"; }
}

fn main() {}
