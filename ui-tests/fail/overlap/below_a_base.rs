scopes::scopes! {
    #![strict]
    pub mod api;
    base "/api/v0";
    users.read { GET "/:kind/export"; }
    admin.read { GET "/users/:action"; }
}

fn main() {}
