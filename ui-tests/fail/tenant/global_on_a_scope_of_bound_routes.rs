scopes::scopes! {
    pub mod api;
    tenant environmentId;
    #[global("the same for everybody")]
    users.read { GET "/environments/:environmentId/users"; }
}

fn main() {}
