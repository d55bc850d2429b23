scopes::scopes! {
    pub mod api;
    cache.write { "purge" "/cache"; }
}

fn main() {}
