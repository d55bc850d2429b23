scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    a.all includes users.read, b.all;
    b.all includes c.all;
    c.all includes a.all;
}

fn main() {}
