scopes::scopes! {
    #![strict]
    pub mod api;
    users.read {
        #[overlaps("an export is no user")]
        GET "/users/:action";
    }
    admin.read { GET "/users/export"; }
}

fn main() {}
