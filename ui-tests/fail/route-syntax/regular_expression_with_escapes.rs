scopes::scopes! {
    pub mod api;
    users.read { GET "^/users/(\d+)$"; }
}

fn main() {}
