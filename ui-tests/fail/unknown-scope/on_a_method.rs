scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

struct Service;

impl Service {
    #[scopes::requires(api::users.reed)]
    async fn list(&self, _page: u32) -> Vec<String> {
        Vec::new()
    }
}

fn main() {
    let _ = Service::list;
}
