scopes::scopes! {
    pub mod api;
    public: { GET "/health"; }
}

fn main() {}
