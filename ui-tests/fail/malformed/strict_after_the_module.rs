scopes::scopes! {
    pub mod api;
    #![strict]
    users.read { GET "/users"; }
}

fn main() {}
