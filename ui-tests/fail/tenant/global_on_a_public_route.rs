scopes::scopes! {
    pub mod api;
    tenant environmentId;
    users.read { GET "/environments/:environmentId/users"; }
    public("liveness probe") {
        #[global("nobody's data")]
        GET "/health";
    }
}

fn main() {}
