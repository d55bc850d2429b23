scopes::scopes! {
    pub mod api;
    users.read { GET "^/users/[0-9]+$"; }
}

fn main() {}
