scopes::scopes! {
    pub mod api;
    tenant environmentId;
    users.read {
        GET "/environments/:environmentId/users";
        #[unbound]
        GET "/users/:userId";
    }
}

fn main() {}
