scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

fn forged(grant: api::Grant) -> scopes::Permit<api::permits::UsersRead> {
    scopes::Permit { grant }
}

fn main() {}
