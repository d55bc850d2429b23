scopes::scopes! {
    pub mod api;
    environment.users.read { GET "/users"; }
}

#[scopes::requires(api::billing.invoices.export)]
fn list() {}

fn main() {}
