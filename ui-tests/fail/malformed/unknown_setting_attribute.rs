scopes::scopes! {
    #![lenient]
    pub mod api;
    users.read { GET "/users"; }
}

fn main() {}
