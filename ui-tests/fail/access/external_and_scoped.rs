scopes::scopes! {
    pub mod api;
    external("dashboard session") { POST "/user/tokens"; }
    tokens.write { POST "/user/tokens"; }
}

fn main() {}
