scopes::scopes! {
    pub mod api;
    users.read {
        #[deprecatd = "use /people"]
        GET "/users";
    }
}

fn main() {}
