scopes::scopes! {
    pub mod api;
    tenant environmentId;
    #[global("the same for all users")]
    users.read { GET "/environments/:environmentId/users"; }
}

fn main() {}
