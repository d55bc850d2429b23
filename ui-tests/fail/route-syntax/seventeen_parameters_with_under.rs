scopes::scopes! {
    pub mod api;
    users.read { under "/:a/:b/:c/:d/:e/:f/:g/:h" { GET "/:i/:j/:k/:l/:m/:n/:o/:p/:q"; } }
}

fn main() {}
