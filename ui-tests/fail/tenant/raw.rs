scopes::scopes! {
    pub mod api;
    tenant environmentId;
    users.read {
        #[raw(environmentId)]
        GET "/environments/:environmentId/users";
    }
}

fn main() {}
