scopes::scopes! {
    #[non_exhaustive]
    pub mod api;
    users.read; users.write; events.read;
}

const NONE: api::Scopes = api::Scope::set(&[]);
const SET: api::Scopes = api::Scope::set(&[api::Scope::EventsRead, api::users::read]);
static NAME: &str = api::Scope::UsersRead.as_str();

fn main() {
    assert!(NONE.is_empty() && SET.contains(api::events::read) && !SET.contains(api::Scope::UsersWrite));
    assert_eq!(SET.to_string(), "users.read events.read");
    assert_eq!(NAME, "users.read");
    assert_eq!(SET | api::Scope::UsersWrite, api::Scope::ALL.iter().copied().collect());
    let three = api::Scope::UsersRead | api::Scope::UsersWrite | api::events::read;
    assert_eq!(three, api::Scope::UsersRead | (SET | api::Scope::UsersWrite));
    assert_eq!(api::Scopes::new(), NONE);
    assert_eq!(serde_json::to_string(&SET).unwrap(), r#"["users.read","events.read"]"#);
    let error = "users.reed".parse::<api::Scope>().unwrap_err().to_string();
    assert!(error.contains("`users.read`"), "{error}");
}
