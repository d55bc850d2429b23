scopes::scopes! {
    mod api;
    #[was("users.view")]
    users.read { GET "/users"; }
    #[deprecated(use = users.view)]
    users.list;
}

fn main() {}
