scopes::scopes! {
    pub mod api;
    external { POST "/tokens"; }
}

fn main() {}
