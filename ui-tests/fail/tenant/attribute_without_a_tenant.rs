scopes::scopes! {
    pub mod api;
    users.read {
        #[unbound("compared in the handler")]
        GET "/users/:userId";
    }
}

fn main() {}
