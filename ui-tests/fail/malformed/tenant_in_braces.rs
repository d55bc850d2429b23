scopes::scopes! {
    pub mod api;
    tenant {environmentId};
    users.read { GET "/{environmentId}/users"; }
}

fn main() {}
