scopes::scopes! {
    pub mod api;
    users.read;
    all.it: users.read;
}

fn main() {}
