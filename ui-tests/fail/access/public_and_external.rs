scopes::scopes! {
    pub mod api;
    public("anybody may sign up") { POST "/accounts"; }
    external("dashboard session") { POST "/accounts"; }
}

fn main() {}
