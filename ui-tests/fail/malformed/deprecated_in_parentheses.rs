scopes::scopes! {
    pub mod api;
    #[deprecated("use users.list")]
    users.read { GET "/users"; }
}

fn main() {}
