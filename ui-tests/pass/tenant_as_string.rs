scopes::scopes! {
    pub mod api;
    tenant "environment-id";
    users.read {
        GET "/environments/{environment-id}/users";
        #[global("the same for all users")]
        GET "/roles";
    }
    /// On a scope, for its routes that lack the tenant.
    #[unbound("compared in the handler")]
    users.write {
        POST "/environments/{environment-id}/users";
        DELETE "/users/{userId}";
    }
    #[global("shared by all")]
    all(users.read, users.write) { POST "/roles"; }
    authenticated("who am I") { GET "/me"; }
    public("liveness probe") { GET "/health"; }
}

#[scopes::requires(api::users.read as permit)]
fn list() -> String {
    permit.tenant().unwrap_or_default().to_owned()
}

fn main() {
    assert_eq!(list(scopes::test::permit("e1")), "e1");
    let found = api::CATALOGUE.at(&http::Method::GET, "/environments/e1/users").unwrap();
    assert_eq!(found.tenant().as_deref(), Some("e1"));
}
