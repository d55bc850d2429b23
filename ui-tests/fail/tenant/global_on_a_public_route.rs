scopes::scopes! {
    pub mod api;
    tenant environmentId;
    users.read { GET "/environments/:environmentId/users"; }
    public("liveness probe") {
        #[global("shared by all")]
        GET "/health";
    }
}

fn main() {}
