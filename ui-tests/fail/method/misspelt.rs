scopes::scopes! {
    pub mod api;
    users.write { DELTE "/users"; }
}

fn main() {}
