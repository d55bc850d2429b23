scopes::scopes! {
    pub mod api;
    tenant environmentId;
    users.read {
        GET "/environments/:environmentId/users";
        #[global(" ")]
        GET "/roles";
    }
}

fn main() {}
