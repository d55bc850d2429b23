scopes::scopes! {
    pub mod api;
    users.read {
        #[deprecated(reason = "use /people")]
        GET "/users";
    }
}

fn main() {}
