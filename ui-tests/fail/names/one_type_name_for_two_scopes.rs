scopes::scopes! {
    pub mod api;
    users.read_all { GET "/users"; }
    users.read.all { GET "/people"; }
}

fn main() {}
