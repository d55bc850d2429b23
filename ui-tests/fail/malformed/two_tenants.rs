scopes::scopes! {
    pub mod api;
    tenant account, project;
    users.read { GET "/accounts/{account}/users"; }
}

fn main() {}
