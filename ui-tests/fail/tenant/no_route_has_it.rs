scopes::scopes! {
    pub mod api;
    tenant enviromentId;
    users.read { GET "/environments/:environmentId/users"; }
}

fn main() {}
