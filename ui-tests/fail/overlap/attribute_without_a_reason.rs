scopes::scopes! {
    #![strict]
    pub mod api;
    users.read {
        #[overlaps]
        GET "/users/:id/export";
    }
    me.read { GET "/users/me/:page"; }
}

fn main() {}
