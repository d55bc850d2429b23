scopes::scopes! {
    mod api;
    users.read {
        #[deprecated(use = users.reed)]
        GET "/people";
    }
}

fn main() {}
