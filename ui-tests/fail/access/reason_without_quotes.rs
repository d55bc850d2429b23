scopes::scopes! {
    pub mod api;
    public(liveness probe) { GET "/health"; }
}

fn main() {}
