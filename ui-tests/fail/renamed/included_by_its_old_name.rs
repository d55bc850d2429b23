scopes::scopes! {
    mod api;
    #[was("users.view")]
    users.read { GET "/users"; }
    admin includes users.view;
}

fn main() {}
