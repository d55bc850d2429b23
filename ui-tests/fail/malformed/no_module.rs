scopes::scopes! {
    users.read { GET "/users"; }
}

fn main() {}
