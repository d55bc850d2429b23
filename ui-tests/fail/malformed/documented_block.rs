scopes::scopes! {
    pub mod api;
    /// Every client is told.
    public("liveness probe") { GET "/health"; }
}

fn main() {}
