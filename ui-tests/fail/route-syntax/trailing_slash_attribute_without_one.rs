scopes::scopes! {
    pub mod api;
    users.read {
        #[trailing_slash]
        GET "/users";
    }
}

fn main() {}
