scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

trait Service {
    #[scopes::requires(api::users.reed)]
    fn list(&self) {}
}

fn main() {}
