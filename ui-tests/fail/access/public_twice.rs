scopes::scopes! {
    pub mod api;
    public("liveness probe") { GET "/health"; }
    public("readiness probe") { GET "/health"; }
}

fn main() {}
