scopes::scopes! {
    pub mod api;
    users.read { GET "/points/{x,y}"; }
}

fn main() {}
