scopes::scopes! {
    pub mod api;
    users.read {
        #[overlaps("`me` has no export")]
        GET "/users/:id/export";
    }
    me.read { GET "/users/me/:page"; }
}

fn main() {}
