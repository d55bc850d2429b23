scopes::scopes! {
    pub mod api;
    users.own.read { GET "/users"; }
    users.all includes users.*.read;
}

fn main() {}
