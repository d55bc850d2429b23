scopes::scopes! {
    pub mod api;
    tenant environmentId;
    users.read {
        #[global("the same for all users")]
        GET "/environments/:environmentId/users";
    }
}

fn main() {}
