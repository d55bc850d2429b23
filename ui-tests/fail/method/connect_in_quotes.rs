scopes::scopes! {
    pub mod api;
    proxy.use { "CONNECT" "/proxy"; }
}

fn main() {}
