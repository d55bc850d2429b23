scopes::scopes! {
    pub mod api;
    tenant environmentId;
    users.read { GET "/environments/:environmentId/users"; }
    users.write { POST "/environments/:environmentID/users"; }
}

fn main() {}
