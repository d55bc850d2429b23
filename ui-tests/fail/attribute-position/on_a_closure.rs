scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

fn main() {
    let list = #[scopes::requires(api::users.read)] || "users";
    let _ = list();
}
