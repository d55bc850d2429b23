scopes::scopes! {
    pub mod api;
    users.read { GET "/{controller=home}/index"; }
}

fn main() {}
