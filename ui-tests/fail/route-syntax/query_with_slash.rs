scopes::scopes! {
    pub mod api;
    agents.read { GET "/agents?$filter=card/id eq '{id}'"; }
}

fn main() {}
