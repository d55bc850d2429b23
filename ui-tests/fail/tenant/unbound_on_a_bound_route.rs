scopes::scopes! {
    pub mod api;
    tenant environmentId;
    users.read {
        #[unbound("compared in the handler")]
        GET "/environments/:environmentId/users";
    }
}

fn main() {}
