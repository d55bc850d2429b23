scopes::scopes! {
    pub mod api;
    tenant environmentId;
    users.read {
        GET "/environments/:environmentId/users";
        #[global("the same for all users")]
        #[unbound("compared in the handler")]
        GET "/users/:userId";
    }
}

fn main() {}
