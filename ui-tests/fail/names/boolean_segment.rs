scopes::scopes! {
    pub mod api;
    flags.true { GET "/flags"; }
}

fn main() {}
