scopes::scopes! {
    pub mod api;
    users.read { GET "/users//me"; }
    users.write { GET "/users//me"; }
    users.delete { GET "/users//me"; }
}

fn main() {}
