scopes::scopes! {
    pub mod api;
    users.read { GET "/users" as list_users; }
}

fn users(_: api::users::Routes) {}

fn main() {}
