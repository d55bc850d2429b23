scopes::scopes! {
    pub mod api;
    public("liveness probe") { GET "/health"; }
    authenticated("any token") { GET "/health"; }
}

fn main() {}
