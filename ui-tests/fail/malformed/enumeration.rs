scopes::scopes! {
    pub mod api;
    enum Scope { UsersRead }
}

fn main() {}
