scopes::scopes! {
    pub mod api;
    "e-commerce" { GET "/orders"; }
    users.read;
    all("e-commerce", users.read) { GET "/orders"; }
}

fn main() {}
