scopes::scopes! {
    pub mod api;
    users.read { GET "/usagers/créés"; }
}

fn main() {}
