scopes::scopes! {
    pub mod api;
    public("a guest may sign up") { POST "/accounts"; }
    external("dashboard session") { POST "/accounts"; }
}

fn main() {}
