scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    all.read includes *.reed;
}

fn main() {}
