scopes::scopes! {
    pub mod api;
    routes;
    users.read {
        GET "/a-b";
        GET "/a_b";
    }
}

fn main() {}
