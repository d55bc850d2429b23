scopes::scopes! {
    pub mod api;
    users.read { GET "/{$}"; }
}

fn main() {}
