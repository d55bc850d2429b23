scopes::scopes! {
    pub mod api;
    users.read {
        GET "/a-b";
        GET "/a_b";
    }
}

fn main() {}
