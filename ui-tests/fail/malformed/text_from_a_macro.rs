scopes::scopes! {
    pub mod api;
    #[doc = concat!("Read ", "users.")]
    users.read { GET "/users"; }
}

fn main() {}
