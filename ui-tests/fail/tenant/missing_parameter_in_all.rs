scopes::scopes! {
    pub mod api;
    tenant environmentId;
    users.read { GET "/environments/:environmentId/users"; }
    users.write;
    all(users.read, users.write) { POST "/users/:userId/replay"; }
}

fn main() {}
