scopes::scopes! {
    pub mod api;
    users.read {
        #[deprecated = "use /people"]
        #[deprecated = "use /members"]
        GET "/users";
    }
}

fn main() {}
