scopes::scopes! {
    pub mod api;
    /// Whoever asks is told.
    public("liveness probe") { GET "/health"; }
}

fn main() {}
