scopes::scopes! {
    pub mod api;
    users.read {
        GET "/users";
        #[deprecated = "use /people"]
    }
}

fn main() {}
