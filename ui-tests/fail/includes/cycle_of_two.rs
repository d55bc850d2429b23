scopes::scopes! {
    pub mod api;
    users.read includes all.read;
    all.read includes users.read;
}

fn main() {}
