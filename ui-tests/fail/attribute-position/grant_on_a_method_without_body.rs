scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

trait Users {
    #[scopes::requires(api::users.read)]
    fn list(&self, #[grant] request: http::Request<()>) -> Result<(), scopes::Denied>;
}

fn main() {}
