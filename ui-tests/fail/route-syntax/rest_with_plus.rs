scopes::scopes! {
    pub mod api;
    users.read { GET "/v1/{+name}:cancel"; }
}

fn main() {}
