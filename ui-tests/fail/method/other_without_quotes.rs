scopes::scopes! {
    pub mod api;
    cache.write { PURGE "/cache"; }
}

fn main() {}
