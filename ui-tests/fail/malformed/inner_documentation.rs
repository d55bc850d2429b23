scopes::scopes! {
    pub mod api;
    users.read {
        //! Lists users.
        GET "/users";
    }
}

fn main() {}
