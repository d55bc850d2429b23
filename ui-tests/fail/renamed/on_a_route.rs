scopes::scopes! {
    mod api;
    users.read {
        #[was("/people")]
        GET "/users";
    }
}

fn main() {}
