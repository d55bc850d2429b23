scopes::scopes! {
    pub mod api;
    tenant environmentId;
    tenant accountId;
    users.read { GET "/environments/:environmentId/users"; }
}

fn main() {}
