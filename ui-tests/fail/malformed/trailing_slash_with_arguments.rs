scopes::scopes! {
    pub mod api;
    users.read {
        #[trailing_slash(exactly)]
        GET "/users/";
    }
}

fn main() {}
