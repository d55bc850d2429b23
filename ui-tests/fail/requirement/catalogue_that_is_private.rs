mod declared {
    scopes::scopes! { mod api; users.read { GET "/users"; } }
}

#[scopes::requires(declared::api::users.read)]
async fn list() {}

fn main() {}
