scopes::scopes! {
    pub mod api;
    tenant environmentId;
    users.read {
        #[global("the same for everybody")]
        GET "/environments/:environmentId/users";
    }
}

fn main() {}
