scopes::scopes! {
    pub mod api;
    a.read; b.read; c.read;
    all(a.read, b.read, c.read) { GET "/everything"; }
    all(a.read, b.read) { GET "/everything"; }
}

fn main() {}
