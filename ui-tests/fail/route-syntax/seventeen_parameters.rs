scopes::scopes! {
    pub mod api;
    users.read { GET "/:a/:b/:c/:d/:e/:f/:g/:h/:i/:j/:k/:l/:m/:n/:o/:p/:q"; }
}

fn main() {}
