scopes::scopes! {
    pub mod api;
    users.read;
    public("liveness probe") { GET "/health"; }
}

#[scopes::requires(api::users.read, GET "/health")]
fn health() {}

fn main() {}
