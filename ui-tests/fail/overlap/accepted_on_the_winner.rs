scopes::scopes! {
    #![strict]
    pub mod api;
    users.read { GET "/users/:id/export"; }
    me.read {
        #[overlaps("`me` has no export")]
        GET "/users/me/:page";
    }
}

fn main() {}
