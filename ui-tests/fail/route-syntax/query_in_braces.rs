scopes::scopes! {
    pub mod api;
    users.read { GET "/users{?page,size}"; }
}

fn main() {}
