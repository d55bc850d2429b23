scopes::scopes! {
    pub mod api;
    external("") { POST "/user/tokens"; }
}

fn main() {}
