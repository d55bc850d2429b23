scopes::scopes! {
    #![strict]
    pub mod api;
    #[overlaps("`me` has no export")]
    users.read { GET "/users/:id"; }
}

fn main() {}
