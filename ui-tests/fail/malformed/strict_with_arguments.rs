scopes::scopes! {
    #![strict(overlaps)]
    pub mod api;
    users.read { GET "/users"; }
}

fn main() {}
