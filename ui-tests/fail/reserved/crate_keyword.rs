scopes::scopes! {
    pub mod api;
    crate.read { GET "/crates"; }
}

fn main() {}
