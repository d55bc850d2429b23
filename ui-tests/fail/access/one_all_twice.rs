scopes::scopes! {
    pub mod api;
    a.read; b.read;
    all(a.read, b.read) { GET "/everything"; }
    all(b.read, a.read) { GET "/everything"; }
}

fn main() {}
