scopes::scopes! {
    #![strict]
    pub mod api;
    users.read { GET "/users/:userId/settings"; }
    admin.read { GET "/users/admin/:page"; }
}

fn main() {}
