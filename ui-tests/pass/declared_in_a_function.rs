fn main() {
    scopes::scopes! {
        mod api;
        users.read { GET "/users"; }
    }

    #[scopes::requires(api::users.read, GET "/users")]
    fn list() {}

    let _ = list;
    assert_eq!(api::Scope::UsersRead.as_str(), "users.read");
}
