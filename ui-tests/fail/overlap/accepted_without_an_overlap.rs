scopes::scopes! {
    #![strict]
    pub mod api;
    users.read {
        #[overlaps("an export has no id.")]
        GET "/users/:action";
    }
    admin.read { GET "/users/export"; }
}

fn main() {}
